// Asks every ten seconds whether anything has changed; an unchanged answer is a few bytes (ETag).
const EVERY_MS = 10000;
const GONE = 404;
let tag = null;

async function look() {
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

setInterval(() => document.visibilityState === "visible" && look(), EVERY_MS);
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && look());
