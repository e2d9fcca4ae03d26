// A small menu beside whatever was pressed: a column of words, or a grid of signs. One at a time; a press elsewhere, Escape or a choice closes it.

import { el, icon } from "./dom.js";

const EDGE_PX = 8;

let open = null;

/**
 * Show a menu near a point or an element. `items` are {label, sign, choose}; `grid` lays signs out in rows.
 * `near` is {x, y} in the window, or an element above which the menu stands.
 */
export function openMenu(near, items, { label, grid = false }) {
  closeMenu();
  const back = document.activeElement;
  const root = el("div", { class: grid ? "menu is-grid" : "menu", role: "menu", "aria-label": label, tabindex: "-1" });
  for (const item of items) root.append(makeItem(item, grid));
  document.body.append(root);
  stand(root, near);
  open = { root, back };
  root.firstElementChild.focus({ preventScroll: true });
  root.addEventListener("keydown", onKey);
  root.addEventListener("contextmenu", (event) => event.preventDefault());
  document.addEventListener("pointerdown", pressedElsewhere, true);
  addEventListener("resize", closeMenu);
}

export function closeMenu() {
  if (!open) return;
  const { root, back } = open;
  open = null;
  document.removeEventListener("pointerdown", pressedElsewhere, true);
  removeEventListener("resize", closeMenu);
  const held = root.contains(document.activeElement);
  root.remove();
  if (held && back?.isConnected) back.focus({ preventScroll: true });
}

function makeItem({ label, sign, text, choose }, grid) {
  const inside = grid ? [text] : [sign ? icon(sign) : null, el("span", {}, label)];
  return el("button", {
    type: "button", class: "menu-item", role: "menuitem", tabindex: "-1", "aria-label": grid ? label : null,
    onclick: () => {
      closeMenu();
      choose();
    },
  }, ...inside);
}

function stand(root, near) {
  const { width, height } = root.getBoundingClientRect();
  const box = near instanceof Element ? near.getBoundingClientRect() : null;
  const left = box ? box.right - width : near.x;
  const below = box ? box.top - height - EDGE_PX : near.y;
  const top = below + height > innerHeight - EDGE_PX ? near.y - height : below;
  root.style.left = `${Math.max(EDGE_PX, Math.min(left, innerWidth - width - EDGE_PX))}px`;
  root.style.top = `${Math.max(EDGE_PX, Math.min(top, innerHeight - height - EDGE_PX))}px`;
}

function pressedElsewhere({ target }) {
  if (!open?.root.contains(target)) closeMenu();
}

const STEPS = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 };

function onKey(event) {
  const items = [...open.root.children];
  const step = STEPS[event.key];
  if (step) items[(items.indexOf(document.activeElement) + step + items.length) % items.length].focus();
  else if (event.key === "Escape" || event.key === "Tab") closeMenu();
  else return;
  event.preventDefault();
  event.stopPropagation();
}
