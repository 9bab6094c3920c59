// The manager's page: today at a glance, counters, the day, the rule; each wish is one call, and the view says what came.

import { asTyped } from "./counter/number.mjs";
import { drawToday, printList } from "./today.mjs";
import {
  Live, clock, drawNotices, groupMark, language, loadTexts, logIn, minutes, numberElement, problemText, say, standing,
} from "./live.mjs";

const byId = (id) => document.getElementById(id);
let live = null;
let view = null;
let lost = null;

async function wish(path, body, method = "PUT") {
  try {
    const answer = await fetch(path, { method, headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
    const said = answer.status === 204 ? {} : await answer.json();
    tell(answer.ok ? null : problemText(said.type?.split("/").pop(), said));
    return answer.ok ? said : false;
  } catch {
    tell(say("problem.no-connection"));
    return false;
  }
}

function tell(text) {
  byId("why").hidden = !text;
  byId("why").textContent = text ?? "";
}

function sure(question, verb, then) {
  byId("sure-yes").textContent = verb;
  byId("sure-title").textContent = question;
  byId("sure").onclose = () => byId("sure").returnValue === "yes" && then();
  byId("sure").returnValue = "no";
  byId("sure").showModal();
}

function draw() {
  byId("login").hidden = view !== null;
  byId("work").hidden = byId("leave").hidden = view === null;
  byId("lost").hidden = lost === null;
  byId("lost").textContent = lost === null ? "" : say("lost.since", { at: clock(lost) });
  if (view === null) {
    return;
  }
  const { status } = view;
  byId("day").textContent = view.business_day ?? "";
  byId("waiting-now").textContent = Object.values(view.waiting).reduce((sum, count) => sum + count, 0);
  byId("by-group").replaceChildren(...Object.entries(view.waiting).map(([group, count]) => {
    const item = document.createElement("li");
    item.append(groupMark(group), ` ${count}`);
    return item;
  }));
  byId("longest").textContent = say("minutes", { n: minutes(status.oldest_s) });
  byId("open-counters").textContent = `${view.counters.length} / ${view.defined.length}`;
  byId("missed").textContent = view.missed.length;
  const { told, held } = view.ranges;
  byId("held").textContent = told ? `${Math.round(100 * held)} %` : say("manager.unknown");
  byId("standby").hidden = view.leading && !view.recall_due;
  byId("why-promote").textContent = say(view.leading ? "manager.waits_for_central" : "manager.stands_by");
  drawWarnings();
  drawHelp();
  drawCounters();
  drawToday(view.today);
  byId("day-state").textContent = view.business_day === null ? say("manager.no_day")
    : say(view.day_closed ? "manager.day_closed" : "manager.day_open", { date: view.business_day });
  byId("close-day").hidden = view.business_day === null || view.day_closed;
  for (const [id, value] of [["weight", view.rules.priority_weight], ["help-after", Math.round(view.rules.help_after_s / 60)]]) {
    if (document.activeElement !== byId(id)) {
      byId(id).value = value;
    }
  }
}

function drawWarnings() {
  const found = view.over_issuing.map((one) => say("manager.over_issuing", { kiosk: one.kiosk, n: one.given }));
  found.push(...Object.entries(view.silent_kiosks).map(([kiosk, silent]) => say("manager.silent_kiosk", { kiosk, n: Math.max(1, minutes(silent)) })));
  found.push(...Object.entries(view.refused_days).map(([kiosk, day]) => say("manager.refused_day", { kiosk, day })));
  drawNotices(byId("warnings"), [...found, ...standing(view)]);
}

function drawHelp() {
  byId("help-card").hidden = view.help.length === 0;
  byId("help").replaceChildren(...view.help.map((one) => {
    const item = document.createElement("li");
    const button = Object.assign(document.createElement("button"), { textContent: say("help.going") });
    button.onclick = () => wish(`/v1/help/${one.id}/acknowledged`, {}, "POST");
    item.append(say("help.asked", { kiosk: one.kiosk, at: clock(new Date(one.asked_at)) }), " ", button);
    return item;
  }));
}

function drawCounters() {
  if (byId("counters").contains(document.activeElement)) {
    return; // somebody is writing there: the next view draws it
  }
  const states = new Map(view.status.counters.map((one) => [one.number, one]));
  byId("counters").replaceChildren(...view.defined.map((one) => counterRow(one, states.get(one.number))));
}

function counterRow(defined, state) {
  const row = document.createElement("tr");
  const cell = (...content) => {
    const made = document.createElement("td");
    made.append(...content);
    row.append(made);
  };
  cell(`${defined.number} · ${defined.names[language] ?? ""}`);
  cell(say(`manager.state.${state?.state ?? "closed"}`));
  cell(state?.ticket ? numberElement(state.ticket) : "–");
  const groups = Object.assign(document.createElement("input"), { value: defined.groups.join(" "), dir: "ltr" });
  groups.setAttribute("aria-label", say("manager.groups_of", { n: defined.number }));
  groups.onchange = () => wish("/v1/counters", { number: defined.number, groups: groups.value.toUpperCase().match(/[A-Z]/g) ?? [] });
  cell(groups);
  const actions = document.createElement("div");
  actions.className = "row";
  if (view.waiting_for.includes(defined.number)) {
    const release = Object.assign(document.createElement("button"), { textContent: say("manager.release") });
    release.onclick = () => wish("/v1/counters", { number: defined.number, release: true });
    actions.append(release);
  }
  if (state && state.state !== "closed") {
    const close = Object.assign(document.createElement("button"), { className: "grave", textContent: say("manager.close_counter") });
    close.onclick = () => sure(say("manager.sure_close_counter", { n: defined.number }), say("manager.close_counter"), () => wish("/v1/counters", { number: defined.number, close: true }));
    actions.append(close);
  }
  cell(actions);
  return row;
}

function enter() {
  live = new Live("manager", {
    onView: (seen) => {
      view = seen;
      lost = null;
      draw();
    },
    onGone: (gone) => leave(gone.code),
    isQuiet: () => !byId("sure").open && document.activeElement?.tagName !== "INPUT",
    onConnection: (since) => {
      lost = since;
      draw();
    },
  });
}

function leave(code) {
  live?.stop();
  live = view = lost = null;
  const isPlain = code === undefined || code === "no-session";
  byId("login-why").hidden = isPlain;
  byId("login-why").textContent = isPlain ? "" : problemText(code);
  draw();
  byId("pin").focus();
}

byId("login-form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const found = await logIn(byId("pin").value, null, false);
  byId("pin").value = "";
  if (found.session) {
    byId("login-why").hidden = true;
    enter();
    return;
  }
  byId("login-why").hidden = false;
  byId("login-why").textContent = problemText(found.code === "counter-missing" ? "managers-only" : found.code, found.problem);
});
byId("leave").addEventListener("click", async () => {
  await wish("/v1/sessions/current", {}, "DELETE");
  leave();
});
byId("standby").addEventListener("submit", async (event) => {
  event.preventDefault();
  if (await wish("/v1/promotion", { pin: byId("promote-pin").value }, "POST")) {
    byId("promote-pin").value = "";
  }
});
byId("open-day").addEventListener("submit", (event) => {
  event.preventDefault();
  wish("/v1/day", { open: byId("date").value });
});
byId("close-day").addEventListener("click", () => sure(say("manager.sure_close_day"), say("manager.close_day"), () => wish("/v1/day", { close: true })));
byId("print-list").addEventListener("click", () => printList(tell));
byId("by-hand").addEventListener("submit", (event) => {
  event.preventDefault();
  const typed = (id) => byId(id).value.split(/[\s,;،]+/).flatMap((one) => asTyped(one).match(/[A-Z]?[0-9]+/g) ?? []);
  const range = { to: typed("hand-to")[0], but: typed("hand-but") };
  if (typed("hand-first").length > 0) {
    [range.first] = typed("hand-first");
  }
  sure(say("manager.sure_by_hand"), say("manager.enter"), async () => {
    byId("entered").textContent = "";
    const said = await wish("/v1/by-hand", { ranges: [range] }, "POST");
    if (said) {
      byId("entered").textContent = say("manager.entered", { n: said.entered });
      event.target.reset();
    }
  });
});
byId("rules").addEventListener("submit", (event) => {
  event.preventDefault();
  wish("/v1/rules", { priority_weight: Number(byId("weight").value), help_after_s: Number(byId("help-after").value) * 60 });
});

await loadTexts();
enter();
