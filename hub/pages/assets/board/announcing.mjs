// What is announced is each call, known by its number and its moment, which every log that has it tells alike: a recall
// sounds, two calls of one second sound one after the other, none is cut off, and one that comes late is shown only.

const FLASH_MS = 10_000;
const ANNOUNCE_WITHIN_MS = 30_000;
const SOUND_AT_MOST_MS = 30_000;
const SAID = "said";
const MOST_SAID = 100;

const nameOf = ({ number, at }) => `${number}@${at}`;

export class Announcer {
  // `speaks`: whether this board says the calls. `hubNow`: the hub's time. `onSaying(call)`: a call is being said, null
  // once none is. `onBlocked(is)`: the browser wants a touch before it plays.
  constructor({ speaks, hubNow, onSaying, onBlocked }) {
    Object.assign(this, { speaks, hubNow, onSaying, onBlocked });
    const kept = new URLSearchParams(location.hash.slice(1)).get(SAID) ?? sessionStorage.getItem(SAID);
    this.said = kept === null ? null : kept.split(" ");
    this.mark = null;
    this.flashing = new Map();
    this.queue = [];
    this.speaking = false;
    sessionStorage.removeItem(SAID);
    history.replaceState(null, "", location.pathname + location.search);
    addEventListener("pagehide", () => this.said !== null && sessionStorage.setItem(SAID, this.said.join(" ")));
  }

  // What goes along to the page of another hub, behind the address's #.
  along() {
    return this.said === null ? "" : `#${SAID}=${encodeURIComponent(this.said.join(" "))}`;
  }

  get isQuiet() {
    return !this.speaking && this.queue.length === 0 && ![...this.flashing.values()].some((until) => until > performance.now());
  }

  isFlashing(call) {
    return (this.flashing.get(call.seq) ?? 0) > performance.now();
  }

  // A page that opens announces nothing that was called before.
  hear({ calls, mark }) {
    this.mark = mark;
    const inTurn = calls.toReversed();
    const fresh = this.said === null ? [] : inTurn.filter((call) => !this.said.includes(nameOf(call)));
    this.said = [...new Set([...(this.said ?? []), ...inTurn.map(nameOf)])].slice(-Math.max(MOST_SAID, calls.length));
    for (const [seq, until] of this.flashing) {
      if (until < performance.now()) {
        this.flashing.delete(seq);
      }
    }
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
