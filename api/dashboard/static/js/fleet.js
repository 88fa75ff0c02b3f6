// The devices that were heard, the worst first; choosing one filters the list.

import { isAbort, listDevices } from "./api.js";
import { element } from "./element.js";
import { ago, compactCount, plural, utc } from "./format.js";
import { VERDICTS, compareVerdicts, verdictIcon, verdictOf } from "./verdict.js";

const REFRESH_MS = 15_000;
const MOST_SHOWN = 500;
const WIDE = matchMedia("(min-width: 1100px)");

export class Fleet {
  #devices = [];
  #chosen = "";
  #timer = null;

  /** @param {{list: HTMLElement, note: HTMLElement, fold: HTMLDetailsElement, onChoose: function(string), onDevices: function(Object[])}} parts */
  constructor(parts) {
    this.parts = parts;
    parts.fold.open = WIDE.matches;
    WIDE.addEventListener("change", () => (parts.fold.open = WIDE.matches));
    document.addEventListener("visibilitychange", () => !document.hidden && this.refresh());
  }

  async refresh() {
    clearTimeout(this.#timer);
    try {
      const { items } = await listDevices();
      this.#devices = items.toSorted(byConcern);
      this.parts.onDevices(this.#devices);
      this.#render();
    } catch (error) {
      if (!isAbort(error)) this.parts.note.textContent = "not up to date";
    }
    this.#timer = setTimeout(() => document.hidden || this.refresh(), REFRESH_MS);
  }

  /** Marks the device the list is limited to. */
  choose(device) {
    if (device === this.#chosen) return;
    this.#chosen = device;
    this.#render();
  }

  #render() {
    const focused = this.parts.list.contains(document.activeElement) ? document.activeElement.dataset.device : null;
    this.parts.note.textContent = noteOf(this.#devices);
    this.parts.list.replaceChildren(...this.#devices.slice(0, MOST_SHOWN).map((device) => this.#item(device)));
    if (focused) this.parts.list.querySelector(`[data-device="${CSS.escape(focused)}"]`)?.focus();
  }

  #item(device) {
    const verdict = concernOf(device);
    const chosen = device.device_id === this.#chosen;
    const button = element(
      "button",
      {
        type: "button",
        class: "device",
        "data-verdict": verdict,
        "data-device": device.device_id,
        "aria-pressed": String(chosen),
        title: `${device.device_id}, last heard ${utc(device.last_seen)}`,
        onclick: () => this.parts.onChoose(chosen ? "" : device.device_id),
      },
      verdictIcon(verdict),
      element("span", { class: "device-name" }, device.hostname || device.device_id),
      element("span", { class: "device-ago" }, ago(device.last_seen)),
      element("span", { class: "device-verdict" }, openCount(device, verdict)),
      element("span", { class: "device-os" }, `${device.os_type || "unknown OS"} · ${compactCount(device.events)}`),
    );
    return element("li", {}, button);
  }
}

// What stands open counts; where the API does not tell, the last verdict does.
function concernOf({ open_findings: open = {}, last_verdict: last }) {
  return VERDICTS.find((verdict) => open[verdict] > 0) ?? verdictOf(last);
}

function openCount({ open_findings: open = {} }, verdict) {
  return open[verdict] > 0 ? `${compactCount(open[verdict])} ${verdict}` : verdict;
}

function byConcern(a, b) {
  return compareVerdicts(concernOf(a), concernOf(b)) || Date.parse(b.last_seen) - Date.parse(a.last_seen);
}

function noteOf(devices) {
  if (devices.length === 0) return "none heard yet";
  const more = devices.length > MOST_SHOWN ? `, first ${MOST_SHOWN} shown` : "";
  return `${plural(devices.length, "device")}${more} · worst first`;
}
