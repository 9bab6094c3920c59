// A counter: one main button that changes, and presses that a bad line neither loses nor doubles. A press keeps the key
// that it was made with until its answer is there, also over a reload of this page.

import { Leader, Live, clock, loadTexts, logIn, minutes, numberElement, parted, problemText, say } from "./live.mjs";
import { NUMBER, asTyped, ask } from "./questions.mjs";
import { drawAway, drawHelp, drawWaiting, isNew } from "./side.mjs";

const NOT_HERE_AFTER_S = 60;
const RETRY_MS = 1000;
const UNDO_WITHIN_MS = 5 * 60 * 1000;
const byId = (id) => document.getElementById(id);
const KEPT = "press";
const LAST = "last";
const leader = new Leader(() => (sessionStorage.getItem(LAST) ? `#${LAST}=${encodeURIComponent(sessionStorage.getItem(LAST))}` : ""));
let resuming = false;

let live = null;
let view = null;
let seenAt = 0;
let pending = null;
let lost = null;
let documents = null;
let documentsOf = null;
let lastActed = null;

// --- Presses ---------------------------------------------------------------------------------------------------------

async function press(kind, more = {}) {
  if (pending !== null || view === null) {
    return;
  }
  const { number, version, ticket } = view.counter;
  const named = ["again", "came", "not-here", "done", "left", "park", "transfer"].includes(kind);
  const body = { press: kind, ...(named ? { ticket: ticket?.id, version } : {}), ...more };
  pending = { key: crypto.randomUUID(), counter: number, body };
  sessionStorage.setItem(KEPT, JSON.stringify(pending));
  await settle();
}

async function settle() {
  draw();
  while (pending !== null) {
    const { key, counter, body } = pending;
    try {
      const answer = await fetch(`/v1/counters/${counter}/presses`, {
        method: "POST",
        headers: { "Content-Type": "application/json", "Idempotency-Key": key },
        body: JSON.stringify(body),
      });
      if (answer.status === 401 || answer.status === 403) {
        forget();
        leave((await answer.json()).type?.split("/").pop());
        return;
      }
      if (answer.status < 500 && answer.status !== 429) {
        const text = await answer.text();
        const signature = answer.headers.get("Hub-Signature");
        if (signature !== null) {
          sessionStorage.setItem(LAST, JSON.stringify({ counter, key, answer: { status: answer.status, body: text, signature } }));
        }
        forget();
        take(body, answer.status, JSON.parse(text));
        return;
      }
    } catch {
      // No line: the same press goes out again, with the same key.
    }
    await new Promise((done) => setTimeout(done, RETRY_MS));
  }
}

function forget() {
  pending = null;
  sessionStorage.removeItem(KEPT);
}

function take(body, status, said) {
  if (status === 200) {
    tell(body.press === "next" && said.call === null ? say("counter.nobody") : null);
    lastActed = { at: performance.now(), ticket: body.ticket ?? said.counter.ticket?.id ?? null };
    if (said.given) {
      tell(say("counter.given", { number: parted(said.given.number) }));
    }
  } else {
    tell(problemText(said.type?.split("/").pop(), said));
  }
  if (said.counter && view !== null) {
    view = { ...view, counter: { ...view.counter, ...said.counter } };
    seenAt = performance.now();
  }
  draw();
}

function tell(text) {
  byId("why").hidden = !text;
  byId("why").textContent = text ?? "";
}

// After another hub has taken over, it hears what this counter was last answered before anybody is called.
async function resume() {
  if (!view.must_resume || resuming) {
    return;
  }
  resuming = true;
  const last = JSON.parse(sessionStorage.getItem(LAST) ?? "null");
  const isMine = last !== null && last.counter === view.counter.number;
  const body = isMine ? { key: last.key, answer: last.answer } : { key: null, answer: null };
  try {
    const answer = await fetch(`/v1/counters/${view.counter.number}/resume`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
    byId("state").dataset.resumed = answer.ok ? "yes" : "no";
    if (!answer.ok) {
      const said = await answer.json();
      tell(problemText(said.type?.split("/").pop(), said));
    }
  } catch {
    // The next view asks again.
  }
  resuming = false;
}

// --- The view --------------------------------------------------------------------------------------------------------

const MAIN = { closed: ["open", "counter.open"], open: ["next", "counter.next"], called: ["came", "counter.came"],
  serving: ["done", "counter.done"], paused: ["open", "counter.resume"] };

function mainPress() {
  const [kind] = MAIN[view.counter.state];
  press(kind, kind === "done" ? { documents: { ...documents } } : {});
}

function draw() {
  byId("login").hidden = view !== null;
  byId("work").hidden = view === null;
  for (const id of ["pause", "close"]) {
    byId(id).hidden = view === null || view.counter.state !== "open";
  }
  byId("lost").hidden = lost === null && pending === null;
  byId("lost").textContent = lost !== null ? say("lost.since", { at: clock(lost) }) : pending !== null ? say("counter.sending") : "";
  if (view === null) {
    return;
  }
  const { counter } = view;
  const ticket = counter.ticket;
  const busy = pending !== null || lost !== null;
  byId("place").textContent = say("counter.place", { n: counter.number, name: view.names[document.documentElement.lang] ?? "" });
  byId("who").textContent = view.clerk.name;
  byId("state").textContent = stateText(counter, ticket);
  byId("state").dataset.state = counter.state;
  byId("ticket-number").hidden = byId("facts").hidden = byId("side").hidden = ticket === null;
  if (ticket !== null) {
    byId("ticket-number").replaceChildren(numberElement(ticket.number));
    byId("service").textContent = ticket.names[document.documentElement.lang] ?? ticket.service;
    byId("waited").textContent = say("minutes", { n: minutes(ticket.waited_s) });
    const priority = ticket.ready_order ? "ready_order" : ticket.priority;
    byId("priority-fact").hidden = priority === "none";
    byId("priority").textContent = priority === "none" ? "" : say(`priority.${priority}`);
  }
  const [, text] = MAIN[counter.state];
  const main = byId("main");
  main.hidden = false;
  main.replaceChildren(say(text), Object.assign(document.createElement("kbd"), { textContent: "F2" }));
  for (const button of document.querySelectorAll("#work button, #pause, #close")) {
    button.setAttribute("aria-disabled", String(busy));
  }
  drawNotHere(ticket, counter, busy);
  byId("again").hidden = counter.state !== "called";
  byId("left").hidden = counter.state !== "serving";
  drawDocuments(counter, ticket);
  byId("undo").hidden = !canUndo(ticket);
  drawWaiting(view);
  drawAway(view, press);
  drawHelp(view.help);
}

function stateText(counter, ticket) {
  if (view.must_resume) {
    return say("counter.resuming");
  }
  if (counter.state === "called" && ticket?.called_at) {
    return say("counter.state.called", { at: clock(new Date(ticket.called_at)) });
  }
  return say(`counter.state.${counter.state}`);
}

function drawNotHere(ticket, counter, busy) {
  const button = byId("not-here");
  button.hidden = counter.state !== "called";
  if (ticket === null || button.hidden) {
    return;
  }
  const called = ticket.called_at ? (Date.parse(view.as_of) - Date.parse(ticket.called_at)) / 1000 : 0;
  const left = Math.ceil(NOT_HERE_AFTER_S - called - (performance.now() - seenAt) / 1000);
  button.firstElementChild.textContent = left > 0 ? say("counter.not_here_in", { n: left }) : say("counter.not_here");
  button.setAttribute("aria-disabled", String(busy || left > 0));
}

function drawDocuments(counter, ticket) {
  const box = byId("documents");
  box.hidden = counter.state !== "serving";
  if (box.hidden) {
    documents = documentsOf = null;
    return;
  }
  if (documentsOf !== ticket.id) {
    documentsOf = ticket.id;
    documents = view.services.some((service) => service.code === ticket.service) ? { [ticket.service]: 1 } : {};
  }
  if (isNew("steppers", ticket.id, Object.keys(documents))) {
    byId("steppers").replaceChildren(...Object.keys(documents).map(stepper));
  }
}

function stepper(code) {
  const service = view.services.find((one) => one.code === code);
  const line = document.createElement("div");
  line.className = "stepper";
  const name = Object.assign(document.createElement("span"), { textContent: service.names[document.documentElement.lang] });
  const count = Object.assign(document.createElement("output"), { textContent: documents[code] });
  const change = (by, text, id) => {
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: text });
    button.setAttribute("aria-label", say(id, { name: name.textContent }));
    button.onclick = () => {
      documents[code] = Math.min(99, Math.max(0, documents[code] + by));
      count.textContent = documents[code];
    };
    return button;
  };
  line.append(name, change(-1, "−", "counter.one_less"), count, change(1, "+", "counter.one_more"));
  return line;
}

function canUndo(ticket) {
  return lastActed !== null && performance.now() - lastActed.at < UNDO_WITHIN_MS && (ticket?.id ?? lastActed.ticket) !== null;
}

// --- Questions -------------------------------------------------------------------------------------------------------

const version = () => ({ version: view.counter.version });

const QUESTIONS = {
  park: () => ask(say("counter.park"), [{ name: "where", label: say("counter.where"), required: false }],
    ({ where }) => press("park", where ? { where } : {})),
  transfer: () => ask(say("counter.transfer"), [
    { name: "to", label: say("counter.to"), options: Object.keys(view.waiting).concat(view.groups).filter((group, index, all) => all.indexOf(group) === index)
      .map((group) => [group, say("group", { name: group })]) },
    { name: "first", label: say("counter.where_in_line"), options: [["", say("counter.by_age")], ["first", say("counter.in_front")]], required: false },
  ], ({ to, first }) => press("transfer", { to, first: first === "first" })),
  "by-number": () => ask(say("counter.by_number"), [{ ...NUMBER, label: say("counter.number") }],
    ({ number }) => press("resume", { number: asTyped(number), ...version() })),
  "out-of-turn": () => ask(say("counter.out_of_turn"), [{ ...NUMBER, label: say("counter.number") }, { name: "reason", label: say("counter.reason") }],
    ({ number, reason }) => press("out-of-turn", { number: asTyped(number), reason, ...version() })),
  give: () => ask(say("counter.give"), [{ name: "service", label: say("counter.service"), options: view.services.map((service) => [service.code, service.names[document.documentElement.lang]]) }],
    ({ service }) => press("give", { service })),
  pause: () => ask(say("counter.pause"), [{ name: "reason", label: say("counter.pause_reason"), required: false }],
    ({ reason }) => press("pause", reason ? { reason } : {})),
  "more-documents": () => ask(say("counter.more_documents"), [{ name: "service", label: say("counter.service"),
    options: view.services.filter((one) => !(one.code in documents)).map((one) => [one.code, one.names[document.documentElement.lang]]) }],
    ({ service }) => { documents[service] = 1; draw(); }),
};

// --- Coming and going ------------------------------------------------------------------------------------------------

function enter() {
  live = new Live("counter", {
    onView: (seen) => {
      view = leader.view = seen;
      leader.lost = false;
      seenAt = performance.now();
      lost = null;
      draw();
      resume();
    },
    onGone: (gone) => leave(gone.code),
    isQuiet: () => pending === null && !byId("ask").open && view?.counter.ticket === null,
    onConnection: (since) => {
      lost = since;
      leader.lost = since !== null;
      draw();
    },
  });
  const kept = sessionStorage.getItem(KEPT);
  if (kept !== null && pending === null) {
    pending = JSON.parse(kept);
    settle();
  }
}

function leave(code) {
  live?.stop();
  live = view = lost = lastActed = null;
  const isPlain = code === undefined || code === "no-session";
  byId("login-why").hidden = isPlain;
  byId("login-why").textContent = isPlain ? "" : problemText(code);
  draw();
  byId(byId("number").value ? "pin" : "number").focus();
}

async function tryToEnter(takeOver) {
  const number = Number(byId("number").value);
  const found = await logIn(byId("pin").value, number, takeOver);
  const isTaken = found.code === "counter-taken";
  if (!isTaken) {
    byId("pin").value = ""; // else the same PIN takes the counter over
  }
  byId("take-over").hidden = !isTaken;
  if (found.session) {
    localStorage.setItem("counter", String(number));
    byId("pin").value = "";
    byId("login-why").hidden = true;
    enter();
    return;
  }
  byId("login-why").hidden = false;
  byId("login-why").textContent = problemText(found.code, found.problem);
  byId("pin").focus();
}

const KEYS = { F2: () => byId("main"), " ": () => byId("main"), r: () => byId("again"), n: () => byId("not-here"), p: () => byId("park"), t: () => byId("transfer"), u: () => byId("undo") };

document.addEventListener("keydown", (event) => {
  if (view === null || event.repeat || event.ctrlKey || event.altKey || event.metaKey || byId("ask").open) {
    return;
  }
  const isOnButton = ["BUTTON", "INPUT", "SELECT", "A"].includes(document.activeElement?.tagName);
  const button = KEYS[event.key.length === 1 ? event.key.toLowerCase() : event.key]?.();
  if (button && !button.hidden && button.offsetParent !== null && !(event.key === " " && isOnButton)) {
    event.preventDefault();
    button.click();
  }
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (button === null || button.getAttribute("aria-disabled") === "true") {
    event.stopImmediatePropagation();
    return;
  }
  if (button.id === "main") {
    mainPress();
  } else if (button.id === "close") {
    press("close");
  } else if (button.id === "undo") {
    press("undo", { ticket: view.counter.ticket?.id ?? lastActed.ticket, ...version() });
  } else if (button.dataset.press) {
    press(button.dataset.press);
  } else if (button.id in QUESTIONS) {
    QUESTIONS[button.id]();
  } else if (button.id === "take-over") {
    byId("pin").required = true;
    if (byId("login-form").reportValidity()) {
      tryToEnter(true);
    }
  }
}, true);

byId("login-form").addEventListener("submit", (event) => {
  event.preventDefault();
  tryToEnter(false);
});

const along = new URLSearchParams(location.hash.slice(1)).get(LAST);
if (along !== null) {
  sessionStorage.setItem(LAST, along);
  history.replaceState(null, "", location.pathname + location.search);
}
await loadTexts();
byId("number").value = localStorage.getItem("counter") ?? "";
setInterval(() => view !== null && drawNotHere(view.counter.ticket, view.counter, pending !== null || lost !== null), 1000);
enter();
