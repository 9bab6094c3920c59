// The day's curve: who took a number as bars, who was called as a line, by half hour, before the range of usual days. Told
// apart by shape, not by colour alone. Time runs from left to right.

import { say } from "../live.mjs";

const SVG = "http://www.w3.org/2000/svg";
const SIZE = { width: 620, height: 250, left: 34, foot: 26, head: 12 };
const LEAST_SLOTS = 14; // a morning's first bar stands in a day, not in an empty card
const SLOTS_A_DAY = 48;
const byId = (id) => document.getElementById(id);

const slotOf = (at) => Number(at.slice(0, 2)) * 2 + (at.slice(3) === "30" ? 1 : 0);
const timeOf = (slot) => `${String(Math.floor(slot / 2)).padStart(2, "0")}:${slot % 2 === 1 ? "30" : "00"}`;

export function drawCurve({ curve, usual }) {
  const figure = byId("curve");
  figure.hidden = curve.length + usual.length === 0;
  byId("usual-key").hidden = usual.length === 0;
  figure.querySelector("svg")?.remove();
  if (!figure.hidden) {
    figure.append(drawn(curve, usual));
  }
}

function drawn(curve, usual) {
  const slots = [...curve, ...usual].map((one) => slotOf(one.at));
  const first = Math.min(...slots, SLOTS_A_DAY - LEAST_SLOTS);
  const count = Math.max(Math.max(...slots) - first + 1, LEAST_SLOTS);
  const top = rounded(Math.max(4, ...curve.flatMap((one) => [one.came, one.called]), ...usual.map((one) => one.high)));
  const step = (SIZE.width - SIZE.left) / count;
  const ground = SIZE.height - SIZE.foot;
  const x = (at) => SIZE.left + (slotOf(at) - first) * step;
  const y = (value) => ground - ((ground - SIZE.head) * value) / top;
  const svg = part("svg", { viewBox: `0 0 ${SIZE.width} ${SIZE.height}`, role: "img", "aria-label": spoken(curve) });
  for (const value of [0, top / 2, top]) {
    svg.append(part("line", { class: "grid", x1: SIZE.left, x2: SIZE.width, y1: y(value), y2: y(value) }),
      part("text", { x: SIZE.left - 6, y: y(value) + 4, "text-anchor": "end" }, String(value)));
  }
  if (usual.length > 0) {
    const along = (side) => usual.flatMap((one) => [`${x(one.at)},${y(one[side])}`, `${x(one.at) + step},${y(one[side])}`]);
    svg.append(part("polygon", { class: "usual", points: [...along("high"), ...along("low").reverse()].join(" ") }));
  }
  for (const one of curve) {
    svg.append(part("rect", { class: "came", x: x(one.at) + step * 0.2, y: y(one.came), width: step * 0.6, height: ground - y(one.came) }));
  }
  const middles = curve.map((one) => [x(one.at) + step / 2, y(one.called)]);
  svg.append(part("polyline", { class: "called", points: middles.map((one) => one.join(",")).join(" ") }));
  svg.append(...middles.map(([cx, cy]) => part("circle", { class: "called", cx, cy, r: 3.5 })));
  for (let slot = first + (first % 2); slot < first + count; slot += count > 20 ? 4 : 2) {
    svg.append(part("text", { x: SIZE.left + (slot - first) * step, y: SIZE.height - 8, "text-anchor": "middle" }, timeOf(slot)));
  }
  return svg;
}

// An even number, so that the middle line has a whole one too.
const rounded = (most) => {
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(most)) - 1);
  return Math.ceil(most / (2 * unit)) * 2 * unit;
};

const spoken = (curve) => curve.map((one) => say("manager.curve_at", { at: one.at, came: one.came, called: one.called })).join(" ");

function part(tag, attributes, text = "") {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) {
    made.setAttribute(name, value);
  }
  made.textContent = text;
  return made;
}
