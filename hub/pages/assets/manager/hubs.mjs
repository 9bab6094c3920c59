// The hubs of the centre: which leads, which of the others holds how much of the log, and the way to let another one lead.

import { clock, language, say } from "../live.mjs";

const byId = (id) => document.getElementById(id);

// People know a hub by where it is, never by its id.
export function hubName({ hubs }, id) {
  const address = hubs.find((one) => one.id === id)?.address;
  return address ? `\u2066${new URL(address).host}\u2069` : say("manager.unknown_hub");
}

export function drawHubs(view) {
  const { holders } = view;
  byId("hubs-card").hidden = holders.length < 2;
  if (!byId("hubs").contains(document.activeElement)) {
    byId("hubs").replaceChildren(...holders.map((one) => line(view, one)));
  }
}

function line(view, { name, role, at }) {
  const made = document.createElement("li");
  const hub = hubName(view, name);
  if (role === "leading") {
    made.append(say("manager.hub_leads", { hub }));
    return made;
  }
  made.append(at === null ? say("manager.hub_unheard", { hub }) : say("manager.hub_holds", { hub, at: clock(new Date(at)) }));
  const address = view.hubs.find((one) => one.id === name)?.address;
  if (address) {
    const link = Object.assign(document.createElement("a"), { href: `${address}/manager?lang=${language}#promote`, textContent: say("manager.let_lead") });
    link.setAttribute("aria-label", `${say("manager.let_lead")}: ${hub}`);
    made.append(" ", link);
  }
  return made;
}
