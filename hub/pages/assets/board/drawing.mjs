// The board's middle: the newest call with its counter on a plate, those before it in rows, or one sentence.

import { clock, numberElement, say } from "../live.mjs";
import { isPast, poster } from "./standing.mjs";
import { plan } from "./size.mjs";

const byId = (id) => document.getElementById(id);
const root = document.documentElement;
const GAP = 0.25; // as the style has it
let drawn = "";

// `screen`: its size and how many pixels make a millimetre; `metres`: to the last bench; `letters`: their widths.
// Returns the plan that the board now stands by.
export function drawCalls({ view, lost, announcer }, screen, metres, letters) {
  const sentences = view === null ? ["", ""] : poster(view, !announcer.isQuiet);
  const calls = view === null || sentences !== null ? [] : view.calls;
  const past = view !== null && isPast(view, lost);
  const digits = String(Math.max(1, ...(view?.counters ?? []), ...calls.map((call) => call.counter))).length;
  const found = plan(screen, metres, letters, { calls: calls.length, digits, isPast: past && calls.length > 0 });
  const shown = calls.slice(0, found.rows);
  // Drawn again only where something has changed: a list that is read aloud must not begin again each second.
  const room = sentences !== null && byId("band").hidden; // a sentence takes what the band leaves
  const now = JSON.stringify([shown.map((call) => [call.seq, announcer.isFlashing(call)]), past, found, sentences, room, document.fonts.status]);
  if (now === drawn) {
    return found;
  }
  drawn = now;
  for (const [name, value] of Object.entries(found.sizes)) {
    root.style.setProperty(`--${name}`, `${value}px`);
  }
  Object.assign(document.body.dataset, {
    board: sentences !== null ? "poster" : past ? "past" : "calling",
    newest: found.isStacked ? "stacked" : "side", alone: String(found.rows === 1),
  });
  byId("columns").hidden = byId("calls").hidden = sentences !== null;
  byId("none").hidden = sentences === null;
  byId("calls").replaceChildren(...shown.map((call, place) => row(call, { past, isFirst: place === 0, isNew: announcer.isFlashing(call) })));
  [...byId("calls").children].forEach(fit);
  if (sentences !== null) {
    [byId("none-title").textContent, byId("none-then").textContent] = sentences;
    fitPoster(found.sizes.count);
  }
  return found;
}

function row(call, { past, isFirst, isNew }) {
  const line = document.createElement("li");
  line.className = ["call", isNew ? "new" : "", past ? "old" : ""].join(" ").trim();
  line.dataset.seq = call.seq;
  line.dataset.group = call.number[0];
  const made = (tag, className, text) => Object.assign(document.createElement(tag), { className, textContent: text });
  const counter = made("span", "counter", "");
  if (isFirst && !past) {
    counter.append(made("span", "word", `${say("board.counter")} `));
  }
  counter.append(made("bdi", "", String(call.counter)));
  line.append(numberElement(call.number), ...(past ? [made("time", "number", clock(new Date(call.at)))] : []), counter);
  return line;
}

// A text of one line stands whole, in smaller letters where it is long.
export function fitLine(element) {
  element.style.fontSize = "";
  const { clientWidth, scrollWidth } = element;
  if (scrollWidth > clientWidth) {
    element.style.fontSize = `${(parseFloat(getComputedStyle(element).fontSize) * clientWidth) / scrollWidth}px`;
  }
}

// A number or counter of more digits than usual makes letters smaller: never a call that is cut off.
function fit(line) {
  const style = getComputedStyle(line);
  const size = parseFloat(style.fontSize);
  const room = line.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
  const parts = [...line.children].map((part) => part.getBoundingClientRect().width);
  const wide = style.flexDirection === "column" ? Math.max(...parts) : parts.reduce((sum, part) => sum + part, GAP * size * (parts.length - 1));
  if (wide > room) {
    line.style.fontSize = `${(size * room) / wide}px`;
  }
}

// As large as the sentence fits, never smaller than a number; what comes then gives way where there is no room for both.
function fitPoster(least) {
  const [none, title, then] = ["none", "none-title", "none-then"].map(byId);
  then.hidden = then.textContent === "";
  const room = none.clientHeight - 2 * parseFloat(getComputedStyle(none).paddingTop);
  let size = room / 2;
  const isTooLarge = () => none.scrollWidth > none.clientWidth
    || Math.max(title.getBoundingClientRect().bottom, then.getBoundingClientRect().bottom) - title.getBoundingClientRect().top > room;
  none.style.fontSize = `${size}px`;
  while (isTooLarge() && size > least) {
    size = Math.max(least, size * 0.95);
    none.style.fontSize = `${size}px`;
  }
  then.hidden ||= isTooLarge();
}
