// The counter's page as things stand: what it shows, which buttons there are, and what the main one says.

import { clock, counterName, dated, drawNotices, language, minutes, numberElement, say, standing } from "../live.mjs";
import { drawDocuments } from "./documents.mjs";
import { drawAway, drawHelp, drawWaiting, isNew } from "./side.mjs";

const NOT_HERE_AFTER_S = 60;
const byId = (id) => document.getElementById(id);
let called = null; // the ticket that is called here, and since when this page shows it

// What the main button presses and says, by the counter's state.
export const MAIN = {
  closed: ["open", "counter.open"],
  open: ["next", "counter.next"],
  called: ["came", "counter.came"],
  serving: ["done", "counter.done"],
  paused: ["open", "counter.resume"],
};

// What each press is called, by its button.
const NAMES = {
  open: "counter.open", pause: "counter.pause", close: "counter.close", next: "counter.next", again: "counter.again",
  came: "counter.came", "not-here": "counter.not_here", done: "counter.done", left: "counter.left", park: "counter.park",
  resume: "counter.back", transfer: "counter.transfer", "out-of-turn": "counter.out_of_turn", give: "counter.give",
  undo: "counter.undo", "still-here": "doubt.answer",
};
export const nameOf = (press) => say(NAMES[press]);

// `page`: view (null before a log-in), seenAt (when it was sent, by performance.now), pending (a press without answer),
// isAsking (whether it waits for the clerk's word), lost (since when there is no line, or null), undoable (the ticket that an
// undo would name, or null), press.
export function draw(page) {
  const { view } = page;
  byId("login").hidden = view !== null;
  byId("work").hidden = view === null;
  for (const id of ["pause", "close"]) {
    byId(id).hidden = view === null || view.counter.state !== "open";
  }
  byId("lost").textContent = lostText(page);
  byId("lost").hidden = byId("lost").textContent === "";
  if (view === null) {
    return;
  }
  drawDesk(view);
  const told = [...(standsBy(view) ? [say("hub.stands_by")] : []), ...standing(view)];
  if (isNew("standing", told)) {
    drawNotices(byId("standing"), told);
  }
  for (const button of document.querySelectorAll("#work button, #pause, #close")) {
    button.setAttribute("aria-disabled", String(isBusy(page)));
  }
  drawNotHere(page);
  byId("again").hidden = view.counter.state !== "called";
  byId("rare").hidden = view.counter.state !== "open";
  drawDoubt(view);
  byId("left").hidden = view.counter.state !== "serving";
  drawDocuments(view);
  byId("undo").hidden = page.undoable === null;
  drawWaiting(view);
  drawAway(view, page.press);
  drawHelp(view, tell);
}

// Nobody is called before somebody has said whether those from before are still here.
function drawDoubt({ in_doubt: day, counter }) {
  const isAsked = day !== null && counter.state === "open";
  byId("in-doubt").hidden = !isAsked;
  byId("doubt-question").textContent = isAsked ? say("doubt.question", { day: dated(day) }) : "";
  for (const id of isAsked ? ["main", "rare", "idle"] : []) {
    byId(id).hidden = true;
  }
}

function lostText({ view, pending, lost, isAsking }) {
  if (lost !== null) {
    return say("lost.since", { at: clock(lost) });
  }
  return pending !== null && !isAsking && !standsBy(view) ? say("counter.sending") : "";
}

const standsBy = (view) => view !== null && !view.leading;

const isBusy = ({ view, pending, lost }) => pending !== null || lost !== null || standsBy(view);

function drawDesk({ counter, names, clerk, groups, waiting, must_resume: mustResume }) {
  const { ticket } = counter;
  byId("place").textContent = counterName({ number: counter.number, names });
  byId("who").textContent = clerk.name;
  byId("state").textContent = mustResume ? say("counter.resuming") : stateText(counter);
  byId("state").dataset.state = counter.state;
  byId("ticket-number").hidden = byId("about").hidden = byId("side").hidden = ticket === null;
  byId("idle").hidden = ticket !== null;
  if (ticket !== null) {
    byId("ticket-number").replaceChildren(numberElement(ticket.number));
    byId("service").textContent = ticket.names[language] ?? ticket.service;
    byId("waited").textContent = say("minutes", { n: minutes(ticket.waited_s) });
    byId("expected-fact").hidden = ticket.expected_at === null;
    byId("expected").textContent = ticket.expected_at ?? "";
    const priority = ticket.ready_order ? "ready_order" : ticket.priority;
    byId("priority-fact").hidden = priority === "none";
    byId("priority").textContent = priority === "none" ? "" : say(`priority.${priority}`);
  }
  const key = Object.assign(document.createElement("kbd"), { textContent: "F2" });
  byId("idle").textContent = say("counter.wait_here", { n: groups.reduce((sum, group) => sum + (waiting[group] ?? 0), 0) });
  byId("main").hidden = false;
  byId("main").replaceChildren(say(MAIN[counter.state][1]), key);
}

function stateText({ state, ticket }) {
  if (state === "called" && ticket?.called_at) {
    const id = ticket.voided ? "counter.state.taken_back" : "counter.state.called";
    return say(id, { at: clock(new Date(ticket.called_at)) });
  }
  return say(`counter.state.${state}`);
}

// Nobody is "not here" within a minute: the button counts down to it, no longer where the hub's clock is set back.
export function drawNotHere(page) {
  const { view, seenAt } = page;
  const { state, ticket } = view.counter;
  const button = byId("not-here");
  button.hidden = state !== "called";
  if (ticket === null || button.hidden) {
    called = null;
    return;
  }
  if (called?.ticket !== ticket.id) {
    called = { ticket: ticket.id, at: seenAt };
  }
  const before = ticket.called_at ? (Date.parse(view.as_of) - Date.parse(ticket.called_at)) / 1000 : 0;
  const now = performance.now();
  const left = Math.ceil(NOT_HERE_AFTER_S - Math.max(before + (now - seenAt) / 1000, (now - called.at) / 1000));
  button.firstElementChild.textContent = left > 0 ? say("counter.not_here_in", { n: left }) : say("counter.not_here");
  button.setAttribute("aria-disabled", String(isBusy(page) || left > 0));
}

export function tell(text) {
  byId("why").hidden = !text;
  byId("why").textContent = text ?? "";
}
