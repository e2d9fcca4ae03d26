// Rich messages: HTML from the bot, rebuilt element by element from an allow-list. The parsed document is inert (no script runs, nothing
// is fetched) and never adopted: each node of the result is made here, with the few attributes named here, and text as text nodes.

import { el } from "./dom.js";
import { preformatted, safeUrl, spoiler } from "./entities.js";
import { renderTex } from "./tex.js";

const DEPTH_LIMIT = 40;
const NODE_LIMIT = 20_000;

const DIRECTED = new Set(["p", "h1", "h2", "h3", "h4", "h5", "h6", "caption", "summary", "aside", "footer", "figcaption"]);
const SAME = new Set(["hr", "br", "thead", "tbody", "tfoot", "tr", "sub", "sup", "mark"]);
const RENAMED = { b: "b", strong: "b", i: "i", em: "i", u: "u", ins: "u", s: "s", strike: "s", del: "s" };
const DROPPED = new Set(["script", "style", "template", "noscript", "iframe", "object", "embed", "svg", "math", "head", "title", "textarea",
  "select", "option", "button", "form", "link", "meta", "base", "audio", "video", "img", "picture", "source", "canvas", "frame", "frameset"]);

/** Render the rich message's HTML into a fragment of allowed elements only. */
export function renderRich(html, actions) {
  const parsed = new DOMParser().parseFromString(String(html), "text/html");
  const fragment = document.createDocumentFragment();
  const budget = { nodes: NODE_LIMIT };
  fill(fragment, parsed.body, actions, 0, budget);
  fragment.querySelectorAll(".math.is-drawn").forEach(hold);
  return fragment;
}

function fill(parent, source, actions, depth, budget) {
  for (const child of source.childNodes) {
    if ((budget.nodes -= 1) < 0) return parent;
    if (child.nodeType === Node.TEXT_NODE) parent.append(child.data);
    else if (child.nodeType === Node.ELEMENT_NODE) element(parent, child, actions, depth, budget);
  }
  return parent;
}

function element(parent, source, actions, depth, budget) {
  const tag = source.localName;
  if (DROPPED.has(tag)) return;
  if (depth >= DEPTH_LIMIT) return void parent.append(source.textContent);
  const into = (node) => fill(node, source, actions, depth + 1, budget);
  const node = known(tag, source, into, actions);
  if (node) parent.append(node);
  else fill(parent, source, actions, depth + 1, budget);
}

/** The element that stands for `source`, filled; null where only its content passes. Each block reads in the direction of its own words. */
function known(tag, source, into, actions) {
  if (RENAMED[tag]) return into(el(RENAMED[tag]));
  if (DIRECTED.has(tag)) return into(el(tag, { dir: "auto" }));
  switch (tag) {
    case "code": return into(el("code", { dir: "ltr" }));
    case "blockquote": return into(el("blockquote", { class: "quote", dir: direction(source) }));
    case "pre": return pre(source);
    case "a": return anchor(source, into, actions);
    case "table": return el("div", { class: "table", tabindex: "0", role: "group", "aria-label": "Table" }, into(el("table")));
    case "td":
    case "th": return into(cell(tag, source));
    case "li": return listItem(source, into);
    case "tg-spoiler": return spoiler(into);
    case "tg-math": return formula(source.textContent, { class: "math", dir: "ltr" });
    case "tg-math-block": return formula(source.textContent, { class: "math-block", dir: "ltr", tabindex: "0" }, { block: true });
    case "details": return into(el("details", { open: source.hasAttribute("open") }));
    case "ul": return into(el("ul", { dir: direction(source) }));
    case "ol": return into(el("ol", { dir: direction(source), start: whole(source, "start", 1e6), reversed: source.hasAttribute("reversed") }));
    case "span": return source.classList.contains("tg-spoiler") ? spoiler(into) : null;
  }
  return SAME.has(tag) ? into(el(tag)) : null;
}

/** A block of words takes its direction from them; one of paragraphs, each with its own, from the message. */
function direction(source) {
  return source.querySelector("p") ? null : "auto";
}

/** A formula, drawn where all of it is understood; otherwise its source. The source names it in either case. */
function formula(source, properties, options) {
  const parts = renderTex(source, options);
  if (!parts) return el("span", properties, source);
  const drawn = el("span", { ...properties, class: `${properties.class} is-drawn`, role: "math", "aria-label": source, title: source });
  for (const part of parts) {
    part.setAttribute("aria-hidden", "true");
    drawn.append(el("span", { class: "math-break" }, el("span", { class: "math-part" }, part)));
  }
  return drawn;
}

/** Keep a formula in one line with the bracket before it and the comma after it: a drawn one is no letter to the breaking of lines. */
function hold(drawn) {
  const before = cut(drawn.previousSibling, /[\p{Ps}\p{Pi}]+$/u);
  const after = cut(drawn.nextSibling, /^[\p{Po}\p{Pe}\p{Pf}\p{Pd}]+/u);
  if (before === "" && after === "") return;
  const held = el("span", { class: "math-held" }, before);
  drawn.replaceWith(held);
  held.append(drawn, after);
}

function cut(text, pattern) {
  if (text?.nodeType !== Node.TEXT_NODE) return "";
  const found = pattern.exec(text.data)?.[0] ?? "";
  text.data = text.data.replace(pattern, "");
  return found;
}

function pre(source) {
  const inner = source.firstElementChild?.localName === "code" ? source.firstElementChild : null;
  const language = /(?:^|\s)language-([\w+#.-]{1,32})/.exec(inner?.className ?? "")?.[1];
  return preformatted(language, (code) => {
    code.append(source.textContent.replace(/\n$/, ""));
    return code;
  });
}

function anchor(source, into, actions) {
  const url = safeUrl(source.getAttribute("href") ?? "");
  if (!url) return null;
  return into(el("a", {
    class: "link", href: url, target: "_blank", rel: "noopener noreferrer", title: url,
    onclick: (event) => actions.link(event, url, null),
  }));
}

function cell(tag, source) {
  const align = (source.getAttribute("align") ?? "").toLowerCase();
  return el(tag, {
    dir: "auto",
    colspan: whole(source, "colspan", 20),
    rowspan: whole(source, "rowspan", 500),
    class: align === "center" || align === "right" ? `align-${align}` : null,
  });
}

function listItem(source, into) {
  const box = source.querySelector(":scope > input[type=checkbox], :scope > p:first-child > input[type=checkbox]");
  if (!box) return into(el("li", { value: whole(source, "value", 1e9) }));
  const done = box.hasAttribute("checked");
  return into(el("li", { class: "is-task" }, el("span", { class: done ? "box is-done" : "box", role: "img", "aria-label": done ? "Done:" : "Open:" })));
}

function whole(source, name, limit) {
  const value = Number(source.getAttribute(name) || NaN);
  return Number.isInteger(value) && value >= 1 && value <= limit ? value : null;
}
