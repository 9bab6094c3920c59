// The manager's page: today at a glance, counters, the day, the rule; each wish is one call, and the view says what came.

import { Leader } from "./leading.mjs";
import { Live, clock, dated, groupMark, loadTexts, logIn, minutes, problemText, say, spokenDay } from "./live.mjs";
import { alongToAnotherHub, takeWhatCameAlong } from "./counter/answers.mjs";
import { keepCommit, tellCommits } from "./counter/commits.mjs";
import { asTyped, dayTyped, western } from "./counter/number.mjs";
import { Services } from "./counter/services.mjs";
import { Capacity } from "./manager/capacity.mjs";
import { drawCounters } from "./manager/counters.mjs";
import { drawHubs } from "./manager/hubs.mjs";
import { drawNeeds } from "./manager/needs.mjs";
import { drawToday, printList } from "./manager/today.mjs";

const byId = (id) => document.getElementById(id);
const DAY_S = 86_400;
const PROMOTE = "#promote"; // behind the address of a hub that a manager wants to let lead while another still does
let live = null;
let view = null;
let lost = null;
let withThis = false;
const capacity = new Capacity({ tell, saved });
const services = new Services({ of: () => null, told: (text) => { tell(text); draw(); } });

async function wish(path, body, method = "PUT") {
  try {
    const answer = await fetch(path, { method, headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
    const text = answer.status === 204 ? "{}" : await answer.text();
    const said = JSON.parse(text);
    keepCommit(answer, text);
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

// What was saved, and the way back from it.
function saved(text, undo) {
  byId("saved").hidden = false;
  byId("saved-text").textContent = text;
  byId("saved-undo").hidden = undo === null;
  byId("saved-undo").onclick = async () => {
    if (await undo()) {
      saved(say("manager.undone"), null);
    }
  };
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
  byId("day").textContent = view.business_day === null ? "" : spokenDay(view.business_day);
  byId("waiting-now").textContent = Object.values(view.waiting).reduce((sum, count) => sum + count, 0);
  byId("by-group").replaceChildren(...Object.entries(view.waiting).filter(([, count]) => count > 0).map(([group, count]) => {
    const item = document.createElement("li");
    item.append(groupMark(group), ` ${count}`);
    return item;
  }));
  byId("longest").textContent = say("minutes", { n: minutes(status.oldest_s) });
  byId("open-counters").textContent = say("manager.of", { n: view.counters.length, all: view.defined.length });
  const { told, held } = view.ranges;
  byId("held").hidden = !told;
  byId("held").textContent = told ? say("manager.held", { n: Math.round(100 * held) }) : "";
  const { called_of_sure: called, warned_of_uncalled: warned } = view.words;
  byId("called-of-sure").hidden = called === null;
  byId("called-of-sure").textContent = say("manager.called-of-sure", { n: Math.round(100 * called) });
  byId("warned-of-uncalled").hidden = warned === null;
  byId("warned-of-uncalled").textContent = say("manager.warned-of-uncalled", { n: Math.round(100 * warned) });
  drawNeeds(view, wish, services.draw(view));
  drawCounters(view, { wish, sure, saved });
  drawToday(view.today);
  drawHubs(view);
  byId("expected-card").hidden = !view.books && view.today.expected.length === 0;
  byId("change-capacity").hidden = !view.books;
  byId("day-state").textContent = view.business_day === null ? say("manager.no_day")
    : say(view.day_closed ? "manager.day_closed" : "manager.day_open", { date: dated(view.business_day) });
  byId("close-day").hidden = view.business_day === null || view.day_closed;
  for (const [id, value] of [["weight", view.rules.priority_weight], ["help-after", Math.round(view.rules.help_after_s / 60)]]) {
    if (document.activeElement !== byId(id)) {
      byId(id).value = value;
    }
  }
}

function enter() {
  live?.stop();
  live = new Live("manager", {
    onView: (seen) => {
      view = seen;
      lost = null;
      draw();
      tellCommits(seen);
    },
    onGone: (gone) => leave(gone.code),
    isQuiet: () => !byId("sure").open && !byId("ask").open && !byId("choose").open && document.activeElement?.tagName !== "INPUT",
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
  const found = await logIn(western(byId("pin").value), null, false);
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
  if (await wish("/v1/sessions/current", {}, "DELETE")) { // else the session goes on, and so says the page
    leave();
  }
});
// A hub that lacks something leads by a second press, once a person has read what it holds.
byId("standby").addEventListener("submit", async (event) => {
  event.preventDefault();
  if (view.held.lacks.length > 0 && !withThis) {
    withThis = true;
    byId("promote").textContent = say("manager.promote_with_this");
    return;
  }
  if (await wish("/v1/promotion", { pin: western(byId("promote-pin").value), with_this: withThis }, "POST")) {
    withThis = false;
    byId("promote").textContent = say("manager.promote");
    byId("promote-pin").value = "";
    history.replaceState(null, "", location.pathname + location.search);
  }
});
// Beyond the next day a slip would close the centre until then: such a date is typed twice.
byId("date").addEventListener("input", () => {
  const next = view.business_day && new Date(Date.parse(view.business_day) + 86_400_000).toISOString().slice(0, 10);
  const isFar = next === null || dayTyped(byId("date").value) > next;
  byId("again").hidden = !isFar;
  byId("date-again").required = isFar;
});
byId("open-day").addEventListener("submit", (event) => {
  event.preventDefault();
  const open = dayTyped(byId("date").value);
  const wished = byId("again").hidden ? { open } : { open, again: dayTyped(byId("date-again").value) };
  sure(say("manager.sure_open_day", { date: dated(open) }), say("manager.open_day"), async () => {
    if (await wish("/v1/day", wished)) {
      saved(say("manager.day_opened", { date: dated(open) }), () => wish("/v1/day", { undo: open }));
    }
  });
});
byId("close-day").addEventListener("click", () => sure(
  say(view.closes_early ? "manager.sure_close_early" : "manager.sure_close_day"), say("manager.close_day"),
  () => wish("/v1/day", { close: true }),
));
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
      byId("entered").textContent = [say("manager.entered", { n: said.entered }), ...(said.unconfirmed ? [say("manager.unconfirmed")] : [])].join(". ");
      event.target.reset();
    }
  });
});
byId("rules").addEventListener("submit", async (event) => {
  event.preventDefault();
  const former = view.rules;
  const typed = (id) => Number(western(byId(id).value).replace("\u066B", ".")); // ٫ between a number and its part
  const rules = { priority_weight: typed("weight"), help_after_s: typed("help-after") * 60 };
  const wrong = rules.priority_weight < 1 || rules.priority_weight > 100 ? "wrong.weight" : rules.help_after_s > DAY_S ? "wrong.minutes" : null;
  if (wrong !== null) {
    tell(say(wrong));
    return;
  }
  if (await wish("/v1/rules", rules)) {
    saved(say("manager.rules_saved"), () => wish("/v1/rules", former));
  }
});
byId("stop-service").addEventListener("click", () => services.ask(view));
byId("change-capacity").addEventListener("click", () => capacity.ask(view));
byId("print-day").addEventListener("click", () => window.print());

takeWhatCameAlong(); // before anything may go along again
await loadTexts();
new Leader({
  takeAlong: alongToAnotherHub,
  stays: () => location.hash === PROMOTE,
  onStandby: (is) => { byId("login-stands-by").hidden = !is; },
});
enter();
