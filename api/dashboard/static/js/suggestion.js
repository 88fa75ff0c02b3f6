// A command to copy, with the risk of running it. The page itself runs nothing.

import { copyButton } from "./clipboard.js";
import { element } from "./element.js";

const RISKS = {
  READ_ONLY: { word: "only reads", verdict: "ok" },
  APPROVAL_REQUIRED: { word: "needs approval", verdict: "warning" },
};

/**
 * @param {{command: string, risk: string}} suggestion
 * @param {string|null} note why it stands here @param {function(string)} announce
 */
export function suggestionItem({ command, risk }, note, announce) {
  const { word, verdict } = RISKS[risk] ?? RISKS.APPROVAL_REQUIRED;
  return element(
    "li",
    { class: "suggestion" },
    element("code", { class: "suggestion-command" }, command),
    copyButton("Copy", () => command, announce, { name: `Copy ${command}` }),
    element("span", { class: "risk", "data-verdict": verdict }, word),
    note ? element("span", { class: "section-note suggestion-note" }, note) : null,
  );
}
