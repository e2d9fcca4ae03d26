// The menu of the bot's commands, opened by its button or by typing "/" in the composer, which filters it.

import { chat, on } from "./chat.js";
import { el, setAttribute } from "./dom.js";

const panel = document.getElementById("commands");
const button = document.getElementById("menu");
const input = document.getElementById("input");

let shown = []; // the commands in the menu now
let selected = -1;
let byButton = false;
let choose = null;

/** `send(command)` is called with the chosen command, the slash included. */
export function startCommands(send) {
  choose = (command) => {
    close();
    send(`/${command}`);
  };
  button.addEventListener("click", () => (byButton ? close() : open()));
  // A press on the menu leaves the focus where it is, or the phone's keyboard would close under it.
  panel.addEventListener("mousedown", (event) => event.preventDefault());
  document.addEventListener("pointerdown", ({ target }) => {
    if (byButton && !panel.contains(target) && !button.contains(target)) close();
  });
  panel.addEventListener("keydown", onKey);
  on("chat", () => {
    button.hidden = chat.commands.length === 0;
    if (!panel.hidden) draw();
  });
  on("opened", close);
}

/** Follow what is typed: a single word that begins with a slash filters the menu. */
export function typedCommand() {
  if (/^\/\S*$/.test(input.value) && chat.commands.length > 0) draw();
  else close();
}

/** Let the menu have a key first; true where it took it. */
export function onKey(event) {
  if (panel.hidden || event.isComposing) return false;
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step && shown.length) select((selected + step + shown.length) % shown.length);
  else if (event.key === "Escape") close();
  else if (event.key === "Enter" && selected >= 0) choose(shown[selected].command);
  else if (event.key === "Tab" && selected >= 0 && !byButton) complete();
  else return false;
  event.preventDefault();
  event.stopPropagation();
  return true;
}

function complete() {
  input.value = `/${shown[selected].command} `;
  close();
}

function open() {
  byButton = true;
  draw();
  select(0);
  panel.focus({ preventScroll: true });
}

function close() {
  if (panel.hidden) return;
  if (panel.contains(document.activeElement)) button.focus({ preventScroll: true });
  byButton = false;
  panel.hidden = true;
  selected = -1;
  button.setAttribute("aria-expanded", "false");
  for (const owner of [input, panel]) owner.removeAttribute("aria-activedescendant");
}

function draw() {
  const prefix = byButton ? "" : input.value.slice(1).toLowerCase();
  shown = chat.commands.filter(({ command }) => command.startsWith(prefix));
  if (shown.length === 0 && !byButton) return close();
  panel.replaceChildren(...shown.map(({ command, description }, index) => el("div", {
    class: "command", role: "option", id: `command-${index}`, "aria-selected": "false", onclick: () => choose(command),
  }, el("b", {}, `/${command}`), el("span", { title: description }, description ?? ""))));
  if (shown.length === 0) panel.append(el("p", { class: "command-none" }, "This bot has no commands."));
  panel.hidden = false;
  button.setAttribute("aria-expanded", "true");
  // A command that is typed whole goes before those it is only the beginning of.
  select(Math.max(0, byButton ? selected : shown.findIndex(({ command }) => command === prefix)));
}

function select(index) {
  selected = shown.length ? index : -1;
  [...panel.children].forEach((option, at) => setAttribute(option, "aria-selected", String(at === selected)));
  const owner = byButton ? panel : input;
  if (selected < 0) return;
  owner.setAttribute("aria-activedescendant", `command-${selected}`);
  panel.children[selected].scrollIntoView({ block: "nearest" });
}
