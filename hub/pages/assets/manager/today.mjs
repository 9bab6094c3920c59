// The manager's day: counts beside those of the same weekday, a curve, the out-of-turn log, and the list on paper.

import { drawCurve } from "./curve.mjs";
import { clock, language, minutes, numberElement, parted, problemText, say } from "../live.mjs";

const byId = (id) => document.getElementById(id);
let drawn = "";

export function drawToday(today) {
  const now = JSON.stringify(today);
  if (now === drawn) {
    return;
  }
  drawn = now;
  byId("compared").replaceChildren(...["came", "called", "missed", "wait_s"].map((name) => {
    const box = document.createElement("div");
    const made = (tag, className, textContent) => Object.assign(document.createElement(tag), { className, textContent });
    box.append(made("dt", "", say(`manager.count.${name}`)), made("dd", "now", said(name, today.now)));
    if (today.week_ago !== null) {
      box.append(made("dd", "before", say("manager.week_ago", { n: said(name, today.week_ago) })));
    }
    return box;
  }));
  drawCurve(today);
  drawExpected(today.expected);
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

function drawExpected(expected) {
  byId("expected-table").hidden = expected.length === 0;
  byId("expected").replaceChildren(...expected.map((slot) => {
    const row = document.createElement("tr");
    const at = Object.assign(document.createElement("th"), { scope: "row", textContent: slot.at });
    const counts = [slot.planned, slot.booked, slot.arrived, slot.missed];
    row.append(at, ...counts.map((count) => Object.assign(document.createElement("td"), { textContent: String(count) })));
    return row;
  }));
}

function said(name, counts) {
  const value = counts?.[name] ?? null;
  if (value === null) {
    return "–";
  }
  return name === "wait_s" ? say("minutes", { n: minutes(value) }) : String(value);
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
  document.body.dataset.prints = "list";
  window.print();
  byId("paper").hidden = true;
  delete document.body.dataset.prints;
}
