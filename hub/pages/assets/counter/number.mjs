// A number as a clerk's keyboard writes it: on an Arabic layout A is «ش», and digits may be ٠ to ٩.

// What the keys of the Arabic layout (101) write, by the Latin letter that is printed on them.
const LATIN = {
  "ش": "A", "لا": "B", "ؤ": "C", "ي": "D", "ث": "E", "ب": "F", "ل": "G", "ا": "H", "ه": "I", "ت": "J", "ن": "K", "م": "L", "ة": "M",
  "ى": "N", "خ": "O", "ح": "P", "ض": "Q", "ق": "R", "س": "S", "ف": "T", "ع": "U", "ر": "V", "ص": "W", "ء": "X", "غ": "Y", "ئ": "Z",
};

export const NUMBER_PATTERN = "(?:[A-Za-z]|[\\u0621-\\u064A]{1,2})?[0-9\\u0660-\\u0669·]{4,10}";

export function western(typed) {
  return typed.replace(/[٠-٩]/g, (one) => String(one.charCodeAt(0) - 0x660));
}

export function asTyped(number) {
  return western(number.replaceAll("·", "")).replace(/^[\u0621-\u064A]+/, (letters) => LATIN[letters] ?? letters).toUpperCase();
}
