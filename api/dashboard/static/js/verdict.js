// Verdicts and severities: their order, their shapes (colour is never the only sign) and their badge.

import { element, icon } from "./element.js";

/** Worst first. */
export const VERDICTS = Object.freeze(["critical", "warning", "info", "ok", "unknown"]);

const SHAPES = {
  critical: { fill: ["M5.1 1h5.8L15 5.1v5.8L10.9 15H5.1L1 10.9V5.1zM5.2 6.2L7 8l-1.8 1.8 1 1L8 9l1.8 1.8 1-1L9 8l1.8-1.8-1-1L8 7 6.2 5.2z"] },
  warning: { fill: ["M8 1.2L15.6 14.5H.4zM7.2 5.8l.3 4.2h1l.3-4.2zM8 11a.95.95 0 1 0 0 1.9A.95.95 0 0 0 8 11z"] },
  info: { fill: ["M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1zM7.1 7h1.8v5H7.1zM8 3.8a1.05 1.05 0 1 1 0 2.1 1.05 1.05 0 0 1 0-2.1z"] },
  ok: { stroke: ["M2.8 8.6l3.3 3.5 7-8"] },
  unknown: { stroke: ["M5.3 5.6a2.7 2.7 0 1 1 4.1 2.3C8.5 8.4 8 8.9 8 9.9", "M8 13.1v.1"] },
};

/** The verdict a value names; what no build knows counts as unknown. */
export function verdictOf(value) {
  const name = String(value ?? "").toLowerCase();
  return VERDICTS.includes(name) ? name : "unknown";
}

/** Negative when `a` is worse than `b`. */
export function compareVerdicts(a, b) {
  return VERDICTS.indexOf(verdictOf(a)) - VERDICTS.indexOf(verdictOf(b));
}

export function verdictIcon(value) {
  return icon(SHAPES[verdictOf(value)]);
}

/** Shape and word together. */
export function verdictBadge(value) {
  const verdict = verdictOf(value);
  return element("span", { class: "verdict", "data-verdict": verdict }, verdictIcon(verdict), element("span", {}, verdict));
}
