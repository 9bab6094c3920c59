// The band at the board's foot, a page of it at a time: notices first, then how many wait, then how long the last one
// called has waited. What fits on a page is measured, so that nothing is ever cut.

import { clock, groupMark, language, minutes, parted, say } from "../live.mjs";
import { stoppedNow } from "../stopped.mjs";
import { fitLine } from "./drawing.mjs";
import { carried, isInterrupted } from "./standing.mjs";

const TURN_MS = 8000;
const NAMED_PAGES = 2; // with names where they need no more pages than this
const byId = (id) => document.getElementById(id);
const NOTHING = { tone: "plain" };
let pages = [];
let shown = null;
let drawn = "";
let turn = { first: 0, at: 0 }; // which page was shown when

// `saying`: the call that the voice says now, to be read by those who don't hear it. `isKnown`: whether figures are fresh.
// `now`: the hub's clock, in milliseconds.
export function drawBand({ view, lost, saying, isKnown, now }, width) {
  byId("lost").hidden = lost === null;
  byId("lost").textContent = lost === null ? "" : say("board.lost_since", { at: clock(lost) });
  const found = lost !== null || view === null ? [] : saying !== null ? [said(saying)] : contents(view, isKnown, now);
  byId("band").hidden = found.length === 0 && lost === null; // what is hidden has no width
  const composed = JSON.stringify([found, width, document.fonts.status]);
  if (composed !== drawn) {
    drawn = composed;
    const known = new Set(pages.map(({ sentence }) => sentence));
    pages = found.flatMap((page) => (page.items === undefined ? parts(page) : paged(page, width)));
    const news = pages.findIndex(({ tone, sentence }) => tone === "notice" && !known.has(sentence));
    if (news >= 0) { // what is new does not wait for its turn
      turn = { first: news, at: performance.now() };
    }
  }
  const page = pages[(turn.first + Math.floor((performance.now() - turn.at) / TURN_MS)) % Math.max(1, pages.length)] ?? NOTHING;
  byId("band").dataset.tone = lost === null ? page.tone : "notice"; // before it is measured: letters of a notice are bolder
  show(page);
}

const said = (call) => ({ tone: "said", sentence: say("board.said", { number: `\u2066${parted(call.number)}\u2069`, counter: call.counter }) });

function contents(view, isKnown, now) {
  if (view.business_day === null || view.day_closed) {
    return carried(view).map((sentence) => ({ tone: "notice", sentence }));
  }
  if (!isKnown) {
    return [{ tone: "notice", sentence: say("board.unknown") }];
  }
  const entry = ([group, text]) => ({ group, name: view.group_names[group]?.[language] ?? "", text });
  const waiting = Object.entries(view.waiting).sort().filter(([, count]) => count > 0).map(entry);
  const waits = Object.entries(view.last_waits).sort().map(entry)
    .map((item) => ({ ...item, text: say("board.minutes", { n: minutes(item.text) }), isWords: true }));
  return [
    ...notices(view, now).map((sentence) => ({ tone: "notice", sentence })),
    waiting.length > 0 ? { tone: "plain", title: say("board.waiting"), items: waiting } : { tone: "plain", sentence: say("board.nobody") },
    ...(waits.length > 0 ? [{ tone: "plain", title: say("board.last_wait"), items: waits }] : []),
  ];
}

// What stands in the way of being called, beside what the board shows above, and what the city says: a sentence each.
function notices(view, now) {
  const stopped = stoppedNow(view, now).map(({ sentence }) => sentence);
  const doubtful = view.doubtful.map((group) => say("board.doubtful", { group: view.group_names[group]?.[language] ?? group }));
  const told = view.notices.filter(({ from, until }) => Date.parse(from) <= now && now < Date.parse(until));
  return [
    ...(view.leading ? [] : [say("board.stands_by")]), ...carried(view), ...(isInterrupted(view) ? [say("board.no_counter")] : []), ...stopped, ...doubtful,
    ...told.map(({ texts }) => texts[language] ?? texts.ar),
  ];
}

// A sentence that is longer than the band is turned over in parts, a word never torn.
function parts({ tone, sentence }) {
  const notice = byId("notice");
  const isWide = (text) => {
    notice.textContent = text;
    return notice.scrollWidth > notice.clientWidth;
  };
  byId("band").dataset.tone = tone;
  notice.hidden = false;
  notice.style.fontSize = "";
  shown = null; // what is measured here is drawn over
  const found = [];
  for (const word of sentence.split(" ")) {
    const longer = found.length > 0 ? `${found.at(-1)} ${word}` : word;
    if (found.length === 0 || isWide(longer)) {
      found.push(word);
    } else {
      found[found.length - 1] = longer;
    }
  }
  return found.map((part) => ({ tone, sentence: part }));
}

function paged({ title, items }, width) {
  const named = split({ title, items, hasNames: true }, width);
  return named.length <= NAMED_PAGES && named.every((page) => page.fits) ? named : split({ title, items, hasNames: false }, width);
}

// As many as stand side by side; the page is drawn to see how wide each is.
function split({ title, items, hasNames }, width) {
  show({ title, items, hasNames });
  const list = byId("groups");
  const gap = parseFloat(getComputedStyle(list).columnGap) || 0;
  const isBelow = list.offsetTop >= byId("groups-title").offsetTop + byId("groups-title").offsetHeight - 1;
  const room = isBelow ? width : width - byId("groups-title").offsetWidth - gap;
  const found = [];
  let used = Infinity;
  [...list.children].forEach((line, place) => {
    const wide = line.getBoundingClientRect().width;
    if (used + gap + wide > room) {
      found.push({ tone: "plain", title, items: [], hasNames, fits: wide <= room });
      used = -gap;
    }
    used += gap + wide;
    found.at(-1).items.push(items[place]);
  });
  return found;
}

function show(page) {
  if (page === shown) {
    return;
  }
  shown = page;
  const { sentence = "", title = "", items = [], hasNames = false } = page;
  byId("notice").hidden = sentence === "";
  byId("notice").textContent = sentence;
  fitLine(byId("notice"));
  byId("groups-title").hidden = byId("groups").hidden = items.length === 0;
  byId("groups-title").textContent = title;
  byId("groups").replaceChildren(...items.map((item) => line(item, hasNames)));
}

function line({ group, name, text, isWords = false }, hasNames) {
  const made = document.createElement("li");
  made.append(groupMark(group));
  if (hasNames && name !== "") {
    made.append(Object.assign(document.createElement("span"), { className: "name", textContent: name }));
  }
  made.append(Object.assign(document.createElement("bdi"), { className: isWords ? "words" : "count", textContent: text }));
  return made;
}
