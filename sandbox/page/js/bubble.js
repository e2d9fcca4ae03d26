// One message on the page. It is made once; an edit renders again only those of its parts (origin, reply, media, words, time, keyboard) that changed.

import { fileUrl } from "./api.js";
import { el, endsRightToLeft, fullDateText, icon, sizeText, timeText } from "./dom.js";
import { renderText, settleQuotes } from "./entities.js";
import { inlineRows, Keyboard } from "./keyboard.js";
import { renderRich } from "./rich.js";

const JUMBO_LIMIT = 3;
const GRAPHEMES = typeof Intl.Segmenter === "function" ? new Intl.Segmenter() : null;

/** Whether the text is one to three emoji and nothing else; such a message is shown large. */
function isJumbo(text, entities) {
  if (!GRAPHEMES || text.length > 60 || (entities ?? []).some(({ type }) => type !== "custom_emoji")) return false;
  const parts = Array.from(GRAPHEMES.segment(text), ({ segment }) => segment);
  return parts.length > 0 && parts.length <= JUMBO_LIMIT && parts.every((part) => /^(?:\p{Emoji_Presentation}|\p{Emoji}\uFE0F)/u.test(part));
}

/** A message in a few words, as a reply to it quotes it. */
export function summaryOf({ text, caption, photo, sticker, voice, document: file, rich_message: rich }) {
  return text ?? caption ?? rich?.blocks?.[0]?.text ?? file?.file_name
    ?? (photo ? "Photo" : sticker ? `${sticker.emoji ?? ""} Sticker` : voice ? "Voice message" : "Message");
}

const BARS = 28;

/** A voice message: its length in seconds, and a wave that is the same each time it is drawn. */
function voiceNote({ duration }) {
  const bars = Array.from({ length: BARS }, (_, index) => {
    const bar = el("i");
    bar.style.height = `${20 + ((index * 37 + duration * 11) % 17) * 5}%`;
    return bar;
  });
  const time = `${Math.floor(duration / 60)}:${String(duration % 60).padStart(2, "0")}`;
  return el("span", { class: "voice", role: "img", "aria-label": `Voice message, ${time}` },
    el("span", { class: "document-icon" }, icon("play")),
    el("span", { class: "voice-wave" }, ...bars), el("span", { class: "voice-time" }, time));
}

function originOf(origin) {
  return origin?.sender_user?.first_name ?? origin?.sender_user_name ?? origin?.chat?.title ?? (origin ? "somebody" : undefined);
}

export class Bubble {
  /** `actions`: command, link, mention, press(message, kind, value), photo(url, alt), jump(messageId), menu(message, point), shownText(message). */
  constructor(message, actions) {
    this.actions = actions;
    this.parts = new Map(); // part name -> { key, node }
    this.bubble = el("div", { class: "bubble" });
    this.keyboard = null;
    this.root = el("article", { class: `message ${message.outgoing ? "out" : "in"}`, tabindex: "-1", "data-id": message.message_id });
    this.root.append(this.bubble);
    this.bubble.addEventListener("contextmenu", (event) => this.#menu(event));
    this.show(message);
  }

  show(message) {
    this.message = message;
    this.root.classList.toggle("is-sticker", Boolean(message.sticker));
    const author = message.outgoing ? "You" : message.from?.first_name || "Bot";
    this.#part("author", author, () => el("span", { class: "unseen" }, `${author}: `));
    this.#part("origin", originOf(message.forward_origin), () => el("span", { class: "origin" }, `Forwarded from ${originOf(message.forward_origin)}`));
    this.#part("reply", message.reply_to_message?.message_id, () => this.#reply(message.reply_to_message));
    this.#part("media", this.#mediaKey(message), () => this.#media(message));
    this.#part("words", JSON.stringify(this.#wordsOf(message)), () => this.#words(message));
    this.#part("meta", `${message.date} ${message.edit_date ?? ""}`, () => this.#meta(message));
    this.#part("reactions", (message.reactions ?? []).join(" "), () => this.#reactions(message.reactions));
    this.#showKeyboard(message);
  }

  /** A right click, a long press or the menu key; selected words and links keep the browser's own menu. */
  #menu(event) {
    if (!getSelection().isCollapsed || event.target.closest("a")) return;
    event.preventDefault();
    const { left, bottom } = this.bubble.getBoundingClientRect();
    const point = event.clientX || event.clientY ? { x: event.clientX, y: event.clientY } : { x: left, y: bottom };
    this.actions.menu(this.message, point);
  }

  /** Measure what can only be measured in the page. */
  settle() {
    settleQuotes(this.bubble);
  }

  /** Render a part anew where its key changed, in the place that the order of first calls gave it. */
  #part(name, key, render) {
    const old = this.parts.get(name);
    if (old && old.key === key) return;
    const node = (key === undefined || key === "" ? null : render()) ?? document.createComment(name);
    if (old) old.node.replaceWith(node);
    else this.bubble.append(node);
    this.parts.set(name, { key, node });
  }

  #wordsOf(message) {
    if (message.rich_message) return [message.rich_message];
    return [this.actions.shownText(message), message.entities ?? message.caption_entities ?? []];
  }

  #words(message) {
    if (message.rich_message) return this.#rich(message.rich_message);
    const [text, entities] = this.#wordsOf(message);
    if (!text) return null;
    const node = el("span", { class: isJumbo(text, entities) ? "text jumbo" : "text", dir: "auto" });
    node.classList.toggle("ends-rtl", endsRightToLeft(text));
    node.append(renderText(text, entities, this.actions));
    return node;
  }

  #rich({ html, markdown, is_rtl: rightToLeft }) {
    if (typeof html !== "string") return el("span", { class: "text", dir: "auto" }, markdown ?? "");
    const node = el("div", { class: "rich", dir: rightToLeft ? "rtl" : null });
    node.append(renderRich(html, this.actions));
    return node;
  }

  #mediaKey({ photo, document: file, sticker, voice }) {
    return photo?.at(-1)?.file_id ?? (file ?? sticker ?? voice)?.file_id;
  }

  #media(message) {
    if (message.photo?.length) return this.#photo(message);
    if (message.sticker) return el("span", { class: "sticker", role: "img", "aria-label": `Sticker ${message.sticker.emoji ?? ""}` }, message.sticker.emoji ?? "🖼️");
    return message.voice ? voiceNote(message.voice) : this.#document(message.document);
  }

  #photo({ photo, caption }) {
    const { file_id: fileId, width, height } = photo.at(-1);
    const alt = caption ? `Photo: ${caption}` : "Photo";
    const image = el("img", { src: fileUrl(fileId), width, height, alt: "", decoding: "async" });
    return el("button", {
      type: "button", class: "photo", "aria-label": `${alt}. Open it large`, onclick: () => this.actions.photo(image.src, alt),
    }, image);
  }

  #document({ file_id: fileId, file_name: name = "file", file_size: size }) {
    const words = el("span", { class: "document-text" },
      el("span", { class: "document-name" }, name),
      el("span", { class: "document-size" }, sizeText(size)));
    return el("a", { class: "document", href: fileUrl(fileId), download: name, "aria-label": `Download ${name}, ${sizeText(size)}` },
      el("span", { class: "document-icon", "aria-hidden": "true" }, icon("file")), words);
  }

  #reply(target) {
    const text = summaryOf(target);
    return el("button", { type: "button", class: "reply", onclick: () => this.actions.jump(target.message_id) },
      el("b", {}, target.from?.is_bot === false ? "You" : target.from?.first_name ?? "Bot"), el("span", { dir: "auto" }, text.slice(0, 120)));
  }

  #reactions(reactions) {
    return el("span", { class: "reactions", role: "img", "aria-label": `Reaction: ${reactions.join(" ")}` }, reactions.join(" "));
  }

  #meta({ date, edit_date: edited }) {
    const title = edited ? `${fullDateText(date)}\nEdited ${fullDateText(edited)}` : fullDateText(date);
    const time = el("time", { datetime: new Date(date * 1000).toISOString() }, timeText(date));
    return el("span", { class: "meta", title }, edited ? el("i", { class: "edited" }, "edited") : null, time);
  }

  #showKeyboard(message) {
    const rows = inlineRows(message);
    this.root.classList.toggle("keyed", rows.length > 0);
    const long = Boolean(message.rich_message);
    // A card that once had keys keeps its width when they go, so that its words do not flow anew.
    if (rows.length > 0 || long) this.root.classList.add("wide");
    if (rows.length === 0) {
      if (this.keyboard?.root.contains(document.activeElement)) this.root.focus({ preventScroll: true });
      this.keyboard?.root.remove();
      this.keyboard = null;
      return;
    }
    if (!this.keyboard) {
      this.keyboard = new Keyboard((kind, value) => this.actions.press(this.message, kind, value), "Answers");
      this.root.append(this.keyboard.root);
    }
    this.keyboard.show(rows);
  }
}

