// What the page says of its stream: state, rate, and what waits to be shown.

import { count, plural } from "./format.js";

const WORDS = {
  connecting: "Connecting",
  open: "Live",
  reconnecting: "Reconnecting",
  offline: "Offline",
  closed: "History",
  paused: "Paused",
};

export class Connection {
  #state = "connecting";
  #paused = false;

  /** @param {{root: HTMLElement, text: HTMLElement, rate: HTMLElement, pause: HTMLElement, pauseText: HTMLElement, fresh: HTMLElement}} parts */
  constructor(parts) {
    this.parts = parts;
  }

  become(state) {
    this.#state = state;
    this.#render();
  }

  pause(paused) {
    this.#paused = paused;
    this.parts.pause.setAttribute("aria-pressed", String(paused));
    this.parts.pauseText.textContent = paused ? "Resume" : "Pause";
    this.#render();
  }

  rate(perMinute) {
    this.parts.rate.textContent = this.#state === "open" && perMinute > 0 ? `${count(perMinute)}/min` : "";
  }

  held(number, more) {
    this.parts.fresh.hidden = number === 0;
    this.parts.fresh.textContent = more ? `Show ${count(number)}+ new` : `Show ${plural(number, "new command")}`;
  }

  #render() {
    const state = this.#paused && this.#state === "open" ? "paused" : this.#state;
    this.parts.root.dataset.state = state;
    if (this.parts.text.textContent !== WORDS[state]) this.parts.text.textContent = WORDS[state];
  }
}
