// The questions that some buttons ask before they press, by the button's id.

import { counterName, language, say, spokenDay } from "../live.mjs";
import { NUMBER, ask } from "./dialog.mjs";
import { addService, isCounted } from "./documents.mjs";
import { asTyped } from "./number.mjs";

const PRIORITIES = ["none", "elderly", "disabled", "pregnant"];
export const TO_CHOOSE = () => ["", say("ask.choose")];
const service = (one) => [one.code, `${one.group} · ${one.names[language]}`];

// `page` has view, press(kind, more) and redraw().
export const questions = (page) => {
  const version = () => ({ version: page.view.counter.version });
  const group = (one) => [one, `${one} · ${page.view.group_names[one]?.[language] ?? ""}`];
  const groups = () => [...new Set([...Object.keys(page.view.waiting), ...page.view.groups])].sort();
  const counter = (one) => [String(one.number), [counterName(one),
    ...(page.view.counters.includes(one.number) ? [] : [say("counter.not_open")])].join(" – ")];
  const counters = () => page.view.defined.filter((one) => one.number !== page.view.counter.number);
  const others = () => page.view.offered.filter((one) => !isCounted(one.code));
  // A paper whose number was not called on its day: the place that it gives today.
  const earlier = () => [
    { name: "day", label: say("counter.earlier_day"), required: false,
      options: [["", say("counter.no_earlier")], ...page.view.carried_days.map((day) => [day, spokenDay(day)])] },
    { ...NUMBER, label: say("counter.earlier_number"), required: false, neededBy: "day" },
  ];
  return {
    park: () => ask(say("counter.park"), [{ name: "where", label: say("counter.where"), required: false }],
      ({ where }) => page.press("park", where ? { where } : {})),
    transfer: () => ask(say("counter.transfer"), [
      { name: "to", label: say("counter.to"), options: [TO_CHOOSE(), [say("counter.to_group"), groups().map(group)],
        ...(counters().length > 0 ? [[say("counter.to_counter"), counters().map(counter)]] : [])] },
      { name: "first", label: say("counter.where_in_line"), required: false,
        options: [["", say("counter.by_age")], ["first", say("counter.in_front")]] },
    ], ({ to, first }) => page.press("transfer", { to: /^[0-9]+$/.test(to) ? Number(to) : to, first: first === "first" })),
    "by-number": () => ask(say("counter.by_number"), [{ ...NUMBER, label: say("counter.number") }],
      ({ number }) => page.press("resume", { number: asTyped(number), ...version() })),
    "out-of-turn": () => ask(say("counter.out_of_turn"), [
      { ...NUMBER, label: say("counter.number") },
      { name: "reason", label: say("counter.reason") },
    ], ({ number, reason }) => page.press("out-of-turn", { number: asTyped(number), reason, ...version() })),
    give: () => ask(say("counter.give"), [
      { name: "service", label: say("counter.service"), options: [TO_CHOOSE(), ...page.view.offered.map(service)] },
      { name: "priority", label: say("counter.priority"), options: PRIORITIES.map((one) => [one, say(`priority.${one}`)]) },
      ...(page.view.carried_days.length > 0 ? earlier() : []),
    ], ({ number, day, ...chosen }) => page.press("give", day ? { ...chosen, earlier: { number: asTyped(number), day } } : chosen)),
    pause: () => ask(say("counter.pause"), [{ name: "reason", label: say("counter.pause_reason"), required: false }],
      ({ reason }) => page.press("pause", reason ? { reason } : {})),
    "more-documents": () => ask(say("counter.more_documents"), [
      { name: "service", label: say("counter.service"), options: others().map(service) },
    ], (chosen) => { addService(chosen.service); page.redraw(); }),
  };
};
