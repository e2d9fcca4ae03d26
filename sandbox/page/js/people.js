// The people whose chats can be opened: a strip of chips on a phone, a list beside the chat on a wide screen. One tab stop, arrows within.

import { chat, on, openPerson } from "./chat.js";
import { el, hueOf, initials, setAttribute, setText } from "./dom.js";

const SHOWN_LIMIT = 100;

const list = document.getElementById("people-list");
const rows = new Map(); // person id -> its parts
let planned = false;
let pressedAgain = null;

/** `again` is called when the person who is open already is pressed once more. */
export function startPeople(again) {
  pressedAgain = again;
  on("people", plan);
  list.addEventListener("keydown", moveFocus);
}

/** Events may come in hundreds a second when many people chat; the list is drawn once a frame. */
function plan() {
  if (planned) return;
  planned = true;
  requestAnimationFrame(() => {
    planned = false;
    draw();
  });
}

function draw() {
  const people = shownPeople();
  const wanted = new Set(people.map(({ id }) => id));
  for (const [id, row] of rows) {
    if (wanted.has(id)) continue;
    row.item.remove();
    rows.delete(id);
  }
  people.forEach(drawPerson);
  drawRest(chat.people.length - people.length);
}

function shownPeople() {
  const people = chat.people.slice(0, SHOWN_LIMIT);
  const active = chat.people.find(({ id }) => id === chat.personId);
  return active && !people.includes(active) ? [active, ...people] : people;
}

function drawPerson(person, index) {
  const row = rows.get(person.id) ?? makeRow(person);
  if (list.children[index] !== row.item) list.insertBefore(row.item, list.children[index] ?? null);
  const active = person.id === chat.personId;
  const name = [person.first_name, person.last_name].filter(Boolean).join(" ");
  const unread = active ? 0 : person.unread || 0;
  setText(row.avatar, initials(person.first_name, person.last_name));
  setText(row.first, person.first_name);
  setText(row.last, person.last_name ? ` ${person.last_name}` : "");
  setText(row.label, person.label || (person.username ? `@${person.username}` : ""));
  row.button.classList.toggle("is-blocked", Boolean(person.blocked));
  row.badge.hidden = unread === 0;
  setText(row.badge, unread > 99 ? "99+" : String(unread));
  const news = unread ? `, ${unread} unread` : "";
  setAttribute(row.button, "aria-label", `${name}${person.label ? `, ${person.label}` : ""}${person.blocked ? ", blocked the bot" : ""}${news}`);
  setAttribute(row.button, "tabindex", active ? "0" : "-1");
  const was = row.button.getAttribute("aria-current") === "true";
  setAttribute(row.button, "aria-current", active ? "true" : null);
  if (active && !was) row.button.scrollIntoView({ block: "nearest", inline: "nearest" });
}

function makeRow(person) {
  const row = {
    avatar: el("span", { class: "avatar", "aria-hidden": "true" }),
    first: el("span"),
    last: el("span", { class: "person-last" }),
    label: el("span", { class: "person-label" }),
    badge: el("span", { class: "badge", "aria-hidden": "true", hidden: true }),
  };
  row.avatar.style.setProperty("--hue", hueOf(person.id));
  row.button = el("button", { type: "button", class: "person", "data-person": person.id, onclick: () => (person.id === chat.personId ? pressedAgain() : openPerson(person.id)) },
    row.avatar, el("span", { class: "person-text" }, el("span", { class: "person-name" }, row.first, row.last), row.label), row.badge);
  row.item = el("li", {}, row.button);
  rows.set(person.id, row);
  return row;
}

function drawRest(count) {
  list.querySelector(".people-more")?.remove();
  if (count > 0) list.append(el("li", { class: "people-more" }, `and ${count.toLocaleString()} more`));
}

const STEPS = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 };

function moveFocus(event) {
  const buttons = [...list.querySelectorAll(".person")];
  const index = buttons.indexOf(document.activeElement);
  if (index < 0) return;
  const last = buttons.length - 1;
  const target = { Home: 0, End: last }[event.key] ?? (STEPS[event.key] ? Math.min(last, Math.max(0, index + STEPS[event.key])) : null);
  if (target === null) return;
  event.preventDefault();
  buttons[target].focus();
}
