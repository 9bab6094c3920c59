// What the hall's day is at: it decides what the board is composed of.

import { say, spokenDay } from "../live.mjs";

const isServed = (view) => view.business_day !== null && !view.day_closed;

// Numbers were called, and nobody calls now.
export const isInterrupted = (view) => isServed(view) && view.calls.length > 0 && view.counters.length === 0;

// Whether calls stand as they were, each with its time: no counter calls, or nobody knows.
export const isPast = (view, lost) => lost !== null || view.counters.length === 0;

// What is said of those who go home unserved: a sentence, where it is true of somebody.
export function carried({ carried: found }) {
  if (!found) {
    return [];
  }
  const [first, last] = [spokenDay(found.days[0]), spokenDay(found.days.at(-1))];
  const day = first === last ? first : say("board.either_day", { first, last });
  return [found.waited_min === 0 ? say("board.carried_all", { day }) : say("board.carried", { n: found.waited_min, day })];
}

// What stands on the board where it shows no calls: a sentence, and one that says what comes. Null where it shows calls.
export function poster(view, isAnnouncing) {
  if (view.business_day === null) {
    return [say("board.no_day"), say("board.no_day_then")];
  }
  if (view.day_closed && view.counters.length === 0 && !isAnnouncing) {
    return [say("board.day_over"), say(view.carried ? "board.keep_paper" : "board.day_over_then")];
  }
  if (view.calls.length > 0) {
    return null;
  }
  return view.counters.length > 0 ? [say("board.none"), say("board.none_then")] : [say("board.no_counter"), say("board.no_counter_then")];
}
