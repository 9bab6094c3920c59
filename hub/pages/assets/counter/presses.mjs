// Presses that a bad line neither loses nor doubles: each keeps the key that it was made with until its answer is there,
// also over a reload of the page.

import { keep } from "./answers.mjs";
import { followed, heard } from "./followed.mjs";

const RETRY_MS = 1000;
const ASKED_AFTER_MS = 60_000;
const UNDO_WITHIN_MS = 5 * 60 * 1000;
const KEPT = "press";
// After these there is nothing that could be taken back.
const FINAL = ["open", "pause", "close", "give", "undo"];
const NAMED = ["again", "came", "not-here", "done", "left", "park", "transfer"];

const carried = () => (followed() === null ? {} : { "Hub-Followed": followed() });

export class Presses {
  // `onChange`: a press goes out, or has its answer. `onAnswer(body, status, said)`: a final answer. `onRefused(code)`:
  // the session is no more. `hasLine()`: whether the hub is heard. `isStillWanted(body, minutes)`: resolves to what the clerk
  // says of a press that has waited so long: people may have been called by voice since, or have gone.
  constructor({ onChange, onAnswer, onRefused, hasLine, isStillWanted }) {
    Object.assign(this, { onChange, onAnswer, onRefused, hasLine, isStillWanted });
    this.pending = null;
    this.isAsking = false;
    this.lastActed = null;
  }

  async press(counter, kind, more = {}) {
    if (this.pending !== null) {
      return;
    }
    const named = NAMED.includes(kind) ? { ticket: counter.ticket?.id, version: counter.version } : {};
    this.pending = { key: crypto.randomUUID(), counter: counter.number, body: { press: kind, ...named, ...more } };
    this.begin();
    await this.settle();
  }

  begin() {
    this.pending.at = Date.now(); // which goes on while a PC sleeps, and over a reload
    sessionStorage.setItem(KEPT, JSON.stringify(this.pending));
  }

  // Take up the press of before a reload.
  takeUp() {
    const kept = sessionStorage.getItem(KEPT);
    if (kept !== null && this.pending === null) {
      this.pending = JSON.parse(kept);
      this.settle();
    }
  }

  async settle() {
    this.onChange();
    while (this.pending !== null) {
      const { key, counter, body } = this.pending;
      if (!(await this.mayGoOut())) {
        continue;
      }
      try {
        const answer = await fetch(`/v1/counters/${counter}/presses`, {
          method: "POST",
          headers: { "Content-Type": "application/json", "Idempotency-Key": key, ...carried() },
          body: JSON.stringify(body),
        });
        if (this.pending?.key !== key) {
          return; // forgotten meanwhile: another hub leads
        }
        if (answer.status === 401 || answer.status === 403) {
          this.forget();
          this.onRefused((await answer.json()).type?.split("/").pop());
          return;
        }
        if (answer.status < 500 && answer.status !== 429) {
          await this.take(answer);
          return;
        }
      } catch {
        // No line: the same press goes out again, with the same key.
      }
      await new Promise((done) => setTimeout(done, RETRY_MS));
    }
  }

  // Whether what is pending goes out now: the clerk is asked first where it has waited for long, or nobody knows how long.
  async mayGoOut() {
    const { pending } = this;
    const waitedMs = Date.now() - pending.at;
    if (waitedMs >= 0 && waitedMs <= ASKED_AFTER_MS) {
      return true;
    }
    if (!this.hasLine()) {
      await new Promise((done) => setTimeout(done, RETRY_MS));
      return false;
    }
    this.isAsking = true;
    this.onChange();
    const isWanted = await this.isStillWanted(pending.body, Math.max(1, Math.floor((waitedMs || 0) / 60_000)));
    this.isAsking = false;
    if (this.pending !== pending) {
      return false; // another hub leads, or nobody is logged in any more
    }
    if (isWanted) {
      this.begin();
    } else {
      this.forget();
    }
    this.onChange();
    return isWanted;
  }

  async take(answer) {
    const { key, counter, body } = this.pending;
    const text = await answer.text();
    const said = JSON.parse(text);
    const signature = answer.headers.get("Hub-Signature");
    heard(JSON.parse(answer.headers.get("Hub-Statement")));
    if (signature !== null && answer.status === 200) {
      const [seq, pulled] = ["Hub-Seq", "Hub-Pulled"].map((name) => Number(answer.headers.get(name)));
      const known = signature.split(".", 2).join(".");
      const { version } = said.counter;
      keep({ counter, key, version, answer: { status: answer.status, body: text, signature }, known, seq }, pulled);
    }
    this.forget();
    if (answer.status === 200) {
      const ticket = FINAL.includes(body.press) ? null : body.ticket ?? said.counter.ticket?.id ?? null;
      this.lastActed = { at: performance.now(), ticket };
    }
    this.onAnswer(body, answer.status, said);
  }

  forget() {
    this.pending = null;
    sessionStorage.removeItem(KEPT);
  }

  // The ticket that an undo would name, that of the last act; null where nothing can be taken back any more.
  undoable() {
    if (this.lastActed === null || performance.now() - this.lastActed.at >= UNDO_WITHIN_MS) {
      return null;
    }
    return this.lastActed.ticket;
  }
}
