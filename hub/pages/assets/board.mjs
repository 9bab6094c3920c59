// The hall's board. What is announced is each call event, by its own count: a recall sounds, two calls of one second
// sound one after the other, none is cut off, and one that comes late is shown only.

import { Leader, Live, clock, groupMark, language, loadTexts, minutes, numberElement, say } from "./live.mjs";

const ROWS = 4;
const FLASH_MS = 10_000;
const ANNOUNCE_WITHIN_MS = 30_000;
const ESTIMATES_GO_MS = 60_000;
const GROUPS_SHOWN = 4;
const TURN_MS = 8000;
const HEARD = "heard";
const query = new URLSearchParams(location.search);
const byId = (id) => document.getElementById(id);

let view = null;
let lost = null;
let announced = null;
let mark = null;
let term = null;
let heardUntil = new URLSearchParams(location.hash.slice(1)).get(HEARD) ?? sessionStorage.getItem(HEARD);
const flashing = new Map();
const queue = [];
let speaking = false;
let drawnCalls = "";

// --- Size: millimetres of this screen, read from so many metres -----------------------------------------------------

function measure() {
  const inches = Number(query.get("diagonal")) || 43;
  const metres = Math.min(30, Math.max(1, Number(query.get("distance")) || 10));
  const pixels = Math.hypot(screen.width, screen.height) / (inches * 25.4);
  document.documentElement.style.setProperty("--mm", `${pixels}px`);
  document.documentElement.style.setProperty("--m", metres);
  document.body.dataset.theme = query.get("theme") === "dark" ? "dark" : "light";
}

// --- Announcing ------------------------------------------------------------------------------------------------------

const hubNow = () => Date.now() + live.offset;

function hear({ calls, as_of: asOf, ...seen }) {
  if (seen.mark !== mark && heardUntil !== null) {
    // Another hub or log, or this page loaded again: counts may begin again too, so what was heard before is known by its time.
    const byTime = Math.max(0, ...calls.filter((call) => Date.parse(call.at) <= Date.parse(heardUntil)).map((call) => call.seq));
    announced = seen.term === term ? Math.min(announced, byTime) : byTime;
  }
  ({ mark, term } = seen);
  heardUntil = asOf;
  const fresh = calls.filter((call) => announced !== null && call.seq > announced).reverse();
  for (const [seq, until] of flashing) {
    if (until < performance.now()) {
      flashing.delete(seq);
    }
  }
  announced = Math.max(announced ?? 0, ...calls.map((call) => call.seq), 0);
  for (const call of fresh) {
    if (hubNow() - Date.parse(call.at) <= ANNOUNCE_WITHIN_MS) {
      flashing.set(call.seq, performance.now() + FLASH_MS);
      queue.push({ seq: call.seq, mark });
    }
  }
  speak();
}

async function speak() {
  if (speaking || query.get("speaks") !== "1") {
    queue.length = query.get("speaks") === "1" ? queue.length : 0;
    return;
  }
  speaking = true;
  while (queue.length > 0) {
    const call = queue.shift();
    await play(call);
    if (queue.length === 0) {
      await play(call); // said twice only while nothing else waits
    }
  }
  speaking = false;
}

// The address bears the mark of the log, so that no other call of the same count is heard out of the browser's cache.
function play({ seq, mark: log }) {
  return new Promise((done) => {
    const sound = new Audio(`/voice/${log}/${seq}.wav`);
    document.body.dispatchEvent(new CustomEvent("announced", { detail: seq }));
    const ended = setTimeout(done, 30_000);
    const end = () => {
      clearTimeout(ended);
      done();
    };
    sound.onended = sound.onerror = end;
    sound.play().then(() => { byId("unlock").hidden = true; }, (error) => {
      byId("unlock").hidden = error.name !== "NotAllowedError";
      end();
    });
  });
}

// --- Drawing ---------------------------------------------------------------------------------------------------------

function draw() {
  byId("clock").textContent = clock(new Date(hubNow()));
  byId("lost").hidden = lost === null;
  byId("lost").textContent = lost === null ? "" : say("board.lost_since", { at: clock(lost) });
  byId("clock").hidden = lost !== null; // since when it is cut off says more than the time, and both don't fit
  if (view === null) {
    return;
  }
  // A long name stands in parts, one after the other: letters of this size leave room for no more.
  const parts = (view.centre?.[language] ?? "").split(" – ");
  byId("centre").textContent = parts[Math.floor(performance.now() / TURN_MS) % parts.length];
  const calls = view.calls.slice(0, ROWS);
  byId("none").hidden = calls.length > 0;
  byId("none").textContent = view.business_day === null ? say("board.no_day")
    : view.counters.length === 0 ? say("board.no_counter") : say("board.none");
  // Drawn again only where something has changed: a list that is read aloud must not begin again each second.
  const drawn = JSON.stringify(calls.map((call) => [call.seq, isFlashing(call), lost !== null]));
  if (drawn !== drawnCalls) {
    drawnCalls = drawn;
    byId("calls").replaceChildren(...calls.map(row));
    [...byId("calls").children].forEach(fit);
  }
  drawGroups();
}

const isFlashing = (call) => (flashing.get(call.seq) ?? 0) > performance.now();

function row(call) {
  const line = document.createElement("li");
  line.className = `call${isFlashing(call) ? " new" : ""}${lost !== null ? " old" : ""}`;
  line.dataset.seq = call.seq;
  const part = (tag, className, text) => Object.assign(document.createElement(tag), { className, textContent: text });
  const counter = document.createElement("span");
  counter.append(part("span", "word", `${say("board.counter")} `), part("bdi", "", String(call.counter)));
  const arrow = part("span", "arrow", "→");
  arrow.ariaHidden = "true";
  line.append(numberElement(call.number), arrow, part("time", "number", clock(new Date(call.at))), counter);
  return line;
}

// A number or counter of many digits, or a screen less wide than tall ones are, makes letters smaller: never a call that
// is cut off.
function fit(line) {
  const { clientWidth, scrollWidth } = line;
  if (scrollWidth > clientWidth) {
    line.style.fontSize = `${(parseFloat(getComputedStyle(line).fontSize) * clientWidth) / scrollWidth}px`;
  }
}

function drawAnew() {
  drawnCalls = "";
  draw();
}

// Waiting and the wait of the last one called take turns in one line, four groups at a time: more is not legible there.
function drawGroups() {
  const hasEstimates = performance.now() - live.heardAt < ESTIMATES_GO_MS;
  const waits = Object.entries(view.last_waits ?? {});
  const pages = [];
  const all = Object.entries(view.waiting).sort();
  for (let from = 0; from < all.length; from += GROUPS_SHOWN) {
    pages.push(["board.waiting", all.slice(from, from + GROUPS_SHOWN).map(([group, count]) => [group, String(count)])]);
  }
  for (let from = 0; from < waits.length; from += GROUPS_SHOWN - 1) {
    pages.push(["board.last_wait", waits.slice(from, from + GROUPS_SHOWN - 1).map(([group, wait]) => [group, say("board.minutes", { n: minutes(wait) })])]);
  }
  const shown = hasEstimates && pages.length > 0 ? pages[Math.floor(performance.now() / TURN_MS) % pages.length] : ["board.unknown", []];
  byId("groups-title").textContent = say(shown[0]);
  byId("groups").replaceChildren(...shown[1].map(([group, text]) => {
    const line = document.createElement("li");
    line.append(groupMark(group), Object.assign(document.createElement("bdi"), { textContent: text }));
    return line;
  }));
}

// --- Going -----------------------------------------------------------------------------------------------------------

await loadTexts();
measure();
addEventListener("resize", () => {
  measure();
  drawAnew();
});
document.fonts.addEventListener("loadingdone", drawAnew); // the letters until then are wider
byId("unlock").addEventListener("click", () => {
  byId("unlock").hidden = true;
  speak();
});
const leader = new Leader(() => (heardUntil === null ? "" : `#${HEARD}=${encodeURIComponent(heardUntil)}`));
sessionStorage.removeItem(HEARD);
history.replaceState(null, "", location.pathname + location.search);
addEventListener("pagehide", () => heardUntil !== null && sessionStorage.setItem(HEARD, heardUntil));
const live = new Live("board", {
  query: query.get("speaks") === "1" ? "&speaks=true" : "",
  onView: (seen) => {
    view = leader.view = seen;
    leader.lost = false;
    lost = null;
    hear(seen);
    draw();
  },
  onGone: () => location.reload(),
  isQuiet: () => !speaking && queue.length === 0 && ![...flashing.values()].some((until) => until > performance.now()),
  onConnection: (since) => {
    lost = since;
    leader.lost = since !== null;
    draw();
  },
});
setInterval(draw, 1000);
draw();
