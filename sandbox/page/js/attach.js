// Sending files, stickers and voice messages: chosen with the clip; files also dropped on the chat or pasted, with a dialog that takes a caption.

import * as api from "./api.js";
import { chat } from "./chat.js";
import { openDialog } from "./dialogs.js";
import { el, sizeText } from "./dom.js";
import { openMenu } from "./menu.js";
import { toast } from "./toast.js";

const FILES_LIMIT = 10;
const STICKERS = ["👍", "👎", "❤️", "🎉", "😂", "🤔", "😢", "🙏"];
const VOICE_SECONDS = 4;
const IMAGE = /^image\/(?:png|jpeg|webp|gif)$/;

const picker = document.getElementById("file");
const drop = document.getElementById("drop");
const area = document.getElementById("chat");

export function startAttach() {
  const clip = document.getElementById("attach");
  clip.addEventListener("click", () => openMenu(clip, [
    { label: "File", sign: "clip", choose: () => picker.click() },
    { label: "Sticker", sign: "smile", choose: () => chooseSticker(clip) },
    { label: "Voice message", sign: "microphone", choose: () => send(api.sendVoice, VOICE_SECONDS) },
  ], { label: "Attach" }));
  picker.addEventListener("change", () => {
    offer([...picker.files]);
    picker.value = "";
  });
  document.getElementById("input").addEventListener("paste", (event) => {
    if (event.clipboardData?.files.length) {
      event.preventDefault();
      offer([...event.clipboardData.files]);
    }
  });
  startDrop();
}

function chooseSticker(clip) {
  const items = STICKERS.map((emoji) => ({ label: `Sticker ${emoji}`, text: emoji, choose: () => send(api.sendSticker, emoji) }));
  openMenu(clip, items, { label: "Stickers", grid: true });
}

async function send(call, value) {
  try {
    await call(chat.personId, value);
  } catch (error) {
    toast(`Not sent. ${error.message}`);
  }
}

function startDrop() {
  const holdsFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
  addEventListener("dragover", (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    drop.hidden = chat.personId === null;
  });
  addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) drop.hidden = true;
  });
  addEventListener("drop", (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    drop.hidden = true;
    if (area.contains(event.target)) offer([...event.dataTransfer.files]);
  });
}

async function offer(files) {
  const personId = chat.personId;
  if (files.length === 0 || personId === null) return;
  if (files.length > FILES_LIMIT) return toast(`At most ${FILES_LIMIT} files at once.`);
  const caption = el("input", { class: "caption", type: "text", placeholder: "Add a caption", "aria-label": "Caption", maxlength: 1024, autofocus: true });
  const asPhoto = el("input", { type: "checkbox" });
  const images = files.every(({ type }) => IMAGE.test(type));
  caption.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.isComposing) caption.closest("dialog").close("send");
  });
  const answer = await openDialog({
    label: "Send files",
    content: [
      el("h2", {}, files.length === 1 ? "Send this file?" : `Send ${files.length} files?`),
      el("div", { class: "files" }, ...files.map(({ name, size }) => el("p", { class: "file-row" }, el("span", { title: name }, name), el("span", {}, sizeText(size))))),
      caption,
      images ? el("label", { class: "check" }, asPhoto, "Send as a photo") : null,
    ].filter(Boolean),
    buttons: [{ label: "Cancel", value: "", look: "quiet" }, { label: "Send", value: "send" }],
  });
  if (answer === "send") await sendAll(personId, files, caption.value.trim(), asPhoto.checked ? "photo" : "document");
}

async function sendAll(personId, files, caption, kind) {
  try {
    for (const [index, file] of files.entries()) await api.upload(personId, file, index === 0 ? caption : "", kind);
  } catch (error) {
    toast(`Not sent. ${error.message}`);
  }
}
