// How many appointments a day has: looked at and changed by half hour, or for the whole day; central decides and keeps it.

import { language, problemText, say, spokenDay } from "../live.mjs";
import { ask } from "../counter/dialog.mjs";
import { asTyped } from "../counter/number.mjs";
import { TO_CHOOSE } from "../counter/questions.mjs";

const DAYS = 61; // as far as a plan may give appointments, and today
const WHOLE = "whole";
const isolated = (text) => `\u2066${text}\u2069`;

// `acts`: tell(text, null for none), saved(text, undo).
export class Capacity {
  constructor(acts) {
    this.acts = acts;
  }

  ask(view) {
    const groups = [...new Set(view.offered.map((one) => one.group))].sort();
    const first = Date.parse(`${view.business_day ?? view.as_of.slice(0, 10)}T12:00:00Z`);
    const days = Array.from({ length: DAYS }, (_, n) => new Date(first + n * 86_400_000).toISOString().slice(0, 10));
    ask(say("capacity.see"), [
      { name: "group", label: say("capacity.group"), options: groups.map((one) => [one, `${one} · ${view.group_names[one]?.[language] ?? ""}`]) },
      { name: "day", label: say("manager.date"), options: days.map((day) => [day, spokenDay(day)]) },
    ], async (of) => {
      const seen = await this.call("/day", of);
      if (seen && seen.half_hours.length === 0) {
        this.acts.tell(say("capacity.none"));
      } else if (seen) {
        this.askWhich(of, seen);
      }
    });
  }

  askWhich(of, seen) {
    const halves = seen.half_hours.map((one) => [one.at, say("capacity.half", { ...one, at: isolated(one.at) })]);
    const changes = seen.changes.map((one) => [String(one.id), say("capacity.change_of", {
      at: one.at === null ? say("capacity.whole") : isolated(one.at), n: one.seats, by: isolated(one.by.split("/").pop()),
    })]);
    ask(`${say("capacity.title")}: ${spokenDay(of.day)}`, [{ name: "which", label: say("capacity.which"), options: [
      TO_CHOOSE(), [WHOLE, say("capacity.whole")], [say("capacity.halves"), halves],
      ...(changes.length > 0 ? [[say("capacity.changes"), changes]] : []),
    ] }], async ({ which }) => {
      if (which === WHOLE || which.includes(":")) {
        this.askSeats(of, which === WHOLE ? null : which);
      } else if (await this.call("/back", { ...of, change: Number(which) })) {
        this.acts.saved(say("capacity.back", { day: spokenDay(of.day) }), null);
      }
    });
  }

  askSeats(of, at) {
    const when = at === null ? say("capacity.whole") : isolated(at);
    ask(say("capacity.title"), [
      { name: "seats", label: say("capacity.seats", { day: spokenDay(of.day), when }), pattern: "[0-9٠-٩]{1,2}", maxlength: 2, dir: "ltr" },
    ], async ({ seats }) => {
      const made = await this.call("", { ...of, at, seats: Number(asTyped(seats)) });
      if (made) {
        const undo = made.change === null ? null : () => this.call("/back", { ...of, change: made.change });
        this.acts.saved(say("capacity.changed", { day: spokenDay(of.day), when, n: Number(asTyped(seats)) }), undo);
      }
    });
  }

  // Return central's answer; null where there is none, and why is said. A lost answer is asked for again by its key.
  async call(path, wish) {
    this.acts.tell(say("appointment.asking"));
    const body = JSON.stringify({ key: crypto.randomUUID(), ...wish });
    for (const isLast of [false, true]) {
      try {
        const answer = await fetch(`/v1/capacity${path}`, { method: "POST", headers: { "Content-Type": "application/json" }, body });
        const said = await answer.json();
        this.acts.tell(answer.ok ? null : problemText(said.type?.split("/").pop(), said));
        return answer.ok ? said : null;
      } catch {
        if (isLast) {
          this.acts.tell(say("problem.no-connection"));
        }
      }
    }
    return null;
  }
}
