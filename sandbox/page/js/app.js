// Starts the page: joins the views to the chat's state, and says what bubbles, links and the address bar do. The only module that knows them all.

import * as api from "./api.js";
import { startAttach } from "./attach.js";
import { begin, chat, on, openPerson, refresh } from "./chat.js";
import { canEdit, edit, replyTo, send, startComposer } from "./composer.js";
import { alertDialog, showPhoto, showProfile } from "./dialogs.js";
import { copyText, el, setText } from "./dom.js";
import { followLink, openUrl } from "./links.js";
import { startLog } from "./log.js";
import { openMenu } from "./menu.js";
import { startPeople } from "./people.js";
import { tap } from "./taps.js";
import { startTheme } from "./theme.js";
import { toast } from "./toast.js";

const status = document.getElementById("bot-status");

async function press(message, kind, value) {
  if (kind === "callback") return pressCallback(message, value);
  if (kind === "url") return openUrl(value);
  if (kind === "copy") return toast((await copyText(value)) ? "Copied" : "The browser did not allow copying.");
  return toast("This button needs Telegram itself.");
}

async function pressCallback(message, data) {
  const personId = message.chat.id;
  try {
    const answer = await tap(personId, message.message_id, data);
    if (answer && personId === chat.personId) showAnswer(answer);
  } catch (error) {
    toast(error.message);
  }
}

/** Show what the bot answered. The spinner has done its work by then, so a dialog is not waited for. */
function showAnswer({ text, show_alert: modal, url }) {
  if (text && modal) alertDialog(text);
  else if (text) toast(text);
  if (url) openUrl(url);
}

/** Telegram shows the payload of a deep link to nobody: the person sees "/start". */
function shownText(message) {
  const text = message.text ?? message.caption ?? "";
  const payload = chat.person?.start_payload;
  return message.outgoing && payload && text === `/start ${payload}` ? "/start" : text;
}

function mention(name) {
  if (name.slice(1).toLowerCase() === chat.bot.username?.toLowerCase()) openProfile();
  else toast(`${name} is not part of the demo.`);
}

/** What can be done with a message: answer it, copy its words, edit one's own. */
function menu(message, point) {
  const text = shownText(message);
  const items = [{ label: "Reply", sign: "reply", choose: () => replyTo(message) }];
  if (text) items.push({ label: "Copy", sign: "copy", choose: async () => toast((await copyText(text)) ? "Copied" : "The browser did not allow copying.") });
  if (canEdit(message)) items.push({ label: "Edit", sign: "pencil", choose: () => edit(message) });
  openMenu(point, items, { label: "Message" });
}

async function chooseLanguage(code) {
  try {
    await api.setLanguage(chat.personId, code);
    await refresh();
  } catch (error) {
    toast(error.message);
  }
}

async function openProfile() {
  const pressed = await showProfile(chooseLanguage);
  if (pressed !== "block" && pressed !== "unblock") return;
  try {
    await api.setBlocked(chat.personId, pressed === "block");
  } catch (error) {
    toast(error.message);
  }
}

function showHeader() {
  setText(document.getElementById("bot-name"), chat.bot.name || "Veritap");
  document.getElementById("about").setAttribute("aria-label", `${chat.bot.name}, about this bot`);
}

function showStatus() {
  const lost = chat.connection === "lost";
  const live = chat.typing && !lost;
  status.classList.toggle("is-live", live);
  if (lost) status.replaceChildren(el("span", { class: "spinner", "aria-hidden": "true" }), "Reconnecting…");
  else if (live) status.replaceChildren("typing", el("span", { class: "dots", "aria-hidden": "true" }, el("i"), el("i"), el("i")));
  else status.replaceChildren("bot");
}

function showTitle() {
  const unread = chat.people.reduce((sum, { id, unread: count }) => sum + (id === chat.personId ? 0 : count || 0), 0);
  const name = chat.person?.first_name;
  document.title = `${unread ? `(${unread}) ` : ""}${name ? `${name} · ` : ""}Veritap`;
}

/** The person that the address names (`#person=ID`), or null. */
function personInAddress() {
  const id = Number(new URLSearchParams(location.hash.slice(1)).get("person"));
  return Number.isSafeInteger(id) && id > 0 ? id : null;
}

function showAddress() {
  if (chat.personId !== null && personInAddress() !== chat.personId) history.replaceState(null, "", `#person=${chat.personId}`);
}

startTheme();
startPeople(openProfile);
startLog({ command: send, link: followLink, mention, menu, press, photo: showPhoto, shownText });
startComposer();
startAttach();
document.getElementById("about").addEventListener("click", openProfile);
on("chat", showHeader);
on("chat", showTitle);
on("people", showTitle);
on("opening", showAddress);
on("typing", showStatus);
on("connection", showStatus);
addEventListener("hashchange", () => {
  const id = personInAddress();
  if (chat.people.some((person) => person.id === id)) openPerson(id);
});
begin(personInAddress());
