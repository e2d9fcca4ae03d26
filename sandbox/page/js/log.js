// The list of messages: days, grouping, scrolling. Whoever reads at the end stays at the end; whoever reads further up is never moved.

import { Bubble } from "./bubble.js";
import { chat, messagesInOrder, on } from "./chat.js";
import { dayKey, dayText, el, glide, icon, mark } from "./dom.js";

const NEAR_END_PX = 48;
const FAR_FROM_END_PX = 320;
const GLIDE_LIMIT_PX = 3_000;
const GROUP_SECONDS = 300;
const SHOWN_STEP = 200;
const REST_MS = 900;
const LEAVE_MS = 300;
const FOLD_MS = 240;
const OWN_SCROLL_MS = 200;
const OWN_SMOOTH_SCROLL_MS = 800;

const log = document.getElementById("log");
const inner = document.getElementById("log-inner");
const jump = document.getElementById("jump");
const jumpCount = el("span");
jump.append(jumpCount, icon("down"));

const bubbles = new Map(); // message id -> Bubble
const days = new Map(); // day key -> section
let shownLimit = SHOWN_STEP;
let atEnd = true;
let seenHeight = 0;
let unread = 0;
let actions = null;
let ownScrollUntil = 0; // until then it is the page that scrolls, not a person
let restTimer = 0;
let leaveTimer = 0;

const gap = () => log.scrollHeight - log.scrollTop - log.clientHeight;

/** Start showing messages; `given` are the actions that bubbles call. */
export function startLog(given) {
  actions = { ...given, jump: showMessage };
  on("opening", leave);
  on("opened", showAll);
  on("resynced", reconcile);
  on("message", (message) => keepingPlace(() => arrive(message)));
  on("edit", (message) => keepingPlace(() => change(message), bubbles.get(message.message_id)));
  on("delete", (messageId) => keepingPlace(() => remove(messageId)));
  on("chat", showIntro);
  log.addEventListener("scroll", scrolled, { passive: true });
  jump.addEventListener("click", () => toEnd(true));
  // Pictures that load, a keyboard that opens and a window that changes must not push the end out of sight.
  const follow = new ResizeObserver(() => {
    seenHeight = log.clientHeight;
    inner.style.setProperty("--bar-width", `${log.offsetWidth - log.clientWidth}px`);
    if (atEnd) toEnd(false);
    else scrolled();
  });
  follow.observe(log);
  follow.observe(inner);
}

/** Scroll to the end, smoothly when a person asked for it. */
export function toEnd(smooth) {
  atEnd = true;
  scrollsItself(smooth ? OWN_SMOOTH_SCROLL_MS : OWN_SCROLL_MS);
  log.scrollTo({ top: log.scrollHeight, behavior: smooth && gap() < GLIDE_LIMIT_PX ? glide() : "instant" });
  if (!smooth) scrolled();
}

function scrollsItself(forMs) {
  ownScrollUntil = performance.now() + forMs;
}

export function focusLog() {
  log.focus({ preventScroll: true });
}

function scrolled() {
  // The window on the messages has become smaller or larger, and nobody has scrolled: the observer will see to it.
  if (log.clientHeight !== seenHeight) return;
  atEnd = gap() < NEAR_END_PX;
  if (atEnd) unread = 0;
  showJump();
  showStuckDays();
}

/** While a person scrolls, the day at the top is named; at rest it gives the words under it free. */
function showStuckDays() {
  const top = log.getBoundingClientRect().top;
  for (const section of days.values()) {
    const name = section.firstElementChild;
    name.classList.toggle("is-stuck", name.getBoundingClientRect().top - top < 8 && section.getBoundingClientRect().top < top);
  }
  if (performance.now() > ownScrollUntil) log.classList.add("is-scrolling");
  clearTimeout(restTimer);
  restTimer = setTimeout(() => log.classList.remove("is-scrolling"), REST_MS);
}

function showJump() {
  jump.hidden = atEnd || (unread === 0 && gap() < FAR_FROM_END_PX);
  jumpCount.textContent = unread ? String(unread) : "";
  const news = unread === 1 ? "1 new message" : `${unread} new messages`;
  jump.setAttribute("aria-label", unread ? `${news}, go to the end` : "Go to the end");
}

/**
 * Run a change of the list without moving what is being read: the end stays at the end, else the first visible message stays in place.
 * A message that is edited while its buttons are in view keeps its foot where it is, and with it the button under the finger.
 */
function keepingPlace(changeList, edited = null) {
  if (atEnd) {
    changeList();
    toEnd(false);
    return;
  }
  const { top, bottom } = log.getBoundingClientRect();
  const keys = edited?.keyboard?.root.getBoundingClientRect();
  const byFoot = Boolean(keys) && keys.top < bottom && keys.bottom > top;
  const anchor = byFoot ? edited : [...bubbles.values()].find(({ root }) => root.getBoundingClientRect().bottom > top);
  const edge = byFoot ? "bottom" : "top";
  const before = anchor?.root.getBoundingClientRect()[edge];
  changeList();
  scrollsItself(OWN_SCROLL_MS);
  if (anchor?.root.isConnected) log.scrollTop += anchor.root.getBoundingClientRect()[edge] - before;
  showJump();
}

const shown = () => messagesInOrder().slice(-shownLimit);

/** Nobody may tap in one person's chat while another's is being opened; where that takes long, it is not even shown. */
function leave() {
  log.inert = true;
  leaveTimer = setTimeout(() => inner.replaceChildren(), LEAVE_MS);
}

function showAll() {
  clearTimeout(leaveTimer);
  log.inert = false;
  log.setAttribute("aria-busy", "true");
  shownLimit = SHOWN_STEP;
  unread = 0;
  bubbles.clear();
  days.clear();
  inner.replaceChildren();
  for (const message of shown()) place(message);
  finish();
  toEnd(false);
  // Screen readers are told of what comes from now on, not of the whole history.
  requestAnimationFrame(() => log.setAttribute("aria-busy", "false"));
}

function reconcile() {
  keepingPlace(() => {
    const wanted = new Map(shown().map((message) => [message.message_id, message]));
    for (const messageId of [...bubbles.keys()]) if (!wanted.has(messageId)) remove(messageId);
    for (const message of wanted.values()) change(message);
    finish();
  });
}

function arrive(message) {
  const wasEmpty = bubbles.size === 0;
  const bubble = place(message);
  bubble.root.classList.add("arrives");
  bubble.root.addEventListener("animationend", () => bubble.root.classList.remove("arrives"), { once: true });
  if (message.outgoing) atEnd = true;
  else if (!atEnd) unread += 1;
  if (wasEmpty) showIntro();
}

function change(message) {
  const bubble = bubbles.get(message.message_id);
  if (!bubble) {
    if (message.message_id >= firstShownId()) place(message);
    return;
  }
  bubble.show(message);
  bubble.settle();
}

const firstShownId = () => shown()[0]?.message_id ?? 0;

function remove(messageId) {
  const bubble = bubbles.get(messageId);
  if (!bubble) return;
  const { root } = bubble;
  const section = root.parentElement;
  if (root.contains(document.activeElement)) focusLog();
  const next = siblingOf(root, "nextElementSibling");
  bubbles.delete(messageId);
  fold(root);
  if (next) group(next);
  if (!section.querySelector(".message:not(.leaves)")) {
    days.delete(section.dataset.day);
    section.remove();
  }
  showIntro();
}

/** Let a message that was deleted shrink away where somebody sees it. */
function fold(root) {
  const { top, bottom, height } = root.getBoundingClientRect();
  const view = log.getBoundingClientRect();
  if (glide() === "instant" || bottom < view.top || top > view.bottom) return void root.remove();
  root.classList.add("leaves");
  root.inert = true;
  delete root.dataset.id;
  const margin = getComputedStyle(root).marginTop;
  const frames = [{ height: `${height}px`, marginTop: margin, opacity: 1 }, { height: `${height}px`, marginTop: margin, opacity: 0, offset: .45 },
    { height: 0, marginTop: 0, opacity: 0 }];
  const going = root.animate(frames, { duration: FOLD_MS, easing: "ease-out" });
  going.onfinish = going.oncancel = () => root.remove();
}

/** The next shown message on one side: those that are leaving do not count. */
function siblingOf(root, side) {
  let sibling = root[side];
  while (sibling?.classList.contains("leaves")) sibling = sibling[side];
  return sibling;
}

/** Put a new bubble at the place that its id gives it. */
function place(message) {
  const bubble = new Bubble(message, actions);
  bubbles.set(message.message_id, bubble);
  const section = dayOf(message);
  const next = [...section.querySelectorAll(":scope > .message")].reverse();
  const before = next.find(({ dataset }) => Number(dataset.id) < message.message_id);
  if (before) before.after(bubble.root);
  else section.querySelector(".day-name").after(bubble.root);
  group(bubble.root);
  if (bubble.root.nextElementSibling) group(bubble.root.nextElementSibling);
  bubble.settle();
  return bubble;
}

function dayOf(message) {
  const key = dayKey(message.date);
  if (days.has(key)) return days.get(key);
  const section = el("section", { class: "day", "data-day": key, "data-date": message.date },
    el("p", { class: "day-name" }, dayText(message.date)));
  const later = [...days.values()].filter(({ dataset }) => Number(dataset.date) > message.date);
  const next = later.sort((a, b) => a.dataset.date - b.dataset.date)[0];
  if (next) next.before(section);
  else inner.append(section);
  days.set(key, section);
  return section;
}

/** A message leads a group when another author, or a pause, comes before it. */
function group(root) {
  const message = bubbles.get(Number(root.dataset.id))?.message;
  const before = bubbles.get(Number(siblingOf(root, "previousElementSibling")?.dataset.id))?.message;
  const joins = message && before && before.outgoing === message.outgoing && message.date - before.date < GROUP_SECONDS;
  root.classList.toggle("leads", !joins);
}

function finish() {
  inner.querySelector(".earlier")?.remove();
  if (chat.messages.size <= shownLimit) return;
  const more = () => {
    shownLimit += SHOWN_STEP;
    atEnd = false;
    reconcile();
  };
  inner.prepend(el("button", { type: "button", class: "earlier", onclick: more }, "Show earlier messages"));
}

/** What the bot says of itself, while the chat is empty. */
function showIntro() {
  const old = inner.querySelector(".intro");
  const text = chat.bot.description || chat.bot.short_description;
  const key = `${chat.bot.name}\n${text}`;
  if (chat.messages.size > 0 || !chat.person) return void old?.remove();
  if (old?.dataset.key === key) return;
  old?.remove();
  inner.append(el("div", { class: "intro", "data-key": key }, mark(), el("h2", {}, chat.bot.name), text ? el("p", {}, text) : null));
}

function showMessage(messageId) {
  const bubble = bubbles.get(messageId);
  bubble?.root.scrollIntoView({ block: "center", behavior: glide() });
  bubble?.root.focus({ preventScroll: true });
}
