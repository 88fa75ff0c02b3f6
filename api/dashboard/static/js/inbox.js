// What the live stream brought and the list does not show yet: because it is paused, or someone reads further down.

const FLUSH_MS = 250;
const MOST_HELD = 500;
const RATE_WINDOW_MS = 60_000;

export class Inbox {
  #held = [];
  #overflown = false;
  #arrivals = [];
  #paused = false;
  #timer = null;

  /**
   * @param {{mayShow: function(): boolean, onShow: function(Object[]), onHeld: function(number, boolean), onOverflow: function()}} handlers
   *        `onOverflow` stands for "load the list anew", where more arrived than is kept here
   */
  constructor(handlers) {
    this.handlers = handlers;
  }

  get paused() {
    return this.#paused;
  }

  receive(item) {
    this.#arrivals.push(Date.now());
    this.#held.push(item);
    if (this.#held.length > MOST_HELD) {
      this.#held.shift();
      this.#overflown = true;
    }
    this.#timer ??= setTimeout(() => this.#settle(), FLUSH_MS);
  }

  pause(paused) {
    this.#paused = paused;
    if (!paused) this.release();
  }

  /** Shows everything that is held. */
  release() {
    const items = this.#held;
    const overflown = this.#overflown;
    this.clear();
    if (overflown) this.handlers.onOverflow();
    else if (items.length) this.handlers.onShow(items);
  }

  clear() {
    clearTimeout(this.#timer);
    this.#timer = null;
    this.#held = [];
    this.#overflown = false;
    this.handlers.onHeld(0, false);
  }

  /** Forgets the rate, as when the stream's filters change. */
  resetRate() {
    this.#arrivals = [];
  }

  /** @returns {number} arrivals in the last 60 seconds */
  rate(now = Date.now()) {
    this.#arrivals = this.#arrivals.filter((at) => now - at < RATE_WINDOW_MS);
    return this.#arrivals.length;
  }

  #settle() {
    this.#timer = null;
    if (!this.#paused && this.handlers.mayShow()) this.release();
    else this.handlers.onHeld(this.#held.length, this.#overflown);
  }
}
