// Services that stand still, in words: on the board, at counters and for managers.

import { clock, language, say } from "./live.mjs";

const DAY_MS = 86_400_000;

// Those of a view, each a sentence; `now` is the hub's clock in milliseconds.
export const stoppedOf = (view, now) =>
  view.services.filter(({ state }) => state === "interrupted")
    .map((service) => ({ ...service, ...view.stopped[service.service], sentence: sentence(service, view.stopped[service.service], now) }));

// Since when and why: a moment of another day is no time of the clock.
function sentence({ since }, { names, reason }, now) {
  const isToday = since !== null && now - Date.parse(since) < DAY_MS && clock(new Date(since)) <= clock(new Date(now));
  const [plain, because] = isToday ? ["board.stopped_since", "board.stopped_since_because"] : ["board.stopped", "board.stopped_because"];
  return say(reason === null ? plain : because, { service: names[language], since: isToday ? clock(new Date(since)) : "", reason: reason?.[language] ?? "" });
}
