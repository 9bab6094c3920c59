// What a hub was told besides presses, as that a service stands still, and has signed: kept as answers to presses are,
// and told to the hub that leads after it.

import { answers, areTold, drop, keep } from "./answers.mjs";

const NO_COUNTER = 0;

let isUnderWay = false;

const logOf = ({ hub, term }) => `${hub}.${term}`;

// Keep an answer that says what it made true; `text` is its body as it came.
export function keepCommit(answer, text) {
  const signature = answer.headers.get("Hub-Signature");
  if (!answer.ok || signature === null || JSON.parse(text).facts.said.length === 0) {
    return;
  }
  const [seq, pulled] = ["Hub-Seq", "Hub-Pulled"].map((name) => Number(answer.headers.get(name)));
  const known = signature.split(".", 2).join(".");
  keep({ counter: NO_COUNTER, key: null, answer: { status: answer.status, body: text, signature }, known, seq }, pulled);
}

// Tell the hub of a view what another hub was told.
export async function tellCommits(view) {
  const untold = answers().filter((one) => one.counter === NO_COUNTER && one.known !== logOf(view));
  if (isUnderWay || !view.leading || untold.length === 0) {
    return;
  }
  isUnderWay = true;
  try {
    let said = null;
    for (const one of untold) { // one by one: together they may be too much for one body, and one that is wrong fails alone
      const response = await fetch("/v1/commits", {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ facts: [{ answer: one.answer }] }),
      });
      if (response.ok) {
        said = await response.json();
      } else if (response.status === 422) {
        drop(one); // it would be refused for ever
      } else {
        return; // this hub follows, or an earlier one leads: who leads next is told
      }
    }
    if (said !== null) {
      areTold(NO_COUNTER, logOf(view), said.seq);
    }
  } catch {
    // No line: the next view tells them.
  } finally {
    isUnderWay = false;
  }
}
