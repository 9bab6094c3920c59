// The questions that some buttons ask before they press, by the button's id.

import { say } from "../live.mjs";
import { NUMBER, ask } from "./dialog.mjs";
import { addService, isCounted } from "./documents.mjs";
import { asTyped } from "./number.mjs";

const group = (one) => [one, say("group", { name: one })];
const service = (one) => [one.code, one.names[document.documentElement.lang]];

// `page` has view, press(kind, more) and redraw().
export const questions = (page) => {
  const version = () => ({ version: page.view.counter.version });
  const groups = () => [...new Set([...Object.keys(page.view.waiting), ...page.view.groups])];
  const others = () => page.view.offered.filter((one) => !isCounted(one.code));
  return {
    park: () => ask(say("counter.park"), [{ name: "where", label: say("counter.where"), required: false }],
      ({ where }) => page.press("park", where ? { where } : {})),
    transfer: () => ask(say("counter.transfer"), [
      { name: "to", label: say("counter.to"), options: groups().map(group) },
      { name: "first", label: say("counter.where_in_line"), required: false,
        options: [["", say("counter.by_age")], ["first", say("counter.in_front")]] },
    ], ({ to, first }) => page.press("transfer", { to, first: first === "first" })),
    "by-number": () => ask(say("counter.by_number"), [{ ...NUMBER, label: say("counter.number") }],
      ({ number }) => page.press("resume", { number: asTyped(number), ...version() })),
    "out-of-turn": () => ask(say("counter.out_of_turn"), [
      { ...NUMBER, label: say("counter.number") },
      { name: "reason", label: say("counter.reason") },
    ], ({ number, reason }) => page.press("out-of-turn", { number: asTyped(number), reason, ...version() })),
    give: () => ask(say("counter.give"), [
      { name: "service", label: say("counter.service"), options: page.view.offered.map(service) },
    ], (chosen) => page.press("give", { service: chosen.service })),
    pause: () => ask(say("counter.pause"), [{ name: "reason", label: say("counter.pause_reason"), required: false }],
      ({ reason }) => page.press("pause", reason ? { reason } : {})),
    "more-documents": () => ask(say("counter.more_documents"), [
      { name: "service", label: say("counter.service"), options: others().map(service) },
    ], (chosen) => { addService(chosen.service); page.redraw(); }),
  };
};
