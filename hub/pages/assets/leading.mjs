// Where a page belongs: at a hub that leads. Every page asks all hubs of its centre, its own too, and goes where one leads if
// its own does not; two may be alive and not hear each other, and then the greater (term, hub id) leads.

const EACH_MS = 3000;
const EACH_MS_IN_NEED = 1000; // while the page's own hub is silent, or stands by
const WAITS_MS = 1500;

const outranks = (one, other) => one.term > other.term || (one.term === other.term && one.hub > other.hub);

// `own`: the last word of the page's own hub, null while it has said nothing; one that leads is left for a greater hub
// alone, one that stands by for any of its own term. `words`: what the others say. Resolves to one of those, or null: stay.
export function whereToGo(own, words) {
  const least = own?.leading ? own : { term: own?.term ?? -1, hub: "" };
  return words.filter((one) => one.leading).reduce((best, one) => (outranks(one, best ?? least) ? one : best), null);
}

// The hubs that this page's policy lets it ask: one that was named since is found by loading the page again.
const named = () => document.body.dataset.hubs.split(" ").filter(Boolean);

export const knowsAll = (hubs) => hubs.every(({ id, address }) => named().includes(`${id}=${address}`));

function others() {
  const hubs = named().map((one) => ({ id: one.slice(0, one.indexOf("=")), address: one.slice(one.indexOf("=") + 1) }));
  return hubs.filter(({ address }) => address !== location.origin);
}

// A hub's word on itself, null where there is none, or where another answers in its place.
async function wordOf({ id = null, address }) {
  try {
    const answer = await fetch(`${address}/v1/hub`, { cache: "no-store", signal: AbortSignal.timeout(WAITS_MS) });
    const said = answer.ok ? await answer.json() : {};
    return said.hub && (id === null || said.hub === id) ? { ...said, address } : null;
  } catch {
    return null;
  }
}

export class Leader {
  // `takeAlong`: what goes along behind the address's #. `onHeard`: takes the word of the leader that is followed.
  // `onStandby`: hears whether the page's own hub stands by. `stays`: whether somebody lets just this hub lead now.
  constructor({ takeAlong = () => "", onHeard = () => {}, onStandby = () => {}, stays = () => false } = {}) {
    Object.assign(this, { takeAlong, onHeard, onStandby, stays });
    this.own = null;
    this.isInNeed = false;
    this.askedAt = 0;
    this.underWay = null;
    this.look();
    setInterval(() => this.isDue() && this.look(), EACH_MS_IN_NEED);
  }

  isDue() {
    return this.isInNeed || performance.now() - this.askedAt >= EACH_MS;
  }

  // Look once, however often it is asked for meanwhile.
  look() {
    this.underWay ??= this.ask().finally(() => { this.underWay = null; });
    return this.underWay;
  }

  async ask() {
    this.askedAt = performance.now();
    const [own, ...said] = await Promise.all([wordOf({ address: location.origin }), ...others().map(wordOf)]);
    // Twice in a row: a hub that has just begun says so too, until it knows who leads.
    const isStandby = own !== null && !own.leading && this.own?.leading === false;
    this.own = own ?? this.own;
    this.isInNeed = own === null || !own.leading;
    this.onStandby(isStandby);
    const goal = whereToGo(this.own, said.filter((one) => one !== null));
    if (goal !== null && !this.stays()) {
      this.onHeard(goal.statement);
      location.replace(goal.address + location.pathname + location.search + this.takeAlong());
    }
  }
}
