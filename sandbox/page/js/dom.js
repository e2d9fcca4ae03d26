// Small helpers over the document: making elements, icons, initials, sizes and dates. Nothing here knows of chats.
// Text always becomes a text node; no string is ever parsed as HTML.

const SVG = "http://www.w3.org/2000/svg";

/** Make an element: `on…` properties become listeners, `false` and `null` are left out, `true` is an empty attribute. */
export function el(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === false || value === null || value === undefined) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

/** Make an icon from the page's sprite, hidden from screen readers. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `#icon-${name}`);
  svg.setAttribute("aria-hidden", "true");
  svg.append(use);
  return svg;
}

/** The bot's round mark. */
export function mark() {
  const node = el("span", { class: "mark", "aria-hidden": "true" });
  node.append(icon("mark"));
  return node;
}

/** Set text only where it differs, so that nothing is announced or painted twice. */
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/** Set or remove an attribute only where it differs. */
export function setAttribute(node, name, value) {
  if (value === null || value === undefined || value === false) node.removeAttribute(name);
  else if (node.getAttribute(name) !== String(value)) node.setAttribute(name, String(value));
}

const STRONG = /\p{L}/u;
const RIGHT_TO_LEFT = /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;

/** Whether the last paragraph of a text is written from right to left. */
export function endsRightToLeft(text) {
  const last = text.trimEnd().split("\n").at(-1);
  return RIGHT_TO_LEFT.test(STRONG.exec(last)?.[0] ?? "");
}

/** The first letters of up to two names, whole characters even for emoji. */
export function initials(...names) {
  const words = names.filter(Boolean).flatMap((name) => name.trim().split(/\s+/)).filter(Boolean);
  const picked = words.length > 1 ? [words[0], words[words.length - 1]] : words;
  return picked.map((word) => Array.from(word)[0].toUpperCase()).join("");
}

// Hues on which white letters read well; neighbours in the list are far apart on the wheel.
const HUES = [222, 345, 168, 275, 16, 196, 312, 145];

/** A steady hue for an id. */
export const hueOf = (id) => HUES[Math.abs(Number(id) || 0) % HUES.length];

/** A file's size in words: "812 B", "14.2 KB", "3.1 MB". */
export function sizeText(bytes) {
  if (!Number.isFinite(bytes)) return "";
  if (bytes < 1000) return `${bytes} B`;
  const [value, unit] = bytes < 1e6 ? [bytes / 1e3, "KB"] : [bytes / 1e6, "MB"];
  return `${value < 100 ? value.toFixed(1).replace(/\.0$/, "") : Math.round(value)} ${unit}`;
}

const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const dayName = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "long" });
const dayNameWithYear = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "long", year: "numeric" });
const fullDate = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "medium" });

export const timeText = (seconds) => clock.format(seconds * 1000);
export const fullDateText = (seconds) => fullDate.format(seconds * 1000);

/** A key that is equal for moments of the same local day. */
export function dayKey(seconds) {
  const date = new Date(seconds * 1000);
  return `${date.getFullYear()}-${date.getMonth() + 1}-${date.getDate()}`;
}

/** "Today", "Yesterday", "12 November", or with the year when it is another one. */
export function dayText(seconds) {
  const now = new Date();
  if (dayKey(seconds) === dayKey(now / 1000)) return "Today";
  const yesterday = new Date(now.getFullYear(), now.getMonth(), now.getDate() - 1);
  if (dayKey(seconds) === dayKey(yesterday / 1000)) return "Yesterday";
  const sameYear = new Date(seconds * 1000).getFullYear() === now.getFullYear();
  return (sameYear ? dayName : dayNameWithYear).format(seconds * 1000);
}

const reducedMotion = matchMedia("(prefers-reduced-motion: reduce)");

/** How the page scrolls on its own where it would like to glide: at once for those who asked for less motion. */
export const glide = () => (reducedMotion.matches ? "instant" : "smooth");

/** Put text on the clipboard; false where the browser refuses. */
export async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
