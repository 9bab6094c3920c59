// What was done for one person: documents by service, one of the ticket's own unless somebody says otherwise.

import { say } from "../live.mjs";
import { isNew } from "./side.mjs";

const byId = (id) => document.getElementById(id);
const MOST = 99;
let counts = null;
let countsOf = null;

export const counted = () => ({ ...counts });
export const isCounted = (code) => code in counts;

export function addService(code) {
  counts[code] = 1;
}

export function drawDocuments(view) {
  const { state, ticket } = view.counter;
  byId("documents").hidden = state !== "serving";
  if (state !== "serving") {
    counts = countsOf = null;
    isNew("steppers"); // who is served once more begins with steppers of his own
    return;
  }
  if (countsOf !== ticket.id) {
    countsOf = ticket.id;
    counts = view.offered.some((service) => service.code === ticket.service) ? { [ticket.service]: 1 } : {};
  }
  if (isNew("steppers", ticket.id, Object.keys(counts))) {
    const services = view.offered.filter((one) => isCounted(one.code));
    byId("steppers").replaceChildren(...services.map(stepper));
  }
}

function stepper(service) {
  const line = Object.assign(document.createElement("div"), { className: "stepper" });
  const name = service.names[document.documentElement.lang];
  const count = Object.assign(document.createElement("output"), { textContent: counts[service.code] });
  const change = (by, text, id) => {
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: text });
    button.setAttribute("aria-label", say(id, { name }));
    button.onclick = () => {
      counts[service.code] = Math.min(MOST, Math.max(0, counts[service.code] + by));
      count.textContent = counts[service.code];
    };
    return button;
  };
  const label = Object.assign(document.createElement("span"), { textContent: name });
  line.append(label, change(-1, "−", "counter.one_less"), count, change(1, "+", "counter.one_more"));
  return line;
}
