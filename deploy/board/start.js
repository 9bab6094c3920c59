// The board's start page, from this machine's own disk: it asks each hub of the centre whether it leads, and goes to its
// board as soon as one does. `?hubs=` holds their addresses, with commas between; all else goes along to the board.
"use strict";

const ASK_EVERY_MS = 1500;
const ANSWER_WITHIN_MS = 4000;
const BELIEVED_FROM = Date.UTC(2026, 10, 1); // a clock that is behind is not shown
const query = new URLSearchParams(location.search);
const hubs = (query.get("hubs") ?? "").split(",").map((one) => one.trim().replace(/\/$/, "")).filter((one) => /^https?:\/\/[A-Za-z0-9.\-[\]:]+$/.test(one));
query.delete("hubs");
const zone = Intl.supportedValuesOf("timeZone").find((one) => one === query.get("zone")); // else this machine's own
query.delete("zone");

function tick() {
  const now = new Date();
  const clock = document.getElementById("clock");
  clock.hidden = now.getTime() < BELIEVED_FROM;
  clock.textContent = now.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: zone });
}

async function ask(address) {
  try {
    const answer = await fetch(`${address}/v1/hub`, { cache: "no-store", signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
    const said = await answer.json();
    return said.leading === true ? { address, term: said.term, hub: said.hub } : null;
  } catch {
    return null;
  }
}

async function look() {
  const leading = (await Promise.all(hubs.map(ask))).filter((one) => one !== null);
  leading.sort((one, other) => other.term - one.term || (other.hub > one.hub ? 1 : -1));
  if (leading.length > 0) {
    location.replace(`${leading[0].address}/board?${query}`);
    return;
  }
  document.getElementById("why").textContent = hubs.length > 0 ? hubs.join("  ") : "no hub is set: BOARD_HUBS in /etc/board.env";
  setTimeout(look, ASK_EVERY_MS);
}

tick();
setInterval(tick, 1000);
look();
