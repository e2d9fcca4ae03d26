// Telegram's text with entities, turned into nodes. Offsets count UTF-16 code units, which is how JavaScript counts too.
// The text content of the result is exactly the text of the message, character for character.

import { copyText, el, icon } from "./dom.js";

const BLOCKS = new Set(["pre", "blockquote", "expandable_blockquote"]);
const COPIED_MS = 1_500;

/** Where entities cover the same text, the outer one comes first: blocks, then links, then spoilers, then faces, then code. */
const OUTER_FIRST = ["blockquote", "expandable_blockquote", "pre", "text_link", "text_mention", "spoiler"];

function rank({ type }) {
  const index = OUTER_FIRST.indexOf(type);
  return index < 0 ? OUTER_FIRST.length : index;
}

/** Keep what lies within the text, in order of nesting. */
function ordered(text, entities) {
  return (entities ?? [])
    .filter(({ offset, length }) => Number.isInteger(offset) && length > 0 && offset >= 0 && offset < text.length)
    .map((entity) => ({ ...entity, end: Math.min(entity.offset + entity.length, text.length) }))
    .sort((a, b) => a.offset - b.offset || b.end - a.end || rank(a) - rank(b));
}

/** Render `text` into a fragment. `actions` has `command(text)`, `link(url, label)` and `mention(name)`. */
export function renderText(text, entities, actions) {
  const fragment = document.createDocumentFragment();
  fill(fragment, text, 0, text.length, ordered(text, entities), actions);
  return fragment;
}

function fill(parent, text, start, end, entities, actions) {
  const queue = [...entities];
  let position = start;
  let afterBlock = false;
  while (queue.length > 0) {
    const entity = queue.shift();
    afterBlock = plain(parent, text.slice(position, entity.offset), afterBlock);
    const inside = takeInside(queue, entity);
    parent.append(wrap(entity, text, inside, actions));
    afterBlock = BLOCKS.has(entity.type);
    position = entity.end;
  }
  plain(parent, text.slice(position, end), afterBlock);
}

/** Take from the queue what lies within the entity; what reaches beyond its end is cut there and its rest put back. */
function takeInside(queue, entity) {
  const inside = [];
  const rests = [];
  while (queue.length > 0 && queue[0].offset < entity.end) {
    const inner = queue.shift();
    inside.push({ ...inner, end: Math.min(inner.end, entity.end) });
    if (inner.end > entity.end) rests.push({ ...inner, offset: entity.end });
  }
  queue.unshift(...rests);
  return inside;
}

/** Append plain text. The break right after a block is kept but not drawn, since the block has ended its line already. */
function plain(parent, text, afterBlock) {
  if (text === "") return afterBlock;
  if (afterBlock && text.startsWith("\n")) {
    parent.append(el("span", { class: "drawn-break" }, "\n"));
    text = text.slice(1);
  }
  if (text) parent.append(text);
  return false;
}

function wrap(entity, text, inside, actions) {
  const own = text.slice(entity.offset, entity.end);
  const into = (node) => {
    fill(node, text, entity.offset, entity.end, inside, actions);
    return node;
  };
  switch (entity.type) {
    case "bold": return into(el("b"));
    case "italic": return into(el("i"));
    case "underline": return into(el("u"));
    case "strikethrough": return into(el("s"));
    case "code": return into(el("code"));
    case "spoiler": return spoiler(into);
    case "pre": return preformatted(entity.language, into);
    case "blockquote": return into(el("span", { class: "quote", role: "blockquote", dir: "auto" }));
    case "expandable_blockquote": return foldingQuote(into);
    case "text_link": return into(linkTo(entity.url, own, actions, true));
    case "url": return into(linkTo(/^[a-z][a-z0-9+.-]*:/i.test(own) ? own : `https://${own}`, own, actions, false));
    case "email": return into(linkTo(`mailto:${own}`, own, actions, false));
    case "phone_number": return into(linkTo(`tel:${own.replace(/[^+\d]/g, "")}`, own, actions, false));
    case "bot_command": return into(el("button", { type: "button", class: "link", onclick: () => actions.command(own) }));
    case "mention": return into(el("button", { type: "button", class: "link", onclick: () => actions.mention(own) }));
    case "text_mention": return into(el("span", { class: "mention" }));
    case "hashtag":
    case "cashtag": return into(el("span", { class: "hashtag" }));
    default: return into(el("span"));
  }
}

const SCHEMES = new Set(["http:", "https:", "mailto:", "tel:", "tg:"]);

/** The address where its scheme is one that may be opened, else null. */
export function safeUrl(address) {
  try {
    const url = new URL(/^[a-z][a-z0-9+.-]*:/i.test(address) ? address : `https://${address}`);
    return SCHEMES.has(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}

function linkTo(address, label, actions, hidesAddress) {
  const url = safeUrl(address ?? "");
  if (!url) return el("span");
  return el("a", {
    class: "link",
    href: url,
    target: "_blank",
    rel: "noopener noreferrer",
    title: hidesAddress ? url : null,
    onclick: (event) => actions.link(event, url, hidesAddress ? null : label),
  });
}

/** A spoiler is a button until it is opened; what it hides cannot be reached by pointer, keyboard or screen reader. */
export function spoiler(into) {
  const node = into(el("span", {
    class: "spoiler is-hidden", role: "button", tabindex: "0", "aria-label": "Hidden text. Press to show it",
  }));
  const hidden = [...node.querySelectorAll("a, button")];
  hidden.forEach((inner) => { inner.tabIndex = -1; });
  const reveal = (event) => {
    if (event.type === "keydown" && event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    event.stopPropagation();
    node.classList.remove("is-hidden");
    for (const name of ["role", "tabindex", "aria-label"]) node.removeAttribute(name);
    hidden.forEach((inner) => inner.removeAttribute("tabindex"));
    node.removeEventListener("click", reveal, true);
    node.removeEventListener("keydown", reveal);
  };
  node.addEventListener("click", reveal, true);
  node.addEventListener("keydown", reveal);
  return node;
}

/** A block of code with its language as a label (drawn by CSS, so it is no part of the text) and a button that copies it. */
export function preformatted(language, into) {
  const code = into(el("code"));
  const copy = el("button", { type: "button", class: "copy", "aria-label": "Copy the code" }, icon("copy"));
  copy.addEventListener("click", async () => {
    if (!(await copyText(code.textContent))) return;
    copy.replaceChildren(icon("done"));
    copy.setAttribute("aria-label", "Copied");
    setTimeout(() => {
      copy.replaceChildren(icon("copy"));
      copy.setAttribute("aria-label", "Copy the code");
    }, COPIED_MS);
  });
  return el("span", { class: "pre", dir: "ltr", "data-language": language || null }, code, copy);
}

function foldingQuote(into) {
  return el("span", { class: "quote folding", role: "blockquote", dir: "auto" }, into(el("span", { class: "quote-body" })));
}

/** Fold the long expandable quotes below `root`; call it once the root stands in the page and its lines can be measured. */
export function settleQuotes(root) {
  for (const quote of root.querySelectorAll(".quote.folding")) {
    quote.classList.remove("folding");
    quote.classList.add("folds", "is-folded");
    const body = quote.firstElementChild;
    if (body.scrollHeight <= body.clientHeight + 2) quote.classList.remove("folds", "is-folded");
    else addFold(quote);
  }
}

function addFold(quote) {
  const toggle = el("button", { type: "button", class: "quote-toggle" }, icon("down"));
  const say = () => {
    const folded = quote.classList.contains("is-folded");
    toggle.setAttribute("aria-expanded", String(!folded));
    toggle.setAttribute("aria-label", folded ? "Show the whole quote" : "Fold the quote");
  };
  const turn = () => {
    quote.classList.toggle("is-folded");
    say();
  };
  toggle.addEventListener("click", (event) => {
    event.stopPropagation();
    turn();
  });
  quote.addEventListener("click", (event) => {
    if (quote.classList.contains("is-folded") && !event.target.closest("a, button")) turn();
  });
  quote.append(toggle);
  say();
}
