// A counter: one main button that changes, keys for all of it, and a log-in. What it presses and how it looks stand in
// counter/.

import { Leader } from "./leading.mjs";
import { Live, clock, loadTexts, logIn, parted, problemText, say } from "./live.mjs";
import { Appointments } from "./counter/appointments.mjs";
import { tellCommits } from "./counter/commits.mjs";
import { counted } from "./counter/documents.mjs";
import { confirmed } from "./counter/dialog.mjs";
import { MAIN, draw, drawNotHere, nameOf, tell } from "./counter/drawing.mjs";
import { alongToAnotherHub, takeWhatCameAlong } from "./counter/answers.mjs";
import { heard } from "./counter/followed.mjs";
import { western } from "./counter/number.mjs";
import { Presses } from "./counter/presses.mjs";
import { questions } from "./counter/questions.mjs";
import { resume } from "./counter/resuming.mjs";
import { Services } from "./counter/services.mjs";

const byId = (id) => document.getElementById(id);
const codeOf = (problem) => problem.type?.split("/").pop();
takeWhatCameAlong(); // before anything may go along again
new Leader({
  takeAlong: () => {
    // Nobody presses or asks for it any more: found here by a later take-over it would be sent without a touch.
    presses.forget();
    appointments.forget();
    return alongToAnotherHub();
  },
  onHeard: heard,
  onStandby: (is) => { byId("login-stands-by").hidden = !is; },
});
const presses = new Presses({
  onChange: redraw,
  onAnswer: take,
  onRefused: leave,
  hasLine: () => view !== null && view.leading && lost === null,
  isStillWanted: (body, minutes) => confirmed(say("late.question", { n: minutes, what: nameOf(body.press) }), say("late.send"), say("late.drop")),
});
let live = null;
let view = null;
let seenAt = 0;
let lost = null;

const page = {
  get view() { return view; },
  get seenAt() { return seenAt; },
  get lost() { return lost; },
  get pending() { return presses.pending; },
  get isAsking() { return presses.isAsking; },
  get undoable() { return presses.undoable(); },
  press: (kind, more) => view !== null && presses.press(view.counter, kind, more),
  redraw,
};
const QUESTIONS = questions(page);
const told = (text) => { tell(text); redraw(); };
const services = new Services({ of: () => view.groups, told });
const appointments = new Appointments({ told });

function redraw() {
  draw(page);
  if (view !== null) {
    services.draw(view);
    byId("appointment").hidden = !view.books;
  }
}

function see(seen) {
  view = seen;
  seenAt = performance.now();
}

function take(body, status, said) {
  if (status !== 200) {
    tell(problemText(codeOf(said), said));
  } else if (said.given) {
    tell(say("counter.given", { number: parted(said.given.number) }));
  } else {
    tell(body.press === "next" && said.call === null ? say("counter.nobody") : null);
    if (body.press === "open") {
      services.opens(view);
    }
  }
  if (said.counter && view !== null && said.counter.version >= view.counter.version) { // else the view was quicker
    see({ ...view, counter: { ...view.counter, ...said.counter } });
  }
  redraw();
}

// --- Coming and going ------------------------------------------------------------------------------------------------

function enter() {
  live?.stop();
  live = new Live("counter", {
    onView: async (seen) => {
      see(seen);
      lost = null;
      redraw();
      tellCommits(seen);
      const refused = await resume(seen);
      if (refused !== null) {
        tell(problemText(codeOf(refused), refused));
      }
    },
    onGone: (gone) => leave(gone.code),
    // A sentence that stands is yet to be read, or told on: a number given, an appointment that is asked for or booked.
    isQuiet: () => presses.pending === null && !byId("ask").open && byId("why").hidden && view?.counter.ticket === null,
    onConnection: (since) => {
      lost = since;
      redraw();
    },
  });
  presses.takeUp();
  appointments.takeUp();
}

function leave(code) {
  live?.stop();
  live = view = lost = presses.lastActed = null;
  appointments.forget();
  const isPlain = code === undefined || code === "no-session";
  byId("login-why").hidden = isPlain;
  byId("login-why").textContent = isPlain ? "" : problemText(code);
  redraw();
  byId(byId("number").value ? "pin" : "number").focus();
}

async function tryToEnter(takeOver) {
  const number = Number(western(byId("number").value));
  const found = await logIn(western(byId("pin").value), number, takeOver);
  const isTaken = found.code === "counter-taken";
  if (isTaken && found.problem.yours && !takeOver) {
    await tryToEnter(true); // the clerk's own, in another tab or on another machine
    return;
  }
  if (!isTaken) {
    byId("pin").value = ""; // else the same PIN takes the counter over
  }
  byId("take-over").hidden = !isTaken || !found.problem.may_take_over;
  if (found.session) {
    localStorage.setItem("counter", String(number));
    byId("pin").value = "";
    byId("login-why").hidden = true;
    enter();
    return;
  }
  byId("login-why").hidden = false;
  byId("login-why").textContent = isTaken ? say("login.taken", { by: found.problem.by, at: clock(new Date(found.problem.since)) })
    : problemText(found.code, found.problem);
  byId("pin").focus();
}

// --- Keys and buttons ------------------------------------------------------------------------------------------------

// By the key's place, not by what it writes: on an Arabic layout R writes «ق».
const KEYS = { F2: "main", Space: "main", KeyR: "again", KeyN: "not-here", KeyP: "park", KeyT: "transfer", KeyU: "undo" };

const ACTS = {
  main: () => {
    const [kind] = MAIN[view.counter.state];
    page.press(kind, kind === "done" ? { documents: counted() } : {});
  },
  close: () => page.press("close"),
  "still-here": () => page.press("still-here", { here: true }),
  "new-day": async () => {
    if (await confirmed(say("doubt.confirm"), say("doubt.begins"), say("ask.cancel"))) {
      page.press("still-here", { here: false });
    }
  },
  "stop-service": () => services.ask(view),
  appointment: () => appointments.ask(view),
  undo: () => page.press("undo", { ticket: page.undoable, version: view.counter.version }),
  "take-over": () => {
    byId("pin").required = true;
    if (byId("login-form").reportValidity()) {
      tryToEnter(true);
    }
  },
  ...QUESTIONS,
};

document.addEventListener("keydown", (event) => {
  if (view === null || event.repeat || event.ctrlKey || event.altKey || event.metaKey || byId("ask").open) {
    return;
  }
  const isOnButton = ["BUTTON", "INPUT", "SELECT", "A"].includes(document.activeElement?.tagName);
  const button = byId(KEYS[event.code]);
  if (button && !button.hidden && button.offsetParent !== null && !(event.code === "Space" && isOnButton)) {
    event.preventDefault();
    button.click();
  }
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (button === null || button.getAttribute("aria-disabled") === "true") {
    event.stopImmediatePropagation();
  } else if (button.dataset.press) {
    page.press(button.dataset.press);
  } else {
    ACTS[button.id]?.();
  }
}, true);

byId("login-form").addEventListener("submit", (event) => {
  event.preventDefault();
  tryToEnter(false);
});

await loadTexts();
byId("number").value = localStorage.getItem("counter") ?? "";
setInterval(() => view !== null && drawNotHere(page), 1000);
enter();
