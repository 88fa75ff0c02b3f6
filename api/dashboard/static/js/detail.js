// One execution: what ran, what came out, and what the analysis says of it.

import { getCommand, isAbort } from "./api.js";
import { copyButton, copyText, REFUSED } from "./clipboard.js";
import { element, icon } from "./element.js";
import { Explanation } from "./explanation.js";
import { emptyFindings, Findings } from "./findings.js";
import { bytes, duration, fullTime, plural, utc } from "./format.js";
import { NextCommands } from "./next.js";
import { Output } from "./output.js";
import { permalink } from "./route.js";
import { verdictBadge } from "./verdict.js";

const WRAP_KEY = "netcopilot.wrap";
const CROSS = { stroke: ["M3.5 3.5l9 9m0-9l-9 9"] };
const UP = { stroke: ["M3 10.5l5-5 5 5"] };
const DOWN = { stroke: ["M3 5.5l5 5 5-5"] };
const CACHE_WORDS = {
  MISS: "computed now",
  HIT_OUTPUT: "known output",
  HIT_FINGERPRINT: "known fingerprint",
  BYPASS: "cache bypassed",
};

export class Detail {
  #eventId = null;
  #abort = new AbortController();
  #output = null;
  #findings = null;
  #chosen = -1;
  #record = null;

  /**
   * @param {{root: HTMLElement, onClose: function(), onMove: function(number), onFilter: function(string, string),
   *          announce: function(string)}} parts
   */
  constructor(parts) {
    this.parts = parts;
  }

  get eventId() {
    return this.#eventId;
  }

  async open(eventId) {
    this.#reset();
    this.#eventId = eventId;
    this.parts.root.hidden = false;
    this.#frame("Loading", element("p", { class: "detail-wait", role: "status" }, "Loading the execution"));
    const { signal } = this.#abort;
    try {
      this.#show(await getCommand(eventId, signal));
    } catch (error) {
      if (!isAbort(error)) this.#fail(error);
    }
  }

  close() {
    this.#reset();
    this.#eventId = null;
    this.parts.root.hidden = true;
    this.parts.root.replaceChildren();
  }

  /** Goes to the next (1) or previous (-1) finding's lines. */
  step(by) {
    const total = this.#record?.findings?.length ?? 0;
    if (total > 0) this.#choose((this.#chosen + by + total) % total);
  }

  async copyOutput() {
    if (!this.#output) return;
    const copied = await copyText(this.#output.text);
    this.parts.announce(copied ? "Output copied" : REFUSED);
  }

  #reset() {
    this.#abort.abort();
    this.#abort = new AbortController();
    this.#output = null;
    this.#findings = null;
    this.#record = null;
    this.#chosen = -1;
  }

  #show(record) {
    const findings = record.findings ?? [];
    this.#record = record;
    this.#output = new Output(record.output ?? "", findings, (index) => this.#return(index));
    this.#findings = new Findings(findings, (index) => this.#choose(index));
    this.#output.wrap(wrapWanted());
    this.#frame(
      record.command,
      element("p", { class: "detail-summary" }, verdictBadge(record.verdict), element("span", {}, record.summary)),
      this.#about(record),
      element("div", { class: "detail-body" }, this.#outputPanel(record), this.#side(record, findings)),
    );
    document.title = `${record.command.split("\n")[0]} · ${record.hostname || record.device_id} · netcopilot`;
  }

  #fail(error) {
    const gone = error.status === 404;
    const text = gone ? "There is no such execution here. It may have passed its retention time." : error.message;
    const retry = element("button", { type: "button", class: "button", onclick: () => this.open(this.#eventId) }, "Try again");
    const box = element("div", { class: "notice error", role: "alert" }, element("strong", {}, gone ? "Not found" : "It could not be loaded"), element("span", {}, text), gone ? null : retry);
    this.#frame(gone ? "Not found" : "Error", box);
  }

  #frame(title, ...content) {
    const heading = element("h2", { class: "detail-title", id: "detail-title", tabindex: "-1" }, element("code", {}, title));
    const tools = element(
      "div",
      { class: "detail-tools" },
      tool("Previous command", UP, () => this.parts.onMove(-1)),
      tool("Next command", DOWN, () => this.parts.onMove(1)),
      copyButton("Copy link", () => permalink(this.#eventId), this.parts.announce),
      tool("Close", CROSS, this.parts.onClose),
    );
    this.parts.root.replaceChildren(element("header", { class: "detail-head" }, heading, tools), ...content);
    heading.focus({ preventScroll: true });
    this.parts.root.scrollTop = 0;
  }

  #about(record) {
    const started = element("time", { datetime: record.started_at, title: utc(record.started_at) }, fullTime(record.started_at));
    return element(
      "dl",
      { class: "about" },
      about("Device", this.#filter("device", record.device_id, record.hostname || record.device_id)),
      about("User", record.user_id ? this.#filter("user", record.user_id) : "–"),
      about("OS", record.os_type ? this.#filter("os_type", record.os_type) : "–"),
      about("Started", started),
      about("Took", duration(record.duration_us)),
      about("Ended", ending(record)),
      about("Analysed in", `${duration(record.analysis_latency_us)}${CACHE_WORDS[record.cache_status] ? `, ${CACHE_WORDS[record.cache_status]}` : ""}`),
      record.redactions > 0 ? about("Redacted", plural(record.redactions, "secret")) : null,
    );
  }

  #filter(name, value, label = value) {
    return element("button", { type: "button", class: "link", title: `Show only ${name} ${value}`, onclick: () => this.parts.onFilter(name, value) }, label);
  }

  #outputPanel(record) {
    const note = `${plural(this.#output.lineCount, "line")}, ${bytes(record.output_bytes)}`;
    const cut = record.output_truncated ? element("p", { class: "cut" }, "The device agent cut this output at its size limit.") : null;
    const empty = record.output ? null : element("p", { class: "section-note output-empty" }, "The command printed nothing.");
    return element(
      "section",
      { class: "output-panel", "aria-labelledby": "output-title" },
      element("header", { class: "panel-head" }, element("h3", { id: "output-title" }, "Output"), element("span", { class: "section-note" }, note), this.#wrapButton(), copyButton("Copy output", () => this.#output.text, this.parts.announce, { shortcut: "c" })),
      cut,
      empty ?? this.#output.root,
    );
  }

  #side(record, findings) {
    const { announce } = this.parts;
    const { signal } = this.#abort;
    const explanation = new Explanation(announce);
    const next = new NextCommands(announce);
    explanation.follow(record, signal);
    next.load(record.event_id, signal);
    return element("div", { class: "side" }, this.#analysisPanel(record, findings), explanation.root, next.root, particulars(record));
  }

  #analysisPanel(record, findings) {
    return element(
      "section",
      { class: "analysis-panel", "aria-labelledby": "analysis-title" },
      element("header", { class: "panel-head" }, element("h3", { id: "analysis-title" }, "Findings"), element("span", { class: "section-note" }, findings.length ? String(findings.length) : "")),
      findings.length ? this.#findings.root : element("p", { class: "section-note no-findings" }, emptyFindings(record)),
    );
  }

  #wrapButton() {
    const button = element("button", { type: "button", class: "button quiet small", "aria-pressed": String(wrapWanted()) }, "Wrap");
    button.addEventListener("click", () => {
      const wrapped = button.getAttribute("aria-pressed") !== "true";
      button.setAttribute("aria-pressed", String(wrapped));
      this.#output.wrap(wrapped);
      rememberWrap(wrapped);
    });
    return button;
  }

  #choose(index) {
    this.#chosen = index;
    this.#findings.choose(index);
    this.#output.reveal(this.#record.findings[index]);
  }

  #return(index) {
    this.#chosen = index;
    this.#output.reveal(this.#record.findings[index], { focus: false });
    this.#findings.choose(index, { focus: true });
  }
}

function tool(label, shape, onclick) {
  return element("button", { type: "button", class: "button quiet icon-only", "aria-label": label, title: label, onclick }, icon(shape));
}

function about(term, value) {
  return element("div", {}, element("dt", {}, term), element("dd", {}, value));
}

function ending({ status, exit_code: exitCode }) {
  const word = String(status ?? "unknown").toLowerCase();
  return exitCode === null || exitCode === undefined ? word : `${word}, exit code ${exitCode}`;
}

function particulars(record) {
  const { facts = {}, labels = {} } = record;
  const rows = [
    ...Object.entries(facts).map(([name, value]) => [name.replaceAll("_", " "), value]),
    ["parser", record.parser ? `${record.parser} ${record.parser_version ?? ""}` : "none"],
    ["parse", String(record.parse_status ?? "unknown").toLowerCase()],
    ["rules", record.rules_version || "–"],
    ["fingerprint", record.fingerprint || "–"],
    ["session", record.session_id || "–"],
    ...Object.entries(labels),
  ];
  return element("details", { class: "particulars" }, element("summary", {}, "Facts and origin"), element("dl", {}, ...rows.map(([term, value]) => about(term, value))));
}

function wrapWanted() {
  try {
    return localStorage.getItem(WRAP_KEY) === "yes";
  } catch {
    return false;
  }
}

function rememberWrap(wrapped) {
  try {
    localStorage.setItem(WRAP_KEY, wrapped ? "yes" : "no");
  } catch {
    // Storage may be forbidden; the choice then lasts until the next execution.
  }
}
