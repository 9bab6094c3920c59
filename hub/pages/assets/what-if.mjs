// A coming day, as this centre's own past foretells it: with the usual counters, and with those that a manager tries.

import { Leader } from "./leading.mjs";
import { language, loadTexts, minutes, problemText, say, spokenDay } from "./live.mjs";
import { dayTyped } from "./counter/number.mjs";

const ASK_AFTER_MS = 300; // a slider that is still moving asks nothing
const byId = (id) => document.getElementById(id);
const plan = new Map();
let day = null;
let asking = null;
let asked = 0;

async function ask() {
  const question = ++asked;
  let answer = null;
  let said = null;
  try {
    answer = await fetch("/v1/what-if", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ day, counters: Object.fromEntries(plan) }),
    });
    said = await answer.json();
  } catch {
    tell(say("problem.no-connection"));
    return;
  }
  if (question !== asked) {
    return; // somebody has moved on since
  }
  if (answer.status === 401) {
    location.assign(`/manager?lang=${language}`);
    return;
  }
  tell(answer.ok ? null : problemText(said.type?.split("/").pop(), said));
  byId("told").hidden = byId("plan").hidden = !answer.ok;
  if (answer.ok) {
    draw(said.foretold, said.right);
  }
}

function tell(text) {
  byId("why").hidden = !text;
  byId("why").textContent = text ?? "";
}

function draw(foretold, right) {
  day = foretold.day;
  byId("day").textContent = spokenDay(day);
  if (document.activeElement !== byId("date")) {
    byId("date").value = day.replaceAll("-", "/");
  }
  const isKnown = foretold.expected !== null;
  byId("plan").hidden = !isKnown;
  for (const part of byId("told").children) {
    part.hidden = !isKnown && !["day", "made-of"].includes(part.id);
  }
  if (!isKnown) {
    byId("made-of").textContent = say("what-if.too_few_days", { n: foretold.made_of_days });
    return;
  }
  const { expected, margin, peak, usual, planned } = foretold;
  const isChanged = JSON.stringify(usual) !== JSON.stringify(planned);
  byId("expected").textContent = say("what-if.expected", { n: expected, margin });
  byId("peak").textContent = peak === null ? "" : say("what-if.peak", { from: peak[0], to: peak[1] });
  byId("usual").textContent = outcome(usual, expected);
  byId("changed").hidden = byId("reset").hidden = !isChanged;
  byId("planned").textContent = outcome(planned, expected);
  byId("made-of").textContent = say("what-if.made_of", { n: foretold.made_of_days });
  byId("right").hidden = right === null;
  byId("right").textContent = right === null ? "" : say("what-if.right", {
    n: right.days, off: Math.round(100 * right.mean_error), within: Math.round(right.within * right.days),
  });
  drawSlots(planned.slots, usual.slots, foretold.counters);
}

function outcome({ unserved, wait_mean_s: wait }, expected) {
  const left = Math.round(unserved * expected);
  const home = say("what-if.unserved", { n: left, all: expected });
  return wait === null ? home : `${home} ${say("what-if.mean_wait", { n: minutes(wait) })}`;
}

// Rows stay while sliders move, so that nobody loses his hold.
function drawSlots(slots, usual, most) {
  const body = byId("slots");
  if ([...body.children].map((row) => row.dataset.at).join() !== slots.map((one) => one.at).join()) {
    body.replaceChildren(...slots.map((one) => row(one.at, most)));
  }
  slots.forEach((one, place) => {
    const line = body.children[place];
    const [input, shown] = [line.querySelector("input"), line.querySelector("output")];
    if (document.activeElement !== input) {
      input.value = one.counters;
      shown.textContent = one.counters;
    }
    line.toggleAttribute("data-changed", one.counters !== usual[place].counters);
    const told = [String(Math.round(one.came)), waited(one, "wait_p50_s"), waited(one, "wait_p80_s")];
    [...line.querySelectorAll("td")].slice(1).forEach((cell, column) => {
      cell.textContent = told[column];
    });
  });
}

// Nobody comes: nothing to say. Who is not called before closing waits in vain.
const waited = (one, share) => {
  if (Math.round(one.came) === 0) {
    return "–";
  }
  return one[share] === null ? say("what-if.in_vain") : say("minutes", { n: minutes(one[share]) });
};

function row(at, most) {
  const made = (tag, values = {}) => Object.assign(document.createElement(tag), values);
  const line = made("tr");
  line.dataset.at = at;
  const head = made("th", { scope: "row", textContent: at });
  const input = made("input", { type: "range", min: "0", max: String(most), step: "1" });
  input.setAttribute("aria-label", say("what-if.counters_from", { at }));
  const shown = made("output");
  const open = made("div", { className: "open" });
  open.append(input, shown);
  const cell = made("td");
  cell.append(open);
  line.append(head, cell, made("td"), made("td"), made("td"));
  input.addEventListener("input", () => {
    shown.textContent = input.value;
    plan.set(at, Number(input.value));
    clearTimeout(asking);
    asking = setTimeout(ask, ASK_AFTER_MS);
  });
  return line;
}

byId("which").addEventListener("submit", (event) => {
  event.preventDefault();
  day = dayTyped(byId("date").value);
  plan.clear();
  byId("date").blur();
  ask();
});
byId("reset").addEventListener("click", () => {
  plan.clear();
  ask();
});

await loadTexts();
new Leader();
ask();
