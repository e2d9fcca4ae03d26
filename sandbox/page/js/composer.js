// The foot of the chat: typing and sending, START, unblocking, the reply keyboard, and the message that is being answered or edited.
// Drafts are kept per person.

import * as api from "./api.js";
import { chat, messagesInOrder, on } from "./chat.js";
import { onKey as commandKey, startCommands, typedCommand } from "./commands.js";
import { summaryOf } from "./bubble.js";
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
const SUBJECTS = {
  prompt: { title: "Reply", close: "Do not reply" },
  reply: { title: "Reply", close: "Do not reply" },
  edit: { title: "Edit message", close: "Do not edit" },
};

let subject = null; // {kind, message, kept}: what the next text answers or replaces; `kept` is the draft under an edit
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
  if (event.key === "Escape" && subject) dismissSubject();
  if (event.key === "ArrowUp" && input.value === "" && !subject) editLast(event);
}

/** The arrow upwards in an empty field edits one's last message, as on a desk. */
function editLast(event) {
  const last = messagesInOrder().findLast(canEdit);
  if (!last) return;
  event.preventDefault();
  edit(last);
}

/** Whether the open person may edit this message: their own words, but not the link that they came by. */
export function canEdit({ outgoing, text, caption }) {
  return outgoing && Boolean(text ?? caption) && !chat.person?.blocked && !/^\/start\s/.test(text ?? "");
}

/** Put one's own message into the field; the next Enter changes it. */
export function edit(message) {
  setSubject({ kind: "edit", message, kept: subject?.kept ?? input.value });
  setInput(message.text ?? message.caption);
  input.setSelectionRange(input.value.length, input.value.length);
}

/** Let the next text answer this message. */
export function replyTo(message) {
  if (subject?.kind === "edit") dismissSubject();
  setSubject({ kind: "reply", message });
}

function submit() {
  const text = input.value.trim();
  if (!text) return;
  if (subject?.kind === "edit") return void change(subject.message, text);
  setInput("");
  send(text, subject?.message.message_id ?? null);
}

async function change(message, text) {
  dismissSubject();
  if (text === (message.text ?? message.caption)) return;
  try {
    await api.editText(message.chat.id, message.message_id, text);
  } catch (error) {
    toast(`Not changed. ${error.message}`);
  }
}

/** Send a text as the open person. What could not be sent goes back to where it was typed. */
export async function send(text, answered = null) {
  const personId = chat.personId;
  typedCommand();
  toEnd(false);
  dismissSubject();
  try {
    await api.sendText(personId, text, answered);
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
  if (subject?.kind === "edit") setInput(subject.kept);
  setSubject(null);
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

/** Show the prompt of the bot, unless the person has chosen a message themselves or the prompt is shown already. */
function drawPrompt(message) {
  if (subject && subject.kind !== "prompt") {
    if (!chat.messages.has(subject.message.message_id)) dismissSubject();
    return;
  }
  if (message?.message_id !== subject?.message.message_id) setSubject(message && { kind: "prompt", message });
}

function setSubject(wanted) {
  subject = wanted;
  replying.hidden = !subject;
  if (!subject) return;
  const { title, close } = SUBJECTS[subject.kind];
  const words = summaryOf(subject.message).split("\n")[0];
  replying.replaceChildren(
    el("span", { class: "reply" }, el("b", {}, title), el("span", { dir: "auto" }, words)),
    el("button", { type: "button", class: "icon-button", "aria-label": close, onclick: dismissSubject }, icon("close")));
  input.focus({ preventScroll: true });
}

function dismissSubject() {
  if (!subject) return;
  const { kind, message, kept } = subject;
  if (kind === "prompt") dismissed.add(message.message_id);
  setSubject(null);
  if (kind === "edit") setInput(kept);
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
