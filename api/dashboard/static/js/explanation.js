// What a model said of the output: apart from the findings, and marked as words that may be wrong.

import { getExplanation, isAbort } from "./api.js";
import { element } from "./element.js";
import { fullTime } from "./format.js";
import { suggestionItem } from "./suggestion.js";

const FIRST_LOOK_MS = 2000;
const LONGEST_PAUSE_MS = 30_000;
const NOTES = {
  pending: "A model has been asked to explain this. The findings stand without it.",
  ungrounded: "A model answered with what this output does not hold, so its words are kept back. The findings stand without them.",
  none: "No model has explained this. The findings come from rules alone.",
};

export class Explanation {
  /** @param {function(string)} announce */
  constructor(announce) {
    this.announce = announce;
    this.root = element("section", { class: "side-panel words-panel", "aria-labelledby": "words-title" });
  }

  /** @param {Object} explanation as the API gives it */
  show(explanation) {
    const head = element("header", { class: "panel-head" }, element("h3", { id: "words-title" }, "Explanation"), badge(explanation));
    this.root.dataset.status = explanation.status;
    this.root.replaceChildren(head, ...(explanation.status === "explained" ? this.#words(explanation) : [note(explanation)]));
  }

  /** Shows an execution's explanation and, where it is pending, looks for it until it is there or `signal` says stop. */
  async follow({ event_id: eventId, explanation = { status: "none" } }, signal) {
    this.show(explanation);
    let pause = FIRST_LOOK_MS;
    for (let last = explanation; last.status === "pending"; pause = Math.min(pause * 1.5, LONGEST_PAUSE_MS)) {
      await waited(pause, signal);
      if (signal.aborted) return;
      last = await this.#look(eventId, signal, last);
    }
  }

  async #look(eventId, signal, last) {
    try {
      const found = await getExplanation(eventId, signal);
      if (found.status === last.status) return last;
      this.show(found);
      if (found.status === "explained") this.announce("A model's explanation is here");
      return found;
    } catch (error) {
      if (!isAbort(error)) return last;
      return { status: "none" };
    }
  }

  #words({ text, likely_causes: causes, suggestions, model, confidence, created_at: at }) {
    const who = `Words of the model ${model}, its own confidence ${percent(confidence)}. They may be wrong: check them against the output.`;
    return [
      element("p", { class: "words-who", title: `Written ${fullTime(at)}` }, who),
      element("p", { class: "words-text" }, text),
      ...part("Likely causes, it thinks", causes.map((cause) => element("li", {}, cause)), "words-causes"),
      ...part("It suggests to run", suggestions.map((one) => suggestionItem(one, one.reason, this.announce)), "suggestions"),
    ];
  }
}

function part(title, items, kind) {
  return items.length ? [element("h4", { class: "side-title" }, title), element("ul", { class: kind }, ...items)] : [];
}

function badge({ status }) {
  return status === "explained" ? element("span", { class: "machine" }, "written by a model") : null;
}

function note({ status, model }) {
  const text = NOTES[status] ?? NOTES.none;
  return element("p", { class: "section-note words-note", role: status === "pending" ? "status" : null }, model ? `${text} (${model})` : text);
}

function percent(confidence) {
  return `${Math.round(100 * confidence)} %`;
}

function waited(milliseconds, signal) {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener("abort", () => (clearTimeout(timer), resolve()), { once: true });
  });
}
