// What the analysis says of an output: the findings, by who made them, each a way to its lines.

import { element } from "./element.js";
import { verdictBadge, verdictOf } from "./verdict.js";

const SOURCES = { RULE: "Rules", LLM: "Model" };
const EVIDENCE_LINES = 3;

export class Findings {
  #cards;

  /**
   * @param {Object[]} findings as the API gives them
   * @param {function(number)} onChoose called with the index of the chosen finding
   */
  constructor(findings, onChoose) {
    this.#cards = findings.map((finding, index) => card(finding, () => onChoose(index)));
    this.root = element("div", { class: "findings" }, ...groups(findings, this.#cards));
  }

  /** Marks one finding as the one that is looked at. */
  choose(index, { focus = false } = {}) {
    this.#cards.forEach((one, i) => (i === index ? one.setAttribute("aria-current", "true") : one.removeAttribute("aria-current")));
    const chosen = this.#cards[index];
    if (!chosen || !focus) return;
    chosen.focus({ preventScroll: true });
    chosen.scrollIntoView({ block: "nearest" });
  }
}

/** What to say where nothing was found. */
export function emptyFindings({ verdict }) {
  return verdict === "unknown" ? "Neither parsed nor matched by any rule: nothing can be claimed." : "The output was understood and no rule fired.";
}

function groups(findings, cards) {
  const sources = [...new Set(findings.map(({ source }) => source))];
  return sources.map((source) => {
    const members = cards.filter((_, i) => findings[i].source === source);
    return element("section", { class: "finding-group" }, element("h4", {}, SOURCES[source] ?? source ?? "Rules"), element("ol", {}, ...members.map((one) => element("li", {}, one))));
  });
}

function card(finding, onclick) {
  const { kind, severity, subject, facts = {}, evidence = "" } = finding;
  return element(
    "button",
    { type: "button", class: "finding", "data-verdict": verdictOf(severity), onclick },
    element("span", { class: "finding-head" }, verdictBadge(severity), element("span", { class: "finding-lines" }, linesOf(finding))),
    subject ? element("span", { class: "finding-subject" }, subject) : null,
    element("code", { class: subject ? "finding-kind" : "finding-subject" }, kind),
    element("span", { class: "facts" }, ...Object.entries(facts).map(fact)),
    evidence ? element("code", { class: "finding-evidence" }, excerptOf(evidence)) : null,
  );
}

function linesOf({ line_start: start, line_end: end }) {
  if (!start) return "no line";
  return end > start ? `lines ${start}–${end}` : `line ${start}`;
}

function fact([name, value]) {
  return element("span", { class: "fact" }, element("span", {}, `${name.replaceAll("_", " ")} `), element("b", {}, value));
}

function excerptOf(evidence) {
  const lines = evidence.trim().split("\n");
  return lines.length > EVIDENCE_LINES ? [...lines.slice(0, EVIDENCE_LINES), "…"].join("\n") : lines.join("\n");
}
