// The hall's board: it follows the hub's view, announces what is called, and is composed by what its day is at.

import { Leader } from "./leading.mjs";
import { Live, clock, language, loadTexts, say } from "./live.mjs";
import { Announcer } from "./board/announcing.mjs";
import { drawBand } from "./board/band.mjs";
import { drawCalls, fitLine } from "./board/drawing.mjs";
import { served, widths } from "./board/size.mjs";

const ESTIMATES_GO_MS = 60_000;
const query = new URLSearchParams(location.search);
const speaks = query.get("speaks") === "1";
const metres = Math.min(30, Math.max(1, Number(query.get("distance")) || 10));
const byId = (id) => document.getElementById(id);

let view = null;
let lost = null;
let saying = null;
let letters = null;

// Millimetres of this very screen, in pixels.
function screenSize() {
  const inches = Number(query.get("diagonal")) || 43;
  return { width: innerWidth, height: innerHeight, perMm: Math.hypot(screen.width, screen.height) / (inches * 25.4) };
}

const hubNow = () => Date.now() + live.offset;

function draw() {
  byId("clock").textContent = clock(new Date(hubNow()));
  byId("centre").textContent = view?.centre?.[language] ?? "";
  const size = screenSize();
  const { serves, inner } = drawCalls({ view, lost, announcer }, size, metres, letters);
  byId("serves").hidden = serves >= metres;
  byId("serves").textContent = serves >= metres ? "" : say("board.serves", { n: serves });
  fitLine(byId("centre")); // whole, however long it is
  const wasHidden = byId("band").hidden;
  drawBand({ view, lost, saying, isKnown: performance.now() - live.heardAt < ESTIMATES_GO_MS, now: hubNow() }, inner);
  if (byId("band").hidden !== wasHidden) {
    draw(); // what stands above has other room now
  }
}

await loadTexts();
await Promise.all(["400", "500", "700"].map((weight) => document.fonts.load(`${weight} 20px Plex`))); // others are wider
letters = widths();
document.body.dataset.theme = query.get("theme") === "dark" ? "dark" : "light";
addEventListener("resize", draw);
const announcer = new Announcer({
  speaks,
  hubNow,
  onSaying: (call) => {
    saying = call;
    draw();
  },
  onBlocked: (is) => { byId("unlock").hidden = !is; },
});
byId("unlock").addEventListener("click", () => {
  byId("unlock").hidden = true;
  announcer.speak();
});
new Leader({ takeAlong: () => announcer.along() });
const live = new Live("board", {
  query: `&distance=${metres}&serves=${served(screenSize(), letters, 1)}${speaks ? "&speaks=true" : ""}`,
  onView: (seen) => {
    view = seen;
    lost = null;
    announcer.hear(seen);
    draw();
  },
  onGone: () => location.reload(),
  isQuiet: () => announcer.isQuiet,
  onConnection: (since) => {
    lost = since;
    draw();
  },
});
setInterval(draw, 1000);
draw();
