// The manager's day: counts beside those of the same weekday, a curve, the out-of-turn log, and the list on paper.

import { clock, language, minutes, numberElement, parted, problemText, say } from "./live.mjs";

const byId = (id) => document.getElementById(id);
const SVG = "http://www.w3.org/2000/svg";
const WIDTH = 720;
const HEIGHT = 190;
const FOOT = 26;
const HEAD = 20;
let drawn = "";

export function drawToday(today) {
  const now = JSON.stringify(today);
  if (now === drawn) {
    return;
  }
  drawn = now;
  byId("compared").replaceChildren(...["came", "called", "missed", "wait_s"].map((name) => {
    const row = document.createElement("tr");
    const head = Object.assign(document.createElement("th"), { scope: "row", textContent: say(`manager.count.${name}`) });
    const cells = [today.now, today.week_ago].map((counts) => Object.assign(document.createElement("td"), { textContent: said(name, counts) }));
    row.append(head, ...cells);
    return row;
  }));
  drawCurve(today.curve);
  const log = byId("out-of-turn");
  log.replaceChildren(...today.out_of_turn.map((one) => {
    const line = document.createElement("li");
    line.append(Object.assign(document.createElement("time"), { textContent: clock(new Date(one.at)) }), " ");
    line.append(one.number ? numberElement(one.number) : say("manager.list_seen"));
    line.append(` ${say("manager.at_counter", { n: one.counter ?? "–" })} · ${one.clerk ?? "–"} · ${one.reason}`);
    return line;
  }));
  if (today.out_of_turn.length === 0) {
    log.append(Object.assign(document.createElement("li"), { textContent: say("manager.nobody_out_of_turn") }));
  }
}

function said(name, counts) {
  const value = counts?.[name] ?? null;
  if (value === null) {
    return "–";
  }
  return name === "wait_s" ? say("minutes", { n: minutes(value) }) : String(value);
}

// Who came as bars, who was called as a line: told apart by shape, not by colour alone. Time runs from left to right.
function drawCurve(curve) {
  const figure = byId("curve");
  figure.hidden = curve.length === 0;
  figure.querySelector("svg")?.remove();
  if (figure.hidden) {
    return;
  }
  const most = Math.max(1, ...curve.map((one) => Math.max(one.came, one.called)));
  const step = Math.min(60, WIDTH / curve.length);
  const high = (count) => ((HEIGHT - FOOT - HEAD) * count) / most;
  const part = (tag, attributes, text = "") => {
    const made = document.createElementNS(SVG, tag);
    for (const [name, value] of Object.entries(attributes)) {
      made.setAttribute(name, value);
    }
    made.textContent = text;
    return made;
  };
  const svg = part("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": curve.map((one) => `${one.at}: ${one.came}, ${one.called}`).join("; ") });
  const ground = HEIGHT - FOOT;
  curve.forEach((one, place) => {
    svg.append(part("rect", { class: "came", x: place * step + 3, y: ground - high(one.came), width: Math.max(2, step - 6), height: high(one.came) }));
    if (curve.length <= 12 || place % 2 === 0) {
      svg.append(part("text", { x: (place + 0.5) * step, y: HEIGHT - 6, "text-anchor": "middle" }, one.at));
    }
  });
  svg.append(part("text", { x: 2, y: 14 }, String(most)), part("polyline", { class: "called", points: curve.map((one, place) => `${(place + 0.5) * step},${ground - high(one.called)}`).join(" ") }));
  curve.forEach((one, place) => svg.append(part("circle", { class: "called", cx: (place + 0.5) * step, cy: ground - high(one.called), r: 4 })));
  figure.append(svg);
}

export async function printList(tell) {
  let list = null;
  try {
    const answer = await fetch("/v1/waiting", { cache: "no-store" });
    list = await answer.json();
    tell(answer.ok ? null : problemText(list.type?.split("/").pop(), list));
    if (!answer.ok) {
      return;
    }
  } catch {
    tell(say("problem.no-connection"));
    return;
  }
  byId("paper-title").textContent = say("manager.list_as_of", { at: clock(new Date(list.as_of)) });
  byId("paper-rows").replaceChildren(...list.waiting.map((one) => {
    const row = document.createElement("tr");
    for (const text of [parted(one.number), one.names?.[language] ?? one.service, say("minutes", { n: minutes(one.waited_s) }), ""]) {
      row.append(Object.assign(document.createElement("td"), { textContent: text }));
    }
    row.firstElementChild.dir = "ltr";
    return row;
  }));
  byId("paper").hidden = false;
  window.print();
  byId("paper").hidden = true;
}
