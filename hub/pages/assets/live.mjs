// What every page shares: its texts, its view that follows the hub by itself, and time as people say it.

import { knowsAll } from "./leading.mjs";

export const language = document.documentElement.lang;

const BEAT_WATCH_MS = 12000;
const REOPEN_MS = 1500;
const plural = new Intl.PluralRules(language);

let texts = {};

// The browser's own words for a pattern or an empty field are of its language, and don't say what is wanted.
document.addEventListener("invalid", ({ target }) => {
  if (target.dataset.wrong && (target.validity.patternMismatch || target.validity.valueMissing)) {
    target.setCustomValidity(target.dataset.wrong);
  }
}, true);
document.addEventListener("input", ({ target }) => { // of the whole form: another field may be asked for no more
  for (const one of target.form?.elements ?? [target]) {
    one.setCustomValidity?.("");
  }
}, true);

export async function loadTexts() {
  for (;;) {
    try {
      const answer = await fetch(`/texts/${language}`, { cache: "no-cache" });
      if (answer.ok) {
        texts = await answer.json();
        return;
      }
    } catch {
      // The hub is away: the page waits for it as it does for the view.
    }
    await new Promise((done) => setTimeout(done, REOPEN_MS));
  }
}

export function say(id, values = {}) {
  let text = texts[id] ?? id;
  if (typeof text === "object") {
    text = text[plural.select(values.n)] ?? text.other;
  }
  return text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}

export function has(id) {
  return id in texts;
}

// B2014 is read as B2·014: the kiosk's digit apart from the counter.
export function parted(number) {
  const found = /^([A-Z]?\d)(\d{3,})$/.exec(number);
  return found ? `${found[1]}·${found[2]}` : number;
}

export function numberElement(number, tag = "bdi") {
  const element = document.createElement(tag);
  element.className = "number";
  element.dir = "ltr";
  element.textContent = parted(number);
  return element;
}

// A group's letter on its colour.
export function groupMark(group) {
  const mark = Object.assign(document.createElement("span"), { className: "group-mark", textContent: group });
  mark.dataset.group = group;
  return mark;
}

// A counter's number, and the sign at its door where that says something else.
export function counterName({ number, names }) {
  const name = names[language] ?? "";
  const isAlone = name === "" || name === String(number);
  return isAlone ? say("counter.place_alone", { n: number }) : say("counter.place", { n: number, name });
}

// People know a kiosk by the digit in its numbers and by where it stands, never by its id.
// A hub of an earlier version, to which a page may turn at a take-over, names no places.
export function kioskName({ kiosks, places = {} }, id) {
  if (!(id in kiosks)) return say("kiosk.unknown");
  const place = places[kiosks[id]]?.[document.documentElement.lang];
  return place ? say("kiosk.at", { n: kiosks[id], place }) : say("kiosk", { n: kiosks[id] });
}

// The time of a moment by the centre's clocks, wherever this page is open.
export function clock(moment) {
  return moment.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: document.documentElement.dataset.zone });
}

// A day's label as people say it: its weekday, its number and the month as it is called in this region.
export function spokenDay(label) {
  const form = new Intl.DateTimeFormat(`${language}-${document.documentElement.dataset.region}-u-nu-latn`, {
    weekday: "long", day: "numeric", month: "long", timeZone: "UTC",
  });
  const said = Object.fromEntries(form.formatToParts(new Date(`${label}T12:00:00Z`)).map(({ type, value }) => [type, value]));
  return `${said.weekday} ${said.day} ${said.month}`;
}

// A day's label in figures, with its year, where a clock may be wrong; from left to right in every language.
export function dated(label) {
  return `\u2066${label.replaceAll("-", "/")}\u2069`;
}

export function minutes(seconds) {
  return Math.max(0, Math.floor(seconds / 60));
}

// What those who work with the hub have to know of it itself, in sentences.
export function standing({ recall_due: isRecallDue, alone_since: aloneSince, follower_silent_s: silent }) {
  return [
    ...(aloneSince !== null ? [say("hub.alone", { at: clock(new Date(aloneSince)) })] : []),
    ...(isRecallDue ? [say("hub.recall_due")] : []),
    ...(silent !== null ? [say("hub.follower_silent", { n: silent })] : []),
  ];
}

export function drawNotices(list, texts) {
  list.hidden = texts.length === 0;
  list.replaceChildren(...texts.map((text) => Object.assign(document.createElement("li"), { textContent: text })));
}

// Follow a view. EventSource comes back by itself only after a clean break: a 503 closes it for good, and a cable that
// is cut says nothing at all. So its beats are watched, and it is reopened.
export class Live {
  // `isQuiet`: whether the page may load itself again now, which it does once the hub has other pages than this one, or the
  // centre another hub.
  constructor(view, { onView, onGone, onConnection, isQuiet, query = "" }) {
    Object.assign(this, { view, onView, onGone, onConnection, isQuiet, query });
    this.isOutdated = false;
    this.offset = 0; // what this machine's clock lacks to the hub's
    this.source = null;
    this.heardAt = performance.now();
    this.lostSince = null;
    this.stopped = false;
    this.watch = setInterval(() => this.look(), 1000);
    this.open();
  }

  open() {
    this.source?.close();
    const source = new EventSource(`/v1/stream?view=${this.view}${this.query}`);
    this.source = source;
    this.openedAt = performance.now();
    source.onmessage = (event) => {
      this.hear();
      const seen = JSON.parse(event.data);
      this.offset = Date.parse(seen.as_of) - Date.now();
      this.isOutdated = seen.pages !== document.body.dataset.pages || !knowsAll(seen.hubs);
      this.onView(seen);
    };
    source.addEventListener("beat", (event) => {
      this.hear();
      this.offset = Date.parse(JSON.parse(event.data).at) - Date.now();
    });
    source.addEventListener("gone", (event) => {
      this.stop();
      this.onGone(JSON.parse(event.data));
    });
    source.onerror = () => {
      this.lose();
      if (source.readyState === EventSource.CLOSED && this.source === source) {
        this.refused();
      }
    };
  }

  // A stream that is refused says no reason: ask for it once as an ordinary call.
  async refused() {
    this.source = null;
    try {
      const abort = new AbortController();
      const answer = await fetch(`/v1/stream?view=${this.view}${this.query}`, { signal: abort.signal, cache: "no-store" });
      if (answer.status === 401 || answer.status === 403) {
        const problem = await answer.json();
        if (this.stopped) {
          return; // Somebody logged in meanwhile: the answer is of who stood here before.
        }
        this.stop();
        this.onGone({ code: problem.type.split("/").pop(), detail: problem.detail });
        return;
      }
      abort.abort();
    } catch {
      // Away still.
    }
    setTimeout(() => !this.stopped && this.source === null && this.open(), REOPEN_MS);
  }

  hear() {
    this.heardAt = performance.now();
    if (this.lostSince !== null) {
      this.lostSince = null;
      this.onConnection(null);
    }
  }

  lose() {
    if (this.lostSince === null && !this.stopped) {
      this.lostSince = new Date(Date.now() + this.offset);
      this.onConnection(this.lostSince);
    }
  }

  look() {
    const now = performance.now();
    if (this.isOutdated && this.lostSince === null && this.isQuiet()) {
      location.reload();
      return;
    }
    if (!this.stopped && now - this.heardAt > BEAT_WATCH_MS && this.source !== null) {
      this.lose();
      if (now - this.openedAt > BEAT_WATCH_MS) {
        this.open();
      }
    }
  }

  stop() {
    this.stopped = true;
    clearInterval(this.watch);
    this.source?.close();
  }
}

// Log in with a PIN. Resolves to the session, or to the problem that says why not.
export async function logIn(pin, counter, takeOver) {
  const body = { pin, take_over: takeOver };
  if (counter !== null) {
    body.counter = counter;
  }
  try {
    const answer = await fetch("/v1/sessions", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
    const said = await answer.json();
    return answer.ok ? { session: said } : { problem: said, code: said.type?.split("/").pop(), status: answer.status };
  } catch {
    return { problem: {}, code: "no-connection", status: 0 };
  }
}

export function problemText(code, problem = {}) {
  const id = `problem.${code}`;
  return has(id) ? say(id, problem) : problem.detail || say("problem.other");
}
