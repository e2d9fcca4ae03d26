// The foot of the chat: typing and sending, START, unblocking, the reply keyboard and the prompt of ForceReply. Drafts are kept per person.

import * as api from "./api.js";
import { chat, messagesInOrder, on } from "./chat.js";
import { onKey as commandKey, startCommands, typedCommand } from "./commands.js";
import { el, icon } from "./dom.js";
import { Keyboard } from "./keyboard.js";
import { focusLog, toEnd } from "./log.js";
import { toast } from "./toast.js";

const foot = document.getElementById("foot");
const form = document.getElementById("composer");
const input = document.getElementById("input");
const sendButton = document.getElementById("send");
const startButton = document.getElementById("start");
const replying = document.getElementById("replying");
const keysButton = document.getElementById("keys");
const replyKeyboard = document.getElementById("reply-keyboard");

const drafts = new Map(); // person id -> what was typed and not sent
const dismissed = new Set(); // ids of messages whose prompt or one-time keyboard is done with
let draftOwner = null;
let shownKeyboardId = null;
let keyboard = null;

export function startComposer() {
  startCommands((text) => {
    if (input.value.startsWith("/")) setInput("");
    send(text);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
  });
  input.addEventListener("input", () => {
    fit();
    typedCommand();
  });
  input.addEventListener("keydown", onKey);
  startButton.addEventListener("click", pressStart);
  keysButton.addEventListener("click", () => showKeys(replyKeyboard.hidden));
  on("opening", () => { foot.inert = true; });
  on("opened", swapDraft);
  for (const topic of ["chat", "message", "edit", "delete", "resynced"]) on(topic, draw);
}

function onKey(event) {
  if (commandKey(event)) return;
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    submit();
  }
  if (event.key === "Escape" && !replying.hidden) dismissPrompt();
}

function submit() {
  const text = input.value.trim();
  if (!text) return;
  setInput("");
  send(text);
}

/** Send a text as the open person. What could not be sent goes back to where it was typed. */
export async function send(text) {
  const personId = chat.personId;
  typedCommand();
  toEnd(false);
  dismissPrompt();
  try {
    await api.sendText(personId, text);
  } catch (error) {
    toast(`Not sent. ${error.message}`);
    if (personId === chat.personId && !input.value) setInput(text);
  }
}

function setInput(text) {
  input.value = text;
  fit();
}

/** Grow with the text up to the limit of the sheet, and say whether there is something to send. */
function fit() {
  input.style.height = "auto";
  input.style.height = `${Math.max(44, input.scrollHeight)}px`;
  sendButton.disabled = input.value.trim() === "";
}

function swapDraft() {
  foot.inert = false;
  if (draftOwner !== null) drafts.set(draftOwner, input.value);
  draftOwner = chat.personId;
  setInput(drafts.get(draftOwner) ?? "");
}

function draw() {
  if (!chat.person) return;
  const blocked = Boolean(chat.person.blocked);
  const empty = chat.messages.size === 0;
  const asks = blocked || empty;
  if (form.hidden !== asks && asks && form.contains(document.activeElement)) focusLog();
  form.hidden = asks;
  startButton.hidden = !asks;
  startButton.textContent = blocked ? "Unblock" : "Start";
  drawMarkup(asks);
}

/** What the bot's latest keyboards and prompts ask for: the newest message that says anything about them decides. */
function drawMarkup(asks) {
  const messages = messagesInOrder();
  const latest = messages.findLast(({ outgoing, reply_markup: given }) =>
    !outgoing && given && (given.keyboard || given.remove_keyboard || given.force_reply));
  const markup = latest?.reply_markup ?? {};
  const answered = latest && messages.some(({ outgoing, message_id: id }) => outgoing && id > latest.message_id);
  const prompts = markup.force_reply && !answered && !dismissed.has(latest.message_id) && !asks;
  drawPrompt(prompts ? latest : null);
  drawKeyboard(markup.keyboard && !asks ? latest : null, answered);
  const placeholder = prompts || markup.keyboard ? markup.input_field_placeholder : null;
  input.placeholder = placeholder || (prompts ? "Your reply" : "Message");
}

function drawPrompt(message) {
  if (!message) return void (replying.hidden = true);
  if (!replying.hidden && replying.dataset.id === String(message.message_id)) return;
  const text = (message.text ?? message.caption ?? "Message").split("\n")[0];
  const close = el("button", { type: "button", class: "icon-button", "aria-label": "Do not reply", onclick: dismissPrompt }, icon("close"));
  replying.replaceChildren(el("span", { class: "reply" }, el("b", {}, "Reply"), el("span", {}, text)), close);
  replying.dataset.id = message.message_id;
  replying.hidden = false;
  input.focus({ preventScroll: true });
}

function dismissPrompt() {
  if (replying.hidden) return;
  dismissed.add(Number(replying.dataset.id));
  replying.hidden = true;
  input.placeholder = "Message";
}

function drawKeyboard(message, answered) {
  keysButton.hidden = !message;
  if (!message) {
    shownKeyboardId = null;
    replyKeyboard.hidden = true;
    return;
  }
  keyboard ??= new Keyboard((kind, value) => pressReply(kind, value), "Keyboard of the bot");
  if (!keyboard.root.isConnected) replyKeyboard.append(keyboard.root);
  const rows = message.reply_markup.keyboard.map((row) => row.map(asButton));
  keyboard.show(rows);
  const oneTimeUsed = message.reply_markup.one_time_keyboard && answered;
  if (shownKeyboardId !== message.message_id) showKeys(!oneTimeUsed);
  else if (oneTimeUsed && !dismissed.has(message.message_id)) showKeys(false);
  if (oneTimeUsed) dismissed.add(message.message_id);
  shownKeyboardId = message.message_id;
}

/** A reply button sends its own text; the kinds that need a phone (contact, place) say so. */
function asButton(button) {
  const { text, style, ...more } = typeof button === "string" ? { text: button } : button;
  delete more.icon_custom_emoji_id;
  return Object.keys(more).length > 0 ? { text, style } : { text, style, callback_data: text };
}

async function pressReply(kind, text) {
  if (kind === "callback") await send(text);
  else toast("This button needs Telegram itself.");
}

function showKeys(shown) {
  replyKeyboard.hidden = !shown;
  keysButton.setAttribute("aria-expanded", String(shown));
  keysButton.setAttribute("aria-label", shown ? "Hide the keyboard of the bot" : "Show the keyboard of the bot");
}

async function pressStart() {
  const { blocked, start_payload: payload } = chat.person;
  const personId = chat.personId;
  focusLog();
  try {
    if (blocked) await api.setBlocked(personId, false);
    else await api.sendText(personId, payload ? `/start ${payload}` : "/start");
    if (blocked && chat.person?.id === personId) chat.person.blocked = false;
    draw();
  } catch (error) {
    toast(error.message);
  }
}
