// The WebSocket of one person's events, opened again for as long as it is wanted. It knows nothing of what the events mean.

const DELAYS_MS = [250, 500, 1000, 2000, 3000];

export class Live {
  #socket = null;
  #timer = 0;
  #attempt = 0;
  #url = null;

  /** `opened()` runs after each (re)connection, `event(value)` for each message, `lost()` when the line goes down. */
  constructor({ opened, event, lost }) {
    this.handlers = { opened, event, lost };
    addEventListener("online", () => this.#hurry());
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible") this.#hurry();
    });
  }

  start(url) {
    this.stop();
    this.#url = url;
    this.#attempt = 0;
    this.#connect();
  }

  stop() {
    clearTimeout(this.#timer);
    const socket = this.#socket;
    this.#socket = null;
    this.#url = null;
    socket?.close();
  }

  #connect() {
    clearTimeout(this.#timer);
    const socket = new WebSocket(this.#url);
    this.#socket = socket;
    // Events of a socket that was since replaced are of another person or an older state: they are dropped.
    socket.onopen = () => {
      if (this.#socket !== socket) return;
      this.#attempt = 0;
      this.handlers.opened();
    };
    socket.onmessage = ({ data }) => {
      if (this.#socket === socket) this.#read(data);
    };
    socket.onclose = () => {
      if (this.#socket === socket) this.#again();
    };
  }

  #read(data) {
    let value;
    try {
      value = JSON.parse(data);
    } catch {
      console.warn("An event that is not JSON was left out.");
      return;
    }
    this.handlers.event(value);
  }

  #again() {
    this.#socket = null;
    this.handlers.lost();
    const delay = DELAYS_MS[Math.min(this.#attempt, DELAYS_MS.length - 1)];
    this.#attempt += 1;
    this.#timer = setTimeout(() => this.#connect(), delay);
  }

  #hurry() {
    if (this.#url && !this.#socket) this.#connect();
  }
}
