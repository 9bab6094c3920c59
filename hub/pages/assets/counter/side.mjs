// What stands beside a counter's desk: who waits, who may come back, who asks for somebody.

import { clock, groupMark, kioskName, language, numberElement, problemText, say } from "../live.mjs";

const byId = (id) => document.getElementById(id);
const drawn = new Map();

// Drawn again only where something has changed: who works with the keyboard stays where he is.
export function isNew(part, ...values) {
  const now = JSON.stringify(values);
  const differs = drawn.get(part) !== now;
  drawn.set(part, now);
  return differs;
}

// Those whom this counter calls first, each group by its name; then those of others, where anybody waits.
export function drawWaiting(view) {
  const others = Object.keys(view.waiting).filter((group) => !view.groups.includes(group) && view.waiting[group] > 0).sort();
  if (!isNew("waiting", view.groups, view.waiting, view.group_names)) {
    return;
  }
  const line = (group, className) => {
    const made = Object.assign(document.createElement("li"), { className });
    const name = Object.assign(document.createElement("span"), { textContent: view.group_names[group]?.[language] ?? "" });
    made.append(groupMark(group), name, Object.assign(document.createElement("b"), { textContent: view.waiting[group] ?? 0 }));
    return made;
  };
  byId("waiting").replaceChildren(...view.groups.map((group) => line(group, "own")),
    ...(others.length > 0 ? [Object.assign(document.createElement("li"), { className: "head", textContent: say("counter.others") })] : []),
    ...others.map((group) => line(group, "other")));
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

// `tell`: takes a sentence for the page.
export function drawHelp({ help, kiosks, places }, tell) {
  byId("help-card").hidden = help.length === 0;
  if (!isNew("help", help, kiosks, places)) {
    return;
  }
  byId("help").replaceChildren(...help.map((one) => {
    const item = document.createElement("li");
    const button = Object.assign(document.createElement("button"), { textContent: say("help.going") });
    button.onclick = () => go(one.id, tell);
    item.append(say("help.asked", { kiosk: kioskName({ kiosks, places }, one.kiosk), at: clock(new Date(one.asked_at)) }), " ", button);
    return item;
  }));
}

// The call stays until the hub has heard of it: who asked would else be told that nobody comes.
async function go(id, tell) {
  try {
    const answer = await fetch(`/v1/help/${id}/acknowledged`, { method: "POST" });
    if (!answer.ok) {
      const said = await answer.json();
      tell(problemText(said.type?.split("/").pop(), said));
    }
  } catch {
    tell(say("problem.no-connection"));
  }
}
