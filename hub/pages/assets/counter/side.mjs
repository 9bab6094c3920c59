// What stands beside a counter's desk: who waits, who may come back, who asks for somebody.

import { clock, groupMark, numberElement, say } from "../live.mjs";

const byId = (id) => document.getElementById(id);
const drawn = new Map();

// Drawn again only where something has changed: who works with the keyboard stays where he is.
export function isNew(part, ...values) {
  const now = JSON.stringify(values);
  const differs = drawn.get(part) !== now;
  drawn.set(part, now);
  return differs;
}

export function drawWaiting(view) {
  const groups = [...new Set([...view.groups, ...Object.keys(view.waiting)])];
  if (!isNew("waiting", view.groups, view.waiting)) {
    return;
  }
  byId("waiting").replaceChildren(...groups.map((group) => {
    const line = document.createElement("li");
    const text = Object.assign(document.createElement("span"), { textContent: view.groups.includes(group) ? say("counter.yours") : "" });
    line.append(groupMark(group), text, Object.assign(document.createElement("b"), { textContent: view.waiting[group] ?? 0 }));
    return line;
  }));
}

export function drawAway(view, press) {
  const away = [...view.parked, ...view.missed];
  byId("away-card").hidden = away.length === 0;
  if (!isNew("away", away, view.counter.version)) {
    return;
  }
  byId("away").replaceChildren(...away.map((one) => {
    const item = document.createElement("li");
    const button = document.createElement("button");
    button.append(numberElement(one.number));
    if (one.where) {
      button.append(` ${one.where}`);
    }
    button.onclick = () => press("resume", { ticket: one.id, version: view.counter.version });
    item.append(button);
    return item;
  }));
}

export function drawHelp(help) {
  byId("help-card").hidden = help.length === 0;
  if (!isNew("help", help)) {
    return;
  }
  byId("help").replaceChildren(...help.map((one) => {
    const item = document.createElement("li");
    const button = Object.assign(document.createElement("button"), { textContent: say("help.going") });
    button.onclick = () => fetch(`/v1/help/${one.id}/acknowledged`, { method: "POST" }).catch(() => {});
    item.append(say("help.asked", { kiosk: one.kiosk, at: clock(new Date(one.asked_at)) }), " ", button);
    return item;
  }));
}
