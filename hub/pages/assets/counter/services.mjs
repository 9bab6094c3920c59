// What a clerk says of services: that one stands still, or works again; and what the hub asks about them.

import { language, problemText, say } from "../live.mjs";
import { stoppedOf } from "../stopped.mjs";
import { keepCommit } from "./commits.mjs";
import { ask } from "./dialog.mjs";
import { TIME_PATTERN, timeTyped } from "./number.mjs";
import { TO_CHOOSE } from "./questions.mjs";
import { isNew } from "./side.mjs";

const ASKED_AGAIN_MS = 20 * 60_000;
const byId = (id) => document.getElementById(id);
const answered = new Map(); // until when the hub's question about a service is not shown, by its code
let opened = new Set(); // services that stood still when this counter opened: who opens it is asked

// `of`: the groups this page speaks for, null for all. `told`: takes a sentence for the page, null for none.
export class Services {
  constructor({ of, told }) {
    [this.of, this.told] = [of, told];
  }

  stopped(view) {
    const groups = this.of(view);
    return stoppedOf(view, Date.parse(view.as_of)).filter(({ group }) => groups === null || groups.includes(group));
  }

  opens(view) {
    opened = new Set(this.stopped(view).map(({ service }) => service));
  }

  // Return whether there is anything to say.
  draw(view) {
    const stopped = this.stopped(view);
    const asked = view.asks.filter((code) => (answered.get(code) ?? 0) < performance.now() && this.mine(view, code));
    const isTold = stopped.length + asked.length > 0;
    byId("services-card").hidden = !isTold;
    byId("passed-over").hidden = !view.passed_over;
    byId("passed-over").textContent = view.passed_over ? say("services.passed_over", { n: view.passed_over }) : "";
    if (isNew("services", stopped, asked, [...opened], view.offered.length)) {
      byId("stopped").replaceChildren(...stopped.map((one) => this.line(one)));
      byId("asked").replaceChildren(...asked.map((code) => this.question(view, code)));
    }
    return isTold;
  }

  line({ service, sentence }) {
    const text = opened.has(service) ? `${sentence}. ${say("services.works_now")}` : sentence;
    return item(text, button("services.works_again", () => this.say(service, { state: "working" })),
      ...(opened.has(service) ? [button("services.still_stopped", () => this.settle(service))] : []));
  }

  question(view, code) {
    const service = nameOf(view, code);
    if (view.stopped[code] !== undefined) { // it was expected to work again by now
      return item(say("services.expected", { service }), button("services.works_again", () => this.say(code, { state: "working" })),
        button("services.still_stopped", () => this.settle(code)));
    }
    return item(say("services.none_finished", { service }), button("services.is_stopped", () => this.ask(view, code)),
      button("services.it_works", () => this.settle(code)));
  }

  settle(code) {
    opened.delete(code);
    answered.set(code, performance.now() + ASKED_AGAIN_MS);
    this.told(null);
  }

  // Ask which service, why and until when; one that is known already is not asked for.
  ask(view, code = null) {
    const works = view.offered.filter((one) => view.stopped[one.code] === undefined && this.mine(view, one.code));
    const which = { name: "service", label: say("counter.service"), options: [TO_CHOOSE(), ...works.map((one) => [one.code, one.names[language]])] };
    ask(code === null ? say("services.stop") : say("services.stop_this", { service: nameOf(view, code) }), [
      ...(code === null ? [which] : []),
      { name: "reason", label: say("services.reason"), options: [TO_CHOOSE(), ...view.reasons.map((one) => [one.code, one.names[language]])] },
      { name: "until", label: say("services.until"), pattern: TIME_PATTERN, wrong: say("wrong.time"), maxlength: 5, dir: "ltr", required: false },
    ], ({ service = code, reason, until }) => this.say(service, { state: "interrupted", reason, ...(until ? { until: timeTyped(until) } : {}) }));
  }

  mine(view, code) {
    const groups = this.of(view);
    return groups === null || groups.includes(view.offered.find((one) => one.code === code)?.group);
  }

  async say(code, wish) {
    try {
      const answer = await fetch(`/v1/services/${code}`, {
        method: "PUT", headers: { "Content-Type": "application/json" }, body: JSON.stringify(wish),
      });
      const text = await answer.text();
      const said = JSON.parse(text);
      keepCommit(answer, text);
      opened.delete(code);
      this.told(answer.ok ? null : problemText(said.type?.split("/").pop(), said));
    } catch {
      this.told(say("problem.no-connection"));
    }
  }
}

const nameOf = (view, code) => view.offered.find((one) => one.code === code)?.names[language] ?? code;

const button = (text, act) => Object.assign(document.createElement("button"), { type: "button", textContent: say(text), onclick: act });

function item(text, ...buttons) {
  const made = document.createElement("li");
  const row = Object.assign(document.createElement("div"), { className: "row" });
  row.append(...buttons);
  made.append(Object.assign(document.createElement("span"), { textContent: text }), row);
  return made;
}
