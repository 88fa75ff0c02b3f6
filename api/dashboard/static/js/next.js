// What people typed next after such an execution; nothing is shown where nothing is known.

import { listSuggestions } from "./api.js";
import { element } from "./element.js";
import { plural } from "./format.js";
import { suggestionItem } from "./suggestion.js";

const MOST = 6;

export class NextCommands {
  /** @param {function(string)} announce */
  constructor(announce) {
    this.announce = announce;
    this.root = element("section", { class: "side-panel next-panel", "aria-labelledby": "next-title", hidden: true });
  }

  async load(eventId, signal) {
    const { items } = await listSuggestions(eventId, MOST, signal).catch(() => ({ items: [] }));
    // A model's own suggestions stand with its explanation.
    const others = items.filter(({ why }) => why !== "model");
    if (signal.aborted || others.length === 0) return;
    const list = element("ul", { class: "suggestions" }, ...others.map((one) => suggestionItem(one, noteOf(one), this.announce)));
    this.root.replaceChildren(element("header", { class: "panel-head" }, element("h3", { id: "next-title" }, "What next")), list);
    this.root.hidden = false;
  }
}

function noteOf({ why, count, users }) {
  if (why === "transition") return `typed next ${plural(count, "time")} by ${plural(users, "person", "people")}`;
  if (why === "frequent") return `often typed on such systems, by ${plural(users, "person", "people")}`;
  return "a common command there";
}
