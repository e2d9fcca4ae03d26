// The calls to the sandbox's simulator over HTTP. One function a call; an error carries the sentence the server gave.

const QUICK_TIMEOUT_MS = 15_000;
const UPLOAD_TIMEOUT_MS = 120_000;

export class ApiError extends Error {
  constructor(message, status = 0) {
    super(message);
    this.status = status;
  }
}

async function sentenceOf(response) {
  try {
    const body = await response.json();
    return body.description || body.error || `The sandbox answered ${response.status}.`;
  } catch {
    return `The sandbox answered ${response.status}.`;
  }
}

async function request(path, options = {}, timeout = QUICK_TIMEOUT_MS) {
  let response;
  try {
    response = await fetch(path, { cache: "no-store", signal: AbortSignal.timeout(timeout), ...options });
  } catch {
    throw new ApiError("The sandbox cannot be reached.");
  }
  if (!response.ok) throw new ApiError(await sentenceOf(response), response.status);
  try {
    return await response.json();
  } catch {
    throw new ApiError("The sandbox gave an answer that is not JSON.", response.status);
  }
}

function post(path, body) {
  return request(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
}

export const getPeople = () => request("/sim/people");
export const addPerson = (person) => post("/sim/people", person);
export const getChat = (personId) => request(`/sim/chat?person=${encodeURIComponent(personId)}`);
export const sendText = (personId, text, replyTo = null) => post("/sim/send", { person: personId, text, reply_to: replyTo });
export const editText = (personId, messageId, text) => post("/sim/edit", { person: personId, message_id: messageId, text });
export const sendSticker = (personId, emoji) => post("/sim/sticker", { person: personId, emoji });
export const sendVoice = (personId, seconds) => post("/sim/voice", { person: personId, seconds });
export const setLanguage = (personId, code) => post("/sim/language", { person: personId, language_code: code });
export const tap = (personId, messageId, data) => post("/sim/tap", { person: personId, message_id: messageId, data });
export const setBlocked = (personId, blocked) => post("/sim/block", { person: personId, blocked });
export const getAnswer = (queryId) => request(`/sim/answers/${encodeURIComponent(queryId)}`);

/** Send a file as the person; `kind` is "document" or "photo". */
export function upload(personId, file, caption, kind) {
  const query = new URLSearchParams({ person: personId, name: file.name, caption, as: kind });
  const headers = { "Content-Type": file.type || "application/octet-stream" };
  return request(`/sim/upload?${query}`, { method: "POST", headers, body: file }, UPLOAD_TIMEOUT_MS);
}

export const fileUrl = (fileId) => `/sim/file?file_id=${encodeURIComponent(fileId)}`;

export function eventsUrl(personId) {
  const scheme = location.protocol === "https:" ? "wss:" : "ws:";
  return `${scheme}//${location.host}/sim/events?person=${encodeURIComponent(personId)}`;
}
