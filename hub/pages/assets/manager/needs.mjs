// What needs the manager first: each in a sentence, with what can be done; else that nothing does.

import { hubName } from "./hubs.mjs";
import { clock, dated, drawNotices, kioskName, minutes, say, spokenDay, standing } from "../live.mjs";

const byId = (id) => document.getElementById(id);

// `isTold`: whether anything is said of services.
export function drawNeeds(view, wish, isTold) {
  const told = [...standing({ ...view, follower_silent_s: null }), ...warnings(view)]; // which follower, it says below
  drawNotices(byId("warnings"), told);
  byId("alarms-card").hidden = view.alarms.length === 0;
  if (!byId("alarms").contains(document.activeElement)) {
    byId("alarms").replaceChildren(...view.alarms.map((one) => alarm(view, one, wish)));
  }
  byId("help-card").hidden = view.help.length === 0;
  if (!byId("help").contains(document.activeElement)) {
    byId("help").replaceChildren(...view.help.map((one) => asked(view, one, wish)));
  }
  byId("standby").hidden = view.leading && !view.recall_due;
  byId("why-promote").textContent = view.leading ? say("manager.waits_for_central") : `${say("manager.stands_by")} ${holds(view)}`;
  byId("calm").hidden = isTold || told.length + view.help.length + view.alarms.length > 0 || !byId("standby").hidden;
}

function holds(view) {
  const { hub, until, lacks } = view.held;
  const lacking = lacks.length > 0 ? ` ${say("manager.may_lack")}` : "";
  const what = until === null ? say("manager.holds_nothing") : say("manager.holds", { hub: hubName(view, hub), at: clock(new Date(until)) });
  return what + lacking;
}

function warnings(view) {
  const name = (id) => kioskName(view, id);
  return [
    ...(view.business_day === null ? [say("problem.no-day")] : []),
    ...(view.in_doubt !== null ? [say("manager.in_doubt", { day: dated(view.in_doubt) })] : []),
    ...view.waiting_for.map((n) => say("manager.not_back", { n })),
    ...Object.entries(view.silent_hubs).map(([hub, silent]) => say("manager.silent_hub", { hub: hubName(view, hub), n: Math.max(1, minutes(silent)) })),
    ...Object.entries(view.silent_kiosks).map(([kiosk, silent]) => say("manager.silent_kiosk", { kiosk: name(kiosk), n: Math.max(1, minutes(silent)) })),
    ...view.over_issuing.map((one) => say("manager.over_issuing", { kiosk: name(one.kiosk), n: one.given })),
    ...view.guessed.map((one) => (one.clerk === null ? say("manager.guessed", { n: one.n }) : say("manager.guessed_of", { clerk: one.clerk, n: one.n }))),
    ...Object.entries(view.refused_days).map(([kiosk, day]) => say("manager.refused_day", { kiosk: name(kiosk), day: dated(day) })),
  ];
}

// What staff is told of by message, until somebody sees to it.
function alarm(view, one, wish) {
  const item = document.createElement("li");
  let name = one.kind === "on-battery" && one.machine === "" ? "on-battery-hub" : one.kind;
  if (name === "no-internet" && one.machine !== "") name = `no-internet-${one.machine}`;  // what answers in central's place
  const values = { kiosk: kioskName(view, one.machine), service: view.offered.find((s) => s.code === one.machine)?.names[document.documentElement.lang] ?? one.machine, day: one.kind === "certificate-ending" ? spokenDay(one.machine.replaceAll("/", "-")) : "", since: clock(new Date(one.since)) };
  item.append(say(`alarm.${name}`, values), " ");
  if (one.taken_by !== null) item.append(say("alarm.taken"));
  else {
    const button = Object.assign(document.createElement("button"), { textContent: say("alarm.take") });
    button.onclick = () => { button.blur(); wish(`/v1/alarms/${one.digits}/taken`, {}, "POST"); };  // while it has the focus the list stays as it is
    item.append(button);
  }
  return item;
}

function asked(view, one, wish) {
  const item = document.createElement("li");
  const button = Object.assign(document.createElement("button"), { textContent: say("help.going") });
  button.onclick = () => { button.blur(); wish(`/v1/help/${one.id}/acknowledged`, {}, "POST"); };
  item.append(say("help.asked", { kiosk: kioskName(view, one.kiosk), at: clock(new Date(one.asked_at)) }), " ", button);
  return item;
}
