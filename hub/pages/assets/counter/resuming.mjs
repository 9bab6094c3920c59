// After another hub has taken over, it hears what this counter was answered and it may not have, before anybody is called.

import { answers, areTold, forget } from "./answers.mjs";

let isUnderWay = false;

const logOf = ({ hub, term }) => `${hub}.${term}`;

// Resolves to what the hub says against it, null where it took all or where the next view asks again.
export async function resume(view) {
  const { number } = view.counter;
  // A hub that waits for this counter, or shows an older state of it, may have lost what it answered itself.
  const isUntold = (one) => view.must_resume || one.known !== logOf(view) || one.version > view.counter.version;
  const untold = answers().filter((one) => one.counter === number && isUntold(one));
  if (isUnderWay || (!view.must_resume && untold.length === 0)) {
    return null;
  }
  isUnderWay = true;
  try {
    const wishes = untold.map(({ key, answer }, place) => ({ key, answer, more: place < untold.length - 1 }));
    let said = null;
    for (const wish of wishes.length > 0 ? wishes : [{ key: null, answer: null }]) {
      const response = await fetch(`/v1/counters/${number}/resume`, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(wish),
      });
      said = await response.json();
      if (!response.ok) {
        document.getElementById("state").dataset.resumed = "no";
        if (!view.must_resume && response.status < 500) {
          forget(number); // nobody waits for them, and they would be refused for ever
        }
        return said;
      }
    }
    areTold(number, logOf(view), said.seq);
    document.getElementById("state").dataset.resumed = "yes";
    return null;
  } catch {
    return null;
  } finally {
    isUnderWay = false;
  }
}
