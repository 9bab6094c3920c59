// Asks every ten seconds whether anything has changed; an unchanged answer is a few bytes (ETag).
const EVERY_MS = 10000;
const EVERY_UNSEEN_MS = 25000; // a call stands in the title of a page that lies behind another
const GONE = 404;
const CALLED = "called";
const FELT_MS = [400, 200, 400, 200, 800];
let tag = null;
let askedAt = performance.now();

async function look() {
  askedAt = performance.now();
  try {
    const answer = await fetch(location.href, { headers: tag ? { "If-None-Match": tag } : {}, cache: "no-store" });
    if (answer.status === 304) {
      away(false);
      return;
    }
    // Whatever stands before central may answer too: a page of its own says nothing of this number.
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    const ticket = fresh.getElementById("ticket");
    if (ticket === null || !(answer.ok || answer.status === GONE)) {
      away(true);
      return;
    }
    tag = answer.headers.get("ETag");
    if (document.querySelector("#ticket form :checked") && ticket.querySelector("form")) {
      return; // somebody is answering; what he chose stays
    }
    if (fresh.body.dataset.state === CALLED && document.body.dataset.state !== CALLED) {
      navigator.vibrate?.(FELT_MS);
    }
    document.title = fresh.title;
    document.body.dataset.state = fresh.body.dataset.state;
    document.getElementById("ticket").replaceWith(ticket);
    away(false);
  } catch {
    away(true);
  }
}

function away(isAway) {
  document.getElementById("away").hidden = !isAway;
}

setInterval(() => (document.visibilityState === "visible" || performance.now() - askedAt >= EVERY_UNSEEN_MS) && look(), EVERY_MS);
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && look());
