// What happens when a link is opened: invitations of this bot stay in the sandbox, everything else is asked about and then opened apart.

import * as api from "./api.js";
import { chat, openPerson, setPeople } from "./chat.js";
import { confirmLink, openDialog } from "./dialogs.js";
import { el } from "./dom.js";
import { toast } from "./toast.js";

const NEW_NAMES = ["Alex", "Noor", "Sam", "Ines", "Kim", "Tomas", "Ada", "Jun"];

/** The start payload of a deep link to this bot, "" for one without, null for any other address. */
function startPayload(address) {
  const url = new URL(address);
  const bot = chat.bot.username?.toLowerCase();
  if (!bot) return null;
  const web = /^https?:$/.test(url.protocol) && /^(?:www\.)?(?:t|telegram)\.me$/.test(url.host);
  const app = url.protocol === "tg:" && /resolve/.test(url.host + url.pathname);
  const named = web ? url.pathname.slice(1).toLowerCase() : app ? url.searchParams.get("domain")?.toLowerCase() : null;
  if (named !== bot) return null;
  return url.searchParams.get("start") ?? "";
}

/** Answer a click on a link. `label` is the visible address, or null where the text hides it. */
export function followLink(event, url, label) {
  const payload = startPayload(url);
  if (payload !== null) {
    event.preventDefault();
    openInvitation(payload);
  } else if (label === null || url.startsWith("tg:")) {
    event.preventDefault();
    openOutside(url);
  }
}

/** Open an address from a button or an answer. */
export function openUrl(url) {
  const payload = startPayload(url);
  return payload === null ? openOutside(url) : openInvitation(payload);
}

async function openOutside(url) {
  if (url.startsWith("tg:")) return toast("Links into Telegram do not open in the demo.");
  if (await confirmLink(url)) window.open(url, "_blank", "noopener,noreferrer");
}

async function openInvitation(payload) {
  const answer = await openDialog({
    label: "Use this link",
    content: [el("h2", {}, "Who opens this link?"),
      el("p", { class: "dialog-soft" }, "On Telegram it opens the bot. Here you may follow it yourself, or as somebody who is new to the bot.")],
    buttons: [
      { label: "Cancel", value: "", look: "quiet" },
      { label: chat.person?.first_name ?? "Me", value: "self" },
      { label: "Somebody new", value: "new" },
    ],
  });
  if (answer === "self") await start(chat.personId, payload);
  if (answer === "new") await startNew(payload);
}

async function start(personId, payload) {
  try {
    await api.sendText(personId, payload ? `/start ${payload}` : "/start");
  } catch (error) {
    toast(error.message);
  }
}

async function startNew(payload) {
  const taken = new Set(chat.people.map(({ first_name: name }) => name));
  const name = NEW_NAMES.find((one) => !taken.has(one)) ?? `Guest ${chat.people.length + 1}`;
  try {
    const person = await api.addPerson({ first_name: name, label: "Invited", start_payload: payload });
    setPeople(await api.getPeople());
    openPerson(person.id);
  } catch (error) {
    toast(error.message);
  }
}
