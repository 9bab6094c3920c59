// A dialog with a few fields, and what was typed.

import { say } from "../live.mjs";
import { NUMBER_PATTERN } from "./number.mjs";

const byId = (id) => document.getElementById(id);

export function ask(title, fields, then) {
  const form = byId("ask-form");
  byId("ask-title").textContent = title;
  form.replaceChildren(...fields.map(field), actions(title));
  for (const { name, neededBy } of fields.filter((one) => one.neededBy)) {
    const [input, other] = [form.elements[name], form.elements[neededBy]];
    other.onchange = () => { input.required = other.value !== ""; };
  }
  form.onsubmit = (event) => {
    if (event.submitter?.value === "yes") {
      const typed = Object.fromEntries(new FormData(form));
      byId("ask").addEventListener("close", () => then(typed), { once: true }); // which may ask something more
    }
  };
  byId("ask").showModal();
}

// Ask whether something is to be done; resolves to true only where the button that says so was pressed.
export async function confirmed(question, yes, no) {
  const dialog = byId("ask");
  if (dialog.open) {
    await new Promise((done) => dialog.addEventListener("close", done, { once: true }));
  }
  const form = byId("ask-form");
  byId("ask-title").textContent = question;
  form.replaceChildren(row(yes, no));
  form.onsubmit = null;
  dialog.returnValue = "";
  dialog.showModal();
  form.querySelector("button[value=no]").focus(); // a key that is pressed again by habit does nothing
  await new Promise((done) => dialog.addEventListener("close", done, { once: true }));
  return dialog.returnValue === "yes";
}

function field({ name, label, options, pattern, required = true, maxlength = 80, wrong = "", dir = null }) {
  const box = document.createElement("div");
  const input = document.createElement(options ? "select" : "input");
  input.id = `ask-${name}`;
  input.name = name;
  input.required = required;
  if (options) {
    input.append(...options.map(option));
  } else {
    Object.assign(input, { maxLength: maxlength, autocomplete: "off" }, pattern ? { pattern } : {}, dir ? { dir } : {});
    input.dataset.wrong = wrong;
  }
  box.append(Object.assign(document.createElement("label"), { htmlFor: input.id, textContent: label }), input);
  return box;
}

// What can be chosen: a value and its text, or a heading over several of them.
function option([value, text]) {
  if (typeof text === "string") {
    return Object.assign(document.createElement("option"), { value, textContent: text });
  }
  const group = Object.assign(document.createElement("optgroup"), { label: value });
  group.append(...text.map(option));
  return group;
}

// The button that does it says what is done.
const actions = (verb) => row(verb, say("ask.cancel"));

function row(verb, instead) {
  const made = document.createElement("div");
  made.className = "row";
  const yes = Object.assign(document.createElement("button"), { className: "main", value: "yes", textContent: verb });
  const no = Object.assign(document.createElement("button"), { value: "no", formNoValidate: true, textContent: instead });
  made.append(yes, no);
  return made;
}

export const NUMBER = { name: "number", label: "", pattern: NUMBER_PATTERN, dir: "ltr", maxlength: 12 };
