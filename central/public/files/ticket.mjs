// Asks every ten seconds whether anything has changed; an unchanged answer is a few bytes (ETag).
const EVERY_MS = 10000;
let tag = null;

async function look() {
  try {
    const answer = await fetch(location.href, { headers: tag ? { "If-None-Match": tag } : {}, cache: "no-store" });
    document.getElementById("away").hidden = true;
    if (answer.status === 304) {
      return;
    }
    tag = answer.headers.get("ETag");
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    document.body.dataset.state = fresh.body.dataset.state;
    document.getElementById("ticket").replaceWith(fresh.getElementById("ticket"));
  } catch {
    document.getElementById("away").hidden = false;
  }
}

setInterval(() => document.visibilityState === "visible" && look(), EVERY_MS);
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && look());
