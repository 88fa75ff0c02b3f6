// One execution as a line of the list.

import { element } from "./element.js";
import { clock, duration, plural, utc } from "./format.js";
import { verdictBadge, verdictOf } from "./verdict.js";

/** @param {Object} item as the API lists it @param {string} href where it opens */
export function commandRow(item, href) {
  return element(
    "a",
    { class: "row", href, tabindex: "-1", "data-verdict": verdictOf(item.verdict), "data-event-id": item.event_id },
    verdictBadge(item.verdict),
    element("time", { class: "row-time", datetime: item.started_at, title: utc(item.started_at) }, clock(item.started_at)),
    element("span", { class: "row-host", title: item.device_id }, item.hostname || item.device_id),
    element("code", { class: "row-command" }, firstLine(item.command)),
    element("span", { class: "row-summary" }, summaryOf(item)),
    element("span", { class: "row-user" }, item.user_id),
    element("span", { class: "row-duration" }, duration(item.duration_us)),
  );
}

function summaryOf({ summary, findings = [], status }) {
  if (summary) return summary;
  if (findings.length > 0) return plural(findings.length, "finding");
  return String(status ?? "").toLowerCase();
}

function firstLine(command) {
  const [line, ...rest] = command.split("\n");
  return rest.length ? `${line} …` : line;
}
