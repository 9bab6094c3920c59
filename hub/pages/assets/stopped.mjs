// Services that stand still, in words: on the board, at counters and for managers.

import { clock, language, say } from "./live.mjs";

const DAY_MS = 86_400_000;

// Each a sentence; `now` is the hub's clock in milliseconds. Those who work hear of them outside their hours too.
export const stoppedOf = (view, now) =>
  Object.entries(view.stopped).map(([service, one]) => ({ service, ...one, sentence: sentence(one, now) }));

// Those that would be open now: what is closed anyway says nothing to the hall.
export const stoppedNow = (view, now) => {
  const open = new Set(view.services.filter(({ state }) => state === "interrupted").map(({ service }) => service));
  return stoppedOf(view, now).filter(({ service }) => open.has(service));
};

// Since when and why: a moment of another day is no time of the clock.
function sentence({ names, reason, since }, now) {
  const isToday = since !== null && now - Date.parse(since) < DAY_MS && clock(new Date(since)) <= clock(new Date(now));
  const [plain, because] = isToday ? ["board.stopped_since", "board.stopped_since_because"] : ["board.stopped", "board.stopped_because"];
  return say(reason === null ? plain : because, { service: names[language], since: isToday ? clock(new Date(since)) : "", reason: reason?.[language] ?? "" });
}
