// What this counter was answered and no standby is known to have: each answer is signed by its hub, the oldest first.
// After another hub has taken over, it is told of them in this order before anybody is called.

const KEPT = "answers";
const MOST = 100;

export const answers = () => JSON.parse(sessionStorage.getItem(KEPT) ?? "[]");

const put = (list) => sessionStorage.setItem(KEPT, JSON.stringify(list.slice(-MOST)));

// `known` names the log that has it: hub and term. `pulled`: up to where standbys have that log.
export function keep(answer, pulled) {
  put([...answers().filter((one) => one.seq > pulled), answer]);
}

export function areTold(counter, known, seq) {
  put(answers().map((one) => (one.counter === counter ? { ...one, known, seq } : one)));
}

export function forget(counter) {
  put(answers().filter((one) => one.counter !== counter));
}

export function drop({ answer: { signature } }) {
  put(answers().filter((one) => one.answer.signature !== signature));
}

// What goes along to the page of another hub, behind the address's #, and is taken up there.
export const alongToAnotherHub = () => (answers().length > 0 ? `#${KEPT}=${encodeURIComponent(JSON.stringify(answers()))}` : "");

export function takeWhatCameAlong() {
  const along = new URLSearchParams(location.hash.slice(1)).get(KEPT);
  if (along !== null) {
    put(JSON.parse(along));
    history.replaceState(null, "", location.pathname + location.search);
  }
}
