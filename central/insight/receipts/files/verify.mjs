// Judges the code of a receipt on this device alone: base45, strict CBOR, COSE_Sign1, Ed25519 by WebCrypto.
// The rules are those of common/protocol/codes; the golden samples are read by both.

const told = JSON.parse(document.getElementById("told").textContent);
const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
const PREFIX = "SY1:";
const MOST = 700;
const LATEST = 253370764800;
class Malformed extends Error {}
const refuse = (rule) => { throw new Malformed(rule); };
const hex = (bytes) => Array.from(bytes, (one) => one.toString(16).padStart(2, "0")).join("");

function base45(text) {
  const out = [];
  for (let at = 0; at < text.length; at += 3) {
    const part = Array.from(text.slice(at, at + 3), (sign) => ALPHABET.indexOf(sign));
    if (part.length < 2 || part.includes(-1)) refuse("not base45");
    const value = part.reduceRight((sum, digit) => sum * 45 + digit, 0);
    if (value > (part.length === 3 ? 0xffff : 0xff)) refuse("not base45");
    if (part.length === 3) out.push(value >> 8);
    out.push(value & 255);
  }
  return Uint8Array.from(out);
}

// One item of plain types: what could be read in two ways is refused (RFC 8949).
function decode(data) {
  let at = 0;
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const take = (count) => {
    if (count > data.length - at) refuse("ends early");
    at += count;
    return data.subarray(at - count, at);
  };
  const argument = (info) => {
    if (info < 24) return info;
    if (info > 27) refuse("indefinite or reserved length");
    return take(1 << (info - 24)).reduce((sum, one) => sum * 256 + one, 0);
  };
  const float = (info) => {
    const start = at;
    take(1 << (info - 24));
    if (info === 26) return view.getFloat32(start);
    if (info === 27) return view.getFloat64(start);
    const bits = view.getUint16(start), power = (bits >> 10) & 31, part = bits & 1023;
    const size = power === 31 ? (part ? NaN : Infinity) : power ? 2 ** (power - 15) * (1 + part / 1024) : 2 ** -24 * part;
    return bits & 0x8000 ? -size : size;
  };
  const item = (depth) => {
    const [head] = take(1), major = head >> 5, info = head & 31;
    if (major === 7) {
      if (info >= 25 && info <= 27) return { float: float(info) };
      return info === 20 ? false : info === 21 ? true : info === 22 ? null : refuse("a simple value that means nothing here");
    }
    const value = argument(info);
    if (major === 0) return value;
    if (major === 1) return -1 - value;
    if (major === 2) return take(value);
    if (major === 3) {
      try {
        return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(take(value));
      } catch (error) {
        throw error instanceof Malformed ? error : new Malformed("not decodable");
      }
    }
    if (major === 6) refuse("a tag where none belongs");
    if (depth === 0) refuse("nested too deep");
    if (value > 32) refuse("too many entries");
    if (major === 4) return Array.from({ length: value }, () => item(depth - 1));
    const map = new Map();
    for (let entry = 0; entry < value; entry += 1) {
      const kind = data[at] >> 5;
      if (at < data.length && ![0, 1, 3].includes(kind)) refuse("a map key that is neither number nor text");
      const key = item(depth - 1);
      if (map.has(key)) refuse("a map key twice");
      map.set(key, item(depth - 1));
    }
    return map;
  };
  const found = item(3);
  if (at !== data.length) refuse("bytes follow the item");
  return found;
}

function takeApart(text) {
  if (!text.startsWith(PREFIX)) refuse("no code of ours");
  if (text.length > MOST || text.length === PREFIX.length) refuse("not base45");
  const data = base45(text.slice(PREFIX.length));
  if (data[0] !== 0xd2) refuse("not tagged 18");
  const parts = decode(data.subarray(1));
  if (!Array.isArray(parts) || parts.length !== 4) refuse("not a COSE_Sign1");
  const [protectedHead, open, payload, signature] = parts;
  if (![protectedHead, payload, signature].every((one) => one instanceof Uint8Array)) refuse("not a COSE_Sign1");
  if (!(open instanceof Map) || open.size) refuse("unprotected header not empty");
  const head = decode(protectedHead), kid = head instanceof Map ? head.get(4) : null;
  const isOurs = head instanceof Map && head.size === 2 && [-19, -8].includes(head.get(1)) && kid instanceof Uint8Array;
  if (!isOurs || ![2, 4].includes(kid.length)) refuse("protected header is not alg and kid");
  const claims = decode(payload);
  if (!(claims instanceof Map)) refuse("claims are not a map");
  return { kid: hex(kid), claims, protectedHead, payload, signature };
}

function receiptOf(claims) {
  const text = (key, form) => {
    const value = claims.get(key);
    return typeof value === "string" && form.test(value) ? value : refuse("missing or malformed");
  };
  const whole = (value, least, most) =>
    Number.isInteger(value) && value >= least && value <= most ? value : refuse("missing or out of range");
  const word = /^[a-z0-9][a-z0-9_-]{0,63}$/, number = /^[!-~]{1,64}$/;
  const payment = claims.get(7), paid = claims.get(6);
  if (!["receipts", "sandbox"].includes(claims.get(1))) refuse("issuer does not issue receipts");
  if (!(payment instanceof Uint8Array) || payment.length !== 16) refuse("payment id is not 16 bytes");
  return {
    payment: hex(payment),
    biller: text(-70201, word), biller_receipt: text(-70202, number),
    payer: text(-70203, word), payer_receipt: text(-70204, number),
    bill_no: text(-70205, number), amount: whole(claims.get(-70206), 1, 1e12),
    currency: text(-70207, /^[A-Z]{3}$/), pound: text(-70208, /^(new|old)$/),
    paid: whole(paid && typeof paid === "object" && "float" in paid ? Math.trunc(paid.float) : paid, 0, LATEST),
  };
}

async function isSigned(code, publicKey) {
  const sized = (bytes) => bytes.length < 24 ? [0x40 | bytes.length] : bytes.length < 256 ? [0x58, bytes.length]
    : [0x59, bytes.length >> 8, bytes.length & 255];
  const name = new TextEncoder().encode("Signature1"), { protectedHead, payload } = code;
  const signed = Uint8Array.from([
    0x84, 0x60 | name.length, ...name, ...sized(protectedHead), ...protectedHead, 0x40, ...sized(payload), ...payload,
  ]);
  const raw = Uint8Array.from(atob(publicKey), (sign) => sign.charCodeAt(0));
  const key = await crypto.subtle.importKey("raw", raw, { name: "Ed25519" }, false, ["verify"]);
  return crypto.subtle.verify({ name: "Ed25519" }, key, code.signature, signed);
}

async function judgeOne(text) {
  let code, receipt;
  try {
    code = takeApart(text);
    receipt = receiptOf(code.claims);
  } catch (error) {
    if (error instanceof Malformed) return { is: "unreadable" };
    throw error;
  }
  if (told.others.includes(code.kid)) return { is: "forged" };
  const key = told.keys.find((one) => one.kid === code.kid);
  if (code.claims.get(1) !== (key ? key.issuer : "receipts")) return { is: "forged" };
  if (!key) return { is: "unverified", why: "unknown_key", receipt };
  try {
    if (!(await isSigned(code, key.public_key))) return { is: "forged" };
  } catch {
    return { is: "unsupported" };
  }
  if (key.retired) return { is: "unverified", why: "retired", receipt };
  if (key.signs_until !== null && receipt.paid >= key.signs_until) return { is: "forged" };
  return { is: key.issuer === "sandbox" ? "trial" : "genuine", receipt };
}

// A space may be the code's last sign, or what a clipboard has added; and an address has signs of its own for some.
function readings(text) {
  const own = text.replace(/^[\r\n]+|[\r\n]+$/g, ""), linked = /#SY1(:|%3A)/i.test(own) ? own.slice(own.indexOf("#") + 1) : own;
  const found = [own, own.trim(), linked, linked.trim()];
  try {
    found.push(decodeURIComponent(linked.trim()));
  } catch { /* no address */ }
  return [...new Set(found)];
}

async function judge(text) {
  let first = null;
  for (const one of readings(text)) {
    const found = await judgeOne(one);
    if (!["unreadable", "forged"].includes(found.is)) return found;
    first = first === null || first.is === "unreadable" ? found : first;
  }
  return first;
}

const element = (id) => document.getElementById(id);
let language = document.documentElement.lang;
let shown = null;
const say = (id) => told.texts[language][id];

function amountOf({ amount, currency, pound }) {
  const digits = String(amount).padStart(told.currency.exponent + 1, "0"), cut = digits.length - told.currency.exponent;
  const rest = digits.slice(cut), head = digits.slice(0, cut).replace(/\B(?=(\d{3})+$)/g, ",");
  const isWhole = !/[1-9]/.test(rest), number = isWhole ? head : `${head}.${rest}`;
  if (currency !== told.currency.code) return `${number} ${currency}`;
  const { counted, former_counted: former, names } = told.currency;
  const forms = (pound === "old" && former[language] ? former : counted)[language];
  if (!forms) return `${number} ${names[language]}`;
  const form = isWhole ? new Intl.PluralRules(language).select(Number(digits.slice(0, cut))) : "other";
  return (forms[form] ?? forms.other).replace("{n}", number);
}

function momentOf(seconds) {
  const form = { timeZone: told.zone, year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  const parts = Object.fromEntries(new Intl.DateTimeFormat("en-GB", form).formatToParts(seconds * 1000).map((one) => [one.type, one.value]));
  return `${parts.year}/${parts.month}/${parts.day} ${parts.hour}:${parts.minute}`;
}

function draw() {
  const page = document.documentElement;
  [page.lang, page.dir] = [language, language === "ar" ? "rtl" : "ltr"];
  for (const one of document.querySelectorAll("[data-t]")) one.textContent = say(one.dataset.t).replace("{at}", told.as_of);
  document.title = say("verify.title");
  const other = language === "ar" ? "en" : "ar";
  element("language").textContent = told.texts[other]["verify.this_language"];
  element("language").lang = other;
  const result = element("result");
  result.hidden = shown === null;
  if (shown === null) return;
  const { is, why, receipt } = shown;
  result.dataset.is = is;
  element("verdict").textContent = say(`verify.${is}`);
  element("means").textContent = say(why ? `verify.${why}` : `verify.${is}_means`);
  const rows = is === "genuine" || is === "trial" ? [
    ["biller", told.names.billers[receipt.biller]?.[language] ?? receipt.biller], ["amount", amountOf(receipt)],
    ["paid", momentOf(receipt.paid)], ["biller_receipt", receipt.biller_receipt],
    ["payer", told.names.payers[receipt.payer]?.[language] ?? receipt.payer], ["payer_receipt", receipt.payer_receipt],
    ["bill_no", receipt.bill_no],
  ] : receipt ? [["bill_no", receipt.bill_no]] : [];
  element("facts").replaceChildren(...rows.map(([name, value]) => {
    const row = document.createElement("div"), head = document.createElement("dt"), what = document.createElement("dd");
    const isolated = document.createElement("bdi");
    head.textContent = say(`verify.${name}`);
    isolated.textContent = value;
    what.append(isolated);
    row.append(head, what);
    return row;
  }));
}

async function check(text) {
  shown = text.trim() === "" ? null : await judge(text);
  draw();
  if (shown) element("verdict").focus();
}

let stream = null;
function stopCamera() {
  stream?.getTracks().forEach((one) => one.stop());
  stream = null;
  element("camera").hidden = true;
  element("scan").hidden = false;
}

async function scan() {
  element("no-camera").hidden = true;
  try {
    const detector = new BarcodeDetector({ formats: ["qr_code"] }), video = element("video");
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    [element("camera").hidden, element("scan").hidden] = [false, true];
    video.srcObject = stream;
    await video.play();
    const look = async () => {
      if (stream === null) return;
      const found = (await detector.detect(video)).map((one) => one.rawValue).find((one) => one.includes(PREFIX));
      if (found === undefined) return void requestAnimationFrame(look);
      stopCamera();
      element("code").value = found;
      await check(found);
    };
    await look();
  } catch {
    stopCamera();
    element("no-camera").hidden = false;
  }
}

element("form").addEventListener("submit", (event) => { event.preventDefault(); check(element("code").value); });
element("language").addEventListener("click", () => { language = language === "ar" ? "en" : "ar"; draw(); });
element("scan").addEventListener("click", scan);
element("stop").addEventListener("click", stopCamera);
element("scan").hidden = !("BarcodeDetector" in window && navigator.mediaDevices);
for (const one of document.querySelectorAll(".needs-script")) one.hidden = false;
element("no-script").hidden = true;
const ofAddress = () => {
  if (location.hash.length < 2) return;
  element("code").value = location.hash;
  check(element("code").value);
};
window.addEventListener("hashchange", ofAddress);
globalThis.judge = judge;
draw();
ofAddress();
