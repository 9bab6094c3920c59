// What is announced is each call event, by its own count: a recall sounds, two calls of one second sound one after the
// other, none is cut off, and one that comes late is shown only.

const FLASH_MS = 10_000;
const ANNOUNCE_WITHIN_MS = 30_000;
const SOUND_AT_MOST_MS = 30_000;
const HEARD = "heard";

export class Announcer {
  // `speaks`: whether this board says the calls. `hubNow`: the hub's time. `onSaying(call)`: a call is being said, null
  // once none is. `onBlocked(is)`: the browser wants a touch before it plays.
  constructor({ speaks, hubNow, onSaying, onBlocked }) {
    Object.assign(this, { speaks, hubNow, onSaying, onBlocked });
    this.announced = this.mark = this.term = null;
    this.until = new URLSearchParams(location.hash.slice(1)).get(HEARD) ?? sessionStorage.getItem(HEARD);
    this.flashing = new Map();
    this.queue = [];
    this.speaking = false;
    sessionStorage.removeItem(HEARD);
    history.replaceState(null, "", location.pathname + location.search);
    addEventListener("pagehide", () => this.until !== null && sessionStorage.setItem(HEARD, this.until));
  }

  // What goes along to the page of another hub, behind the address's #.
  along() {
    return this.until === null ? "" : `#${HEARD}=${encodeURIComponent(this.until)}`;
  }

  get isQuiet() {
    return !this.speaking && this.queue.length === 0 && ![...this.flashing.values()].some((until) => until > performance.now());
  }

  isFlashing(call) {
    return (this.flashing.get(call.seq) ?? 0) > performance.now();
  }

  hear({ calls, as_of: asOf, ...seen }) {
    if (seen.mark !== this.mark && this.until !== null) {
      // Another hub or log, or this page loaded again: counts may begin again too, so what was heard before is known by its time.
      const byTime = Math.max(0, ...calls.filter((call) => Date.parse(call.at) <= Date.parse(this.until)).map((call) => call.seq));
      this.announced = seen.term === this.term ? Math.min(this.announced, byTime) : byTime;
    }
    ({ mark: this.mark, term: this.term } = seen);
    this.until = asOf;
    const fresh = calls.filter((call) => this.announced !== null && call.seq > this.announced).reverse();
    for (const [seq, until] of this.flashing) {
      if (until < performance.now()) {
        this.flashing.delete(seq);
      }
    }
    this.announced = Math.max(this.announced ?? 0, ...calls.map((call) => call.seq), 0);
    for (const call of fresh) {
      if (this.hubNow() - Date.parse(call.at) <= ANNOUNCE_WITHIN_MS) {
        this.flashing.set(call.seq, performance.now() + FLASH_MS);
        this.queue.push({ ...call, mark: this.mark });
      }
    }
    this.speak();
  }

  async speak() {
    if (this.speaking || !this.speaks) {
      this.queue.length = this.speaks ? this.queue.length : 0;
      return;
    }
    this.speaking = true;
    while (this.queue.length > 0) {
      const call = this.queue.shift();
      this.onSaying(call);
      await this.play(call);
      if (this.queue.length === 0) {
        await this.play(call); // said twice only while nothing else waits
      }
    }
    this.speaking = false;
    this.onSaying(null);
  }

  // The address bears the mark of the log, so that no other call of the same count is heard out of the browser's cache.
  play({ seq, mark }) {
    return new Promise((done) => {
      const sound = new Audio(`/voice/${mark}/${seq}.wav`);
      document.body.dispatchEvent(new CustomEvent("announced", { detail: seq }));
      const ended = setTimeout(done, SOUND_AT_MOST_MS);
      const end = () => {
        clearTimeout(ended);
        done();
      };
      sound.onended = sound.onerror = end;
      sound.play().then(() => this.onBlocked(false), (error) => {
        this.onBlocked(error.name === "NotAllowedError");
        end();
      });
    });
  }
}
