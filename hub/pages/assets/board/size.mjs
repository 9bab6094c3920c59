// The typographic system of the hall's board. Diagonal and distance give minima, by the angle that letters are seen under
// (ISO 9241-3): 40 minutes of arc for what is called, 20 for other numbers, 16 for words. What room is left goes first to
// rows, then to letters. A distance that leaves no two rows is not served, and the board says which one it serves.

export const MOST_ROWS = 6;
const LEAST_ROWS = 2;
const CALLED = 12; // millimetres of a capital for each metre
const NUMBER = 6;
const WORD = 4.7;
const CAPITAL = 0.698; // of the size of Plex's letters
const LINE = { head: 1.3, band: 1.7 }; // of the size: Arabic's tails and marks are inside
const LEAST_WORD = { lying: 0.04, upright: 0.05 }; // of the short side, where the distance asks for less
const MARGIN = 0.05; // of the width, at each side
const HEADER = 0.055; // of the short side
// Heights by capitals, with the least air and with what letters leave as they grow; stacked: the counter stands below.
const AIR = { side: [1.22, 1.5], stacked: [2.65, 3.1], alone: [3.4, 4], row: [1.31, 1.75] };
const PLATE = 0.7; // the counter's letters, of the called number's
const GAP = 0.25;
const LARGEST_PAST = 0.25; // of the height: one call of the past is no poster
const HIERARCHY = 0.62; // rows beside what was called last
const DISTANCES = { least: 1, most: 30, step: 0.5 };

// Widths by the size of letters: what a usual number, a digit and a time take.
export function widths() {
  const context = document.createElement("canvas").getContext("2d");
  context.font = "700 100px Plex";
  const of = (text) => context.measureText(text).width / 100;
  return { number: of("A0·000"), digit: of("0"), time: of("00:00") };
}

function frame({ width, height }, metre) {
  const short = Math.min(width, height);
  const isUpright = height > width;
  const header = HEADER * short;
  const word = Math.max((WORD * metre) / CAPITAL, LEAST_WORD[isUpright ? "upright" : "lying"] * short);
  const count = Math.max((NUMBER * metre) / CAPITAL, 1.25 * word);
  const head = LINE.head * word;
  const line = LINE.band * word;
  const band = Math.max(line, 1.55 * CAPITAL * count) + (isUpright ? line : 0);
  return { header, word, count, head, band, inner: width * (1 - 2 * MARGIN), room: height - header - head - band };
}

// Capitals in a row of this height: they grow only as far as air is left.
const grown = (height, least, [tight, airy]) => Math.min(height / tight, Math.max(least, height / airy));

const plate = (letters, digits) => digits * letters.digit + 0.5;

// The newest call above the rows of those before: capitals of both, and whether they reach the minima.
function calling(screen, metre, letters, { rows, digits }, isStacked) {
  const { inner, room } = frame(screen, metre);
  const air = !isStacked ? AIR.side : rows === 1 ? AIR.alone : AIR.stacked;
  const share = { newest: air[0] * CALLED, row: AIR.row[0] * NUMBER };
  const all = share.newest + share.row * (rows - 1);
  const newest = (room * share.newest) / all;
  const wide = isStacked ? letters.number : letters.number + GAP + PLATE * plate(letters, digits);
  const called = Math.min(grown(newest, CALLED * metre, air), (CAPITAL * inner) / wide);
  const widest = (CAPITAL * inner) / (letters.number + GAP + digits * letters.digit);
  const row = Math.min(grown((room * share.row) / all, NUMBER * metre, AIR.row), widest, HIERARCHY * called);
  return { called, row, newest, isStacked, fits: called >= CALLED * metre && (rows === 1 || row >= NUMBER * metre) };
}

// What was called, each with its time, where nobody is being called: no call stands out.
function past(screen, metre, letters, { rows, digits }) {
  const { inner, room, word } = frame(screen, metre);
  const free = inner - word * letters.time;
  const widest = (CAPITAL * free) / (letters.number + 2 * GAP + digits * letters.digit);
  const row = Math.min(grown(room / rows, NUMBER * metre, AIR.row), widest, LARGEST_PAST * room);
  return { called: row, row, newest: room / rows, isStacked: false, fits: row >= NUMBER * metre };
}

function arranged(screen, metre, letters, wanted) {
  if (wanted.isPast) {
    return past(screen, metre, letters, wanted);
  }
  const [side, stacked] = [false, true].map((isStacked) => calling(screen, metre, letters, wanted, isStacked));
  return stacked.fits && (!side.fits || stacked.called > side.called) ? stacked : side;
}

// The greatest distance from which two rows can be read on this screen.
export function served(screen, letters, digits) {
  const can = (metres) => [true, false].every((isPast) =>
    arranged(screen, metres * screen.perMm, letters, { rows: LEAST_ROWS, digits, isPast }).fits);
  let metres = DISTANCES.most;
  while (metres > DISTANCES.least && !can(metres)) {
    metres -= DISTANCES.step;
  }
  return metres;
}

// `screen`: width and height, and pixels to the millimetre; `wanted`: how many calls there are, digits of the counters,
// and whether calling goes on. Sizes are those of letters, in pixels.
export function plan(screen, metres, letters, wanted) {
  const serves = served(screen, letters, wanted.digits);
  const metre = Math.min(metres, serves) * screen.perMm;
  let rows = Math.min(MOST_ROWS, Math.max(1, wanted.calls));
  let found = arranged(screen, metre, letters, { ...wanted, rows });
  while (!found.fits && rows > 1) {
    rows -= 1;
    found = arranged(screen, metre, letters, { ...wanted, rows });
  }
  const { header, word, count, head, band, inner } = frame(screen, metre);
  return {
    rows, serves, isStacked: found.isStacked, inner,
    sizes: { header, head, band, word, count, newest: found.newest, called: found.called / CAPITAL, row: found.row / CAPITAL },
  };
}
