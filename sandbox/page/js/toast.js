// Short notes over the messages: the answers of buttons, and what the page itself has to say. One at a time; the latest wins.

import { el } from "./dom.js";

const SHORTEST_MS = 2_600;
const PER_CHARACTER_MS = 45;
const LEAVE_MS = 200;

const place = document.getElementById("toasts");
let timer = 0;

export function toast(text) {
  clearTimeout(timer);
  const node = el("div", { class: "toast" }, text);
  place.replaceChildren(node);
  timer = setTimeout(() => {
    node.classList.add("leaves");
    timer = setTimeout(() => node.remove(), LEAVE_MS);
  }, SHORTEST_MS + PER_CHARACTER_MS * text.length);
}
