// The state of the open chat, and how the server's snapshot and events change it. Views listen to topics; nothing here touches the page.
//
// Topics: people, chat (bot, person or commands changed), opening and opened (another person's chat), resynced (same chat, fresh
// snapshot), message, edit, delete, answer, typing, connection.

import * as api from "./api.js";
import { Live } from "./live.js";

const TYPING_MS = 5_500; // Telegram shows a chat action for five seconds
const BUFFER_LIMIT = 5_000;
const RETRY_MS = 1_000;

export const chat = {
  people: [],
  personId: null,
  person: null,
  bot: { name: "Veritap", username: "", description: "", short_description: "" },
  commands: [],
  messages: new Map(),
  typing: false,
  connection: "connecting",
};

const listeners = new Map();
let buffered = null; // events that arrive while a snapshot is on its way
let opening = 0; // counts openings, so that a late snapshot of an earlier one is dropped
let typingTimer = 0;
let shownPersonId = null; // whose messages the views show; the chat that was opened last may still be on its way

const live = new Live({ opened: () => synchronize(), event: receive, lost: lineLost });

export function on(topic, listener) {
  if (!listeners.has(topic)) listeners.set(topic, []);
  listeners.get(topic).push(listener);
}

function emit(topic, value) {
  for (const listener of listeners.get(topic) ?? []) listener(value);
}

/** Load the people and open the chat of `wantedId`, or of the first person where it is unknown. Tries again until there is somebody. */
export async function begin(wantedId) {
  let people = [];
  try {
    people = await api.getPeople();
    setPeople(people);
  } catch {
    setConnection("lost");
  }
  if (people.length > 0) openPerson(people.some(({ id }) => id === wantedId) ? wantedId : people[0].id);
  else setTimeout(() => begin(wantedId), RETRY_MS);
}

export function openPerson(personId) {
  if (personId === undefined || personId === chat.personId) return;
  chat.personId = personId;
  chat.person = chat.people.find(({ id }) => id === personId) ?? null;
  opening += 1;
  buffered = [];
  setTyping(false);
  emit("people");
  emit("opening");
  live.start(api.eventsUrl(personId));
}

export const messagesInOrder = () => [...chat.messages.values()].sort((a, b) => a.message_id - b.message_id);

export function setPeople(people) {
  if (!Array.isArray(people)) return;
  chat.people = people;
  const person = people.find(({ id }) => id === chat.personId);
  if (person) chat.person = { ...chat.person, ...person };
  emit("people");
  if (person) emit("chat");
}

async function synchronize() {
  const mine = opening;
  buffered = [];
  let snapshot;
  try {
    snapshot = await api.getChat(chat.personId);
  } catch {
    setConnection("lost");
    setTimeout(() => mine === opening && synchronize(), RETRY_MS);
    return;
  }
  if (mine !== opening) return;
  takeSnapshot(snapshot);
  const late = buffered;
  buffered = null;
  late.forEach(apply);
  setConnection("open");
  // The list of people may have changed while the line was down.
  api.getPeople().then(setPeople, () => {});
}

/** Ask for everything anew, after a change that is told to nobody. */
export const refresh = () => synchronize();

/** The line will be tried again. Where the sandbox was started anew without this person, somebody else's chat is opened. */
async function lineLost() {
  setConnection("lost");
  const mine = opening;
  const people = await api.getPeople().catch(() => null);
  if (!people || mine !== opening || people.some(({ id }) => id === chat.personId)) return;
  live.stop();
  chat.personId = null;
  begin(null);
}

function takeSnapshot({ bot, person, commands, messages, typing }) {
  chat.bot = { ...chat.bot, ...bot };
  chat.person = { ...chat.person, ...person };
  chat.commands = commands ?? [];
  chat.messages = new Map((messages ?? []).map((message) => [message.message_id, message]));
  const fresh = shownPersonId !== chat.personId;
  shownPersonId = chat.personId;
  emit(fresh ? "opened" : "resynced");
  emit("chat");
  setTyping(Boolean(typing));
}

function receive(event) {
  if (buffered && buffered.length < BUFFER_LIMIT) buffered.push(event);
  else if (!buffered) apply(event);
}

function apply(event) {
  switch (event.type) {
    case "message":
    case "edit":
      return applyMessage(event.message);
    case "delete":
      chat.messages.delete(event.message_id);
      return emit("delete", event.message_id);
    case "answer":
      return emit("answer", event);
    case "typing":
      return setTyping(event.typing ?? true);
    case "commands":
      if (Array.isArray(event.commands)) chat.commands = event.commands;
      return emit("chat");
    case "people":
      return setPeople(event.people);
  }
}

function applyMessage(message) {
  const known = chat.messages.has(message.message_id);
  chat.messages.set(message.message_id, message);
  if (!message.outgoing) setTyping(false);
  emit(known ? "edit" : "message", message);
}

function setTyping(typing) {
  clearTimeout(typingTimer);
  if (typing) typingTimer = setTimeout(() => setTyping(false), TYPING_MS);
  if (typing === chat.typing) return;
  chat.typing = typing;
  emit("typing");
}

function setConnection(connection) {
  if (connection === chat.connection) return;
  chat.connection = connection;
  emit("connection");
}
