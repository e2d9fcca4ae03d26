// Taps on inline buttons and the answers that come back for them. An answer may arrive before the tap's own HTTP answer does, or while
// the line was down; either way it reaches the tap that waits for it, once.

import * as api from "./api.js";
import { on } from "./chat.js";

const ANSWER_TIMEOUT_MS = 15_000;
const EARLY_LIMIT = 64;

const waiting = new Map(); // callback query id -> settle(answer)
const early = new Map(); // callback query id -> answer that nobody asked for yet

on("answer", (answer) => {
  const settle = waiting.get(answer.callback_query_id);
  if (settle) return settle(answer);
  early.set(answer.callback_query_id, answer);
  if (early.size > EARLY_LIMIT) early.delete(early.keys().next().value);
});

// After a lost line, ask for the answers that may have passed meanwhile.
on("resynced", () => {
  for (const [queryId, settle] of [...waiting]) api.getAnswer(queryId).then(settle, () => {});
});

/** Tap a button; the bot's answer, or null where none came within 15 s. Throws where the tap could not be sent. */
export async function tap(personId, messageId, data) {
  const { callback_query_id: queryId } = await api.tap(personId, messageId, data);
  const known = early.get(queryId);
  if (known) {
    early.delete(queryId);
    return known;
  }
  return new Promise((resolve) => {
    const settle = (answer) => {
      if (!waiting.delete(queryId)) return;
      clearTimeout(timer);
      resolve(answer);
    };
    const timer = setTimeout(() => settle(null), ANSWER_TIMEOUT_MS);
    waiting.set(queryId, settle);
  });
}
