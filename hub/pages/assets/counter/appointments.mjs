// An appointment for somebody who stands here or telephones: booked and ended by central, for people without the app.

import { language, problemText, say, spokenDay } from "../live.mjs";
import { ask } from "./dialog.mjs";
import { TO_CHOOSE } from "./questions.mjs";

const DIGITS = "[0-9٠-٩]";
const western = (typed) => typed.replace(/[٠-٩]/g, (one) => "٠١٢٣٤٥٦٧٨٩".indexOf(one));
const isolated = (text) => `\u2066${text}\u2069`;
const day = (at) => at.slice(0, 10);
const time = (at) => isolated(at.slice(11, 16));
const KEPT = "appointment"; // what is asked for, until its answer is there: a reload of the page asks again
const LEAST_TRIES = 2;
const RETRY_MS = 1000;
const named = (at) => spokenDay(day(at));

const keyed = (wish) => ({ key: crypto.randomUUID(), ...wish });

// `told`: takes a sentence for the page, null for none.
export class Appointments {
  constructor({ told }) {
    this.told = told;
  }

  ask(view) {
    ask(say("appointment.title"), [
      { name: "what", label: say("appointment.what"), options: [["book", say("appointment.book")], ["end", say("appointment.end")]] },
    ], ({ what }) => (what === "book" ? this.askService(view) : this.askEnd()));
  }

  askService(view) {
    const options = view.offered.map((one) => [one.code, `${one.group} · ${one.names[language]}`]);
    ask(say("appointment.see_times"), [{ name: "service", label: say("counter.service"), options: [TO_CHOOSE(), ...options] }],
      async ({ service }) => {
        const found = await this.call("/seats", keyed({ service }));
        if (found !== null && found.seats.length === 0) {
          this.told(say("appointment.none_left"));
        } else if (found !== null) {
          this.told(null);
          this.askTime(view, service, found.seats);
        }
      });
  }

  askTime(view, service, seats) {
    const days = Map.groupBy(seats, day);
    const options = [...days.values()].map((times) => [named(times[0]), times.map((at) => [at, `${named(at)} ${time(at)}`])]);
    ask(say("appointment.book"), [
      { name: "at", label: say("appointment.time"), options: [TO_CHOOSE(), ...options] },
      { name: "who", label: say("appointment.who"), pattern: `${DIGITS}{4}`, maxlength: 4, dir: "ltr" },
      { name: "people", label: say("appointment.people"), options: [1, 2, 3, 4].map((n) => [String(n), String(n)]) },
    ], ({ at, who, people }) => this.settle("", keyed({ service, at, who: western(who), people: Number(people) })));
  }

  askEnd() {
    ask(say("appointment.end"), [{ name: "digits", label: say("appointment.digits"), pattern: `(${DIGITS} ?){8}`, maxlength: 16, dir: "ltr" }],
      ({ digits }) => this.settle("/ends", keyed({ digits: western(digits).replaceAll(" ", "") })));
  }

  // Have central book or end one, and say what it answered.
  async settle(path, wish) {
    sessionStorage.setItem(KEPT, JSON.stringify({ path, wish }));
    const answer = await this.call(path, wish, () => sessionStorage.getItem(KEPT) !== null);
    this.forget();
    if (answer !== null && path === "/ends") {
      this.told(say("appointment.ended"));
    } else if (answer !== null) {
      const digits = isolated(`${answer.digits.slice(0, 4)} ${answer.digits.slice(4)}`);
      this.told(say("appointment.booked", { day: named(answer.at), time: time(answer.at), digits }));
    }
  }

  // Take up what was asked for before a reload: under its key it is booked once.
  takeUp() {
    const kept = sessionStorage.getItem(KEPT);
    if (kept !== null) {
      const { path, wish } = JSON.parse(kept);
      this.settle(path, wish);
    }
  }

  forget() {
    sessionStorage.removeItem(KEPT);
  }

  // Return central's answer; null where there is none, and why is said. A lost answer is asked for again by its key, once
  // or for as long as `isAwaited` says so: what was booked, and is not told, could be neither used nor ended.
  async call(path, wish, isAwaited = () => false) {
    this.told(say("appointment.asking"));
    const body = JSON.stringify(wish);
    for (let tries = 1; tries <= LEAST_TRIES || isAwaited(); tries += 1) {
      try {
        const answer = await fetch(`/v1/appointments${path}`, { method: "POST", headers: { "Content-Type": "application/json" }, body });
        const said = await answer.json();
        if (answer.ok) {
          return said;
        }
        this.told(problemText(said.type?.split("/").pop(), said));
        return null;
      } catch {
        if (isAwaited()) {
          await new Promise((done) => setTimeout(done, RETRY_MS));
        } else if (tries >= LEAST_TRIES) {
          this.told(say("problem.no-connection"));
        }
      }
    }
    return null;
  }
}
