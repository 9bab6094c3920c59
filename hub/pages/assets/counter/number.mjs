// What is typed, as a clerk's keyboard writes it: on an Arabic layout A is «ش», and digits may be ٠ to ٩.

// What the keys of the Arabic layout (101) write, by the Latin letter that is printed on them.
const LATIN = {
  "ش": "A", "لا": "B", "ؤ": "C", "ي": "D", "ث": "E", "ب": "F", "ل": "G", "ا": "H", "ه": "I", "ت": "J", "ن": "K", "م": "L", "ة": "M",
  "ى": "N", "خ": "O", "ح": "P", "ض": "Q", "ق": "R", "س": "S", "ف": "T", "ع": "U", "ر": "V", "ص": "W", "ء": "X", "غ": "Y", "ئ": "Z",
};

export const NUMBER_PATTERN = "(?:[A-Za-z]|[\\u0621-\\u064A]{1,2})?[0-9\\u0660-\\u0669·]{4,10}";
export const TIME_PATTERN = "[0-9\\u0660-\\u0669]{1,2}[:.][0-9\\u0660-\\u0669]{2}"; // as fields.html has it

export function western(typed) {
  return typed.replace(/[٠-٩]/g, (one) => String(one.charCodeAt(0) - 0x660));
}

export function asTyped(number) {
  return western(number.replaceAll("·", "")).replace(/^[\u0621-\u064A]+/, (letters) => LATIN[letters] ?? letters).toUpperCase();
}

// A day as it is written between programs: 2026/12/4 as 2026-12-04.
export function dayTyped(typed) {
  return western(typed).trim().split(/[/.-]/).map((part) => part.padStart(2, "0")).join("-");
}

// A time of day as it is written between programs: 8:30 as 08:30.
export function timeTyped(typed) {
  return western(typed).trim().replace(".", ":").padStart(5, "0");
}
