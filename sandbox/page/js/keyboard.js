// The keyboard under a bubble. On an edit its rows and buttons are changed in place, so nothing flashes and the focus stays where it was.

import { el, icon, setAttribute, setText } from "./dom.js";

const SHORT_LABEL = 12; // what is longer may be cut on the button, and is named in full under the pointer
const STYLES = new Set(["primary", "success", "danger"]);

/** What a button does: its kind, and the value that kind needs. */
function kindOf(button) {
  if (typeof button.callback_data === "string") return ["callback", button.callback_data];
  if (typeof button.url === "string") return ["url", button.url];
  if (button.copy_text) return ["copy", button.copy_text.text ?? ""];
  return ["other", ""];
}

class Key {
  /** `press(kind, value)` returns a promise that settles when the button need wait no longer. */
  constructor(press) {
    this.label = el("span", { class: "key-label", dir: "auto" });
    this.sign = el("span", { class: "key-sign" });
    this.press = press;
    this.kind = this.value = null;
    this.waits = 0; // which press the spinner belongs to; 0 where none
    this.root = el("button", { type: "button", class: "key", onclick: () => this.#tapped() }, this.label, this.sign);
  }

  show(button) {
    const [kind, value] = kindOf(button);
    if (kind !== this.kind || value !== this.value) this.#settle();
    Object.assign(this, { kind, value });
    setText(this.label, button.text ?? "");
    setAttribute(this.root, "title", button.text?.length > SHORT_LABEL ? button.text : null);
    setAttribute(this.root, "class", STYLES.has(button.style) ? `key ${button.style}` : "key");
    setAttribute(this.root, "disabled", button.disabled ? "" : null);
    this.#showSign(kind);
  }

  #showSign(kind) {
    const name = { url: "link", copy: "copy" }[kind] ?? "";
    if (this.sign.dataset.name === name) return;
    this.sign.dataset.name = name;
    this.sign.replaceChildren(...(name ? [icon(name)] : []));
    setAttribute(this.root, "aria-description", { url: "Opens a link", copy: "Copies text" }[kind] ?? null);
  }

  async #tapped() {
    if (this.waits) return;
    const wait = (this.waits = performance.now() || 1);
    if (this.kind === "callback") this.#spin();
    try {
      await this.press(this.kind, this.value);
    } finally {
      if (this.waits === wait) this.#settle();
    }
  }

  #spin() {
    this.root.setAttribute("aria-busy", "true");
    this.root.append(el("span", { class: "spinner", "aria-hidden": "true" }));
  }

  #settle() {
    this.waits = 0;
    this.root.removeAttribute("aria-busy");
    this.root.querySelector(".spinner")?.remove();
  }
}

export class Keyboard {
  constructor(press, label) {
    this.press = press;
    this.root = el("div", { class: "keyboard", role: "group", "aria-label": label });
    this.rows = [];
  }

  /** Show these rows of buttons, reusing every row and button that has a successor at its place. */
  show(rows) {
    const focused = this.root.contains(document.activeElement);
    while (this.rows.length > rows.length) this.rows.pop().root.remove();
    rows.forEach((buttons, index) => this.#showRow(index, buttons));
    if (focused && !this.root.contains(document.activeElement)) this.#focusLast();
  }

  #showRow(index, buttons) {
    let row = this.rows[index];
    if (!row) {
      row = { root: el("div", { class: "keys" }), keys: [] };
      this.rows.push(row);
      this.root.append(row.root);
    }
    while (row.keys.length > buttons.length) row.keys.pop().root.remove();
    buttons.forEach((button, column) => {
      if (!row.keys[column]) {
        row.keys[column] = new Key(this.press);
        row.root.append(row.keys[column].root);
      }
      row.keys[column].show(button);
    });
  }

  #focusLast() {
    this.rows.at(-1)?.keys.at(-1)?.root.focus({ preventScroll: true });
  }
}

/** The rows of buttons of an inline keyboard; none where the message has none. */
export function inlineRows(message) {
  const rows = message.reply_markup?.inline_keyboard;
  return Array.isArray(rows) ? rows.filter((row) => Array.isArray(row) && row.length > 0) : [];
}
