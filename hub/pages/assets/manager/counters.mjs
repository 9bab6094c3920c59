// The counters of the centre: how each stands, and which groups it calls, chosen in a form.

import { groupMark, language, numberElement, say } from "../live.mjs";

const byId = (id) => document.getElementById(id);

// `acts`: wish(path, body), sure(question, verb, then), saved(text, undo).
export function drawCounters(view, acts) {
  if (byId("counters").contains(document.activeElement)) {
    return; // somebody is at a button there: the next view draws it
  }
  const states = new Map(view.status.counters.map((one) => [one.number, one]));
  byId("counters").replaceChildren(...view.defined.map((one) => row(view, one, states.get(one.number), acts)));
}

function row(view, defined, state, acts) {
  const made = document.createElement("tr");
  const cell = (className, ...content) => {
    const box = Object.assign(document.createElement("td"), { className });
    box.append(...content);
    made.append(box);
  };
  const name = defined.names[language] ?? "";
  cell("place", name === "" || name === String(defined.number) ? String(defined.number) : `${defined.number} · ${name}`);
  const standing = Object.assign(document.createElement("span"), { className: "standing", textContent: say(`manager.state.${state?.state ?? "closed"}`) });
  standing.dataset.state = state?.state ?? "closed";
  cell("state", standing);
  cell("at", state?.ticket ? numberElement(state.ticket) : "–");
  cell("groups", ...defined.groups.map(groupMark), button(say("manager.change"), () => choose(view, defined, acts), say("manager.groups_of", { n: defined.number })));
  cell("acts", ...actions(view, defined, state, acts));
  return made;
}

function button(text, then, name = null, className = "") {
  const made = Object.assign(document.createElement("button"), { type: "button", textContent: text, className });
  made.onclick = () => { made.blur(); then(); };  // while it has the focus the list stays as it is
  if (name !== null) {
    made.setAttribute("aria-label", `${text}: ${name}`);
  }
  return made;
}

function actions(view, { number }, state, { wish, sure }) {
  const found = [];
  if (view.waiting_for.includes(number)) {
    found.push(button(say("manager.release"), () => wish("/v1/counters", { number, release: true })));
  }
  if (state && state.state !== "closed") {
    const close = () => sure(say("manager.sure_close_counter", { n: number }), say("manager.close_counter"), () => wish("/v1/counters", { number, close: true }));
    found.push(button(say("manager.close_counter"), close, say("manager.place", { n: number }), "grave"));
  }
  return found;
}

// Groups keep their order; what is added comes last.
function choose(view, { number, groups }, { wish, saved }) {
  const letters = [...new Set([...Object.keys(view.group_names), ...groups])].sort();
  byId("choose-title").textContent = say("manager.groups_of", { n: number });
  byId("choose-groups").replaceChildren(...letters.map((letter) => option(view, letter, groups.includes(letter))));
  const put = (wanted) => wish("/v1/counters", { number, groups: wanted });
  byId("choose-form").onsubmit = async (event) => {
    if (event.submitter?.value !== "yes") {
      return;
    }
    const chosen = new Set(new FormData(byId("choose-form")).getAll("group"));
    const wanted = [...groups.filter((one) => chosen.has(one)), ...[...chosen].filter((one) => !groups.includes(one))];
    if (wanted.length === 0) {
      event.preventDefault();
      byId("choose-why").hidden = false;
    } else if (await put(wanted)) {
      saved(say("manager.groups_saved", { n: number, groups: `\u2066${wanted.join(" ")}\u2069` }), () => put(groups));
    }
  };
  byId("choose-why").hidden = true;
  byId("choose").showModal();
}

function option(view, letter, isChosen) {
  const label = document.createElement("label");
  const box = Object.assign(document.createElement("input"), { type: "checkbox", name: "group", value: letter, checked: isChosen });
  label.append(box, groupMark(letter), ` ${view.group_names[letter]?.[language] ?? ""}`);
  return label;
}
