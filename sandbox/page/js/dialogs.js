// Modal dialogs over the platform's own <dialog>, which keeps the focus inside, closes on Escape and gives the focus back.

import { chat } from "./chat.js";
import { el, mark } from "./dom.js";

/**
 * Show a dialog; the value of the button that closed it, or null.
 * `buttons` are {label, value, look}; the first of them has the focus, unless the content asks for it with `autofocus`.
 */
export function openDialog({ label, content, buttons, className = "", dismissable = true }) {
  return new Promise((resolve) => {
    const row = el("div", { class: "dialog-buttons" });
    const dialog = el("dialog", { class: className, "aria-label": label }, ...content, row);
    for (const { label: text, value, look = "" } of buttons) {
      row.append(el("button", { type: "button", class: `dialog-button ${look}`, onclick: () => dialog.close(value) }, text));
    }
    dialog.addEventListener("click", (event) => {
      if (dismissable && event.target === dialog && outside(dialog, event)) dialog.close("");
    });
    dialog.addEventListener("close", () => {
      dialog.remove();
      // What had the focus before may be gone by now, and so the browser could not give it back.
      if (document.activeElement === document.body) document.getElementById("log").focus({ preventScroll: true });
      resolve(dialog.returnValue || null);
    });
    document.body.append(dialog);
    dialog.showModal();
    (dialog.querySelector("[autofocus]") ?? row.lastElementChild).focus();
  });
}

function outside(dialog, { clientX: x, clientY: y }) {
  const { left, right, top, bottom } = dialog.getBoundingClientRect();
  return x < left || x > right || y < top || y > bottom;
}

/** The modal answer of a button (show_alert). */
export function alertDialog(text) {
  return openDialog({
    label: chat.bot.name,
    content: [el("p", { class: "dialog-text" }, text)],
    buttons: [{ label: "OK", value: "ok" }],
    className: "alert",
    dismissable: false,
  });
}

/** Ask before an address outside of this computer is opened. */
export async function confirmLink(url) {
  const answer = await openDialog({
    label: "Open this link?",
    content: [el("h2", {}, "Open this link?"), el("p", { class: "dialog-soft" }, url)],
    buttons: [{ label: "Cancel", value: "", look: "quiet" }, { label: "Open", value: "open" }],
  });
  return answer === "open";
}

/** A photo, as large as the window allows. */
export function showPhoto(url, alt) {
  return openDialog({
    label: alt,
    content: [el("img", { src: url, alt })],
    buttons: [{ label: "Close", value: "close" }],
    className: "viewer",
  });
}

const LANGUAGES = {
  "": "not told to the bot", en: "English", es: "Español", "pt-br": "Português (Brasil)", hi: "हिन्दी", ar: "العربية", uk: "Українська",
  de: "Deutsch", fr: "Français", he: "עברית",
};

/** Choose the language that the person's app has; `choose(code)` is called at once. */
function languageChoice(person, choose) {
  const now = person.language_code ?? "";
  const codes = now in LANGUAGES ? LANGUAGES : { ...LANGUAGES, [now]: now };
  const options = Object.entries(codes).map(([code, name]) => el("option", { value: code, selected: code === now }, name));
  const select = el("select", { id: "language", class: "select" }, ...options);
  select.addEventListener("change", () => choose(select.value));
  return el("label", { class: "setting", for: "language" }, el("span", {}, `Language of ${person.first_name}’s app`), select);
}

/** What the bot says of itself, and who is here; "block" or "unblock" where that was pressed. */
export function showProfile(chooseLanguage) {
  const { bot, person } = chat;
  const about = bot.description || bot.short_description;
  const turn = person?.blocked ? { label: "Unblock", value: "unblock" } : { label: "Block", value: "block", look: "danger" };
  return openDialog({
    label: bot.name,
    content: [el("div", { class: "profile" }, mark(), el("h2", {}, bot.name),
      bot.username ? el("p", { class: "dialog-soft" }, `@${bot.username}`) : null,
      about ? el("p", { class: "dialog-text" }, about) : null,
      el("p", { class: "dialog-soft" }, `You are here as ${person?.first_name ?? "nobody"}.`)),
      person ? languageChoice(person, chooseLanguage) : null].filter(Boolean),
    buttons: [...(person ? [turn] : []), { label: "Close", value: "" }],
  });
}
