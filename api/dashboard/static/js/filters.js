// The form above the list: it shows the query of the address and proposes another one.

import { element } from "./element.js";
import { fullTime } from "./format.js";
import { ALL_TIME, DEFAULT_SINCE, RANGES, TEXT_FILTERS, hasFilters } from "./query.js";
import { verdictBadge } from "./verdict.js";

const TYPING_MS = 300;
const CUSTOM = "custom";
const FINDING_KINDS = [
  "command.not_found", "command.failed", "command.timeout", "access.denied", "reachability.loss", "reachability.latency",
  "path.incomplete", "dns.nxdomain", "dns.failure", "interface.down", "interface.admin_down", "interface.errors",
  "bgp.session_down", "ospf.adjacency_down", "neighbor.unreachable", "disk.usage", "memory.low", "service.failed",
  "clock.unsynchronised", "environment.fault",
];

export class Filters {
  #query = null;
  #timer = null;

  /** @param {{form: HTMLFormElement, toggle: HTMLElement, more: HTMLElement, count: HTMLElement, chips: HTMLElement, onChange: function(Object), onRefine: function(Object)}} parts
   *         `onRefine` takes a query that follows from the one before, letter by letter */
  constructor(parts) {
    this.parts = parts;
    this.fields = parts.form.elements;
    this.fields.range.replaceChildren(...rangeOptions());
    this.suggest("known-findings", FINDING_KINDS);
    parts.form.addEventListener("input", (event) => this.#typed(event.target));
    parts.form.addEventListener("submit", (event) => this.#submitted(event));
    parts.toggle.addEventListener("click", () => this.toggle());
  }

  /** Puts a query into the form; what a person is typing right now is left alone. */
  show(query) {
    this.#query = query;
    for (const name of Object.keys(TEXT_FILTERS)) this.#fill(this.fields[name], query[name]);
    this.#fill(this.fields.from, localInput(query.since));
    this.#fill(this.fields.to, localInput(query.until));
    this.fields.range.value = rangeValue(query);
    this.#chips(query);
  }

  /** @param {string} listId of a datalist @param {string[]} values */
  suggest(listId, values) {
    document.getElementById(listId).replaceChildren(...values.map((value) => element("option", { value })));
  }

  focusSearch() {
    this.fields.q.focus();
    this.fields.q.select();
  }

  toggle() {
    const open = this.parts.more.hidden;
    this.parts.more.hidden = !open;
    this.parts.toggle.setAttribute("aria-expanded", String(open));
    if (open) this.fields.device.focus();
  }

  #fill(field, value) {
    if (field !== document.activeElement && field.value !== value) field.value = value;
  }

  #typed(field) {
    clearTimeout(this.#timer);
    if (field === this.fields.range) this.#ranged(field.value);
    else this.#timer = setTimeout(() => this.#propose(), TYPING_MS);
  }

  #submitted(event) {
    event.preventDefault();
    clearTimeout(this.#timer);
    this.#propose();
  }

  #ranged(value) {
    if (value !== CUSTOM) {
      this.fields.from.value = "";
      this.fields.to.value = "";
      this.parts.onChange({ ...this.#query, since: value, until: "" });
      return;
    }
    if (this.parts.more.hidden) this.toggle();
    this.fields.from.focus();
  }

  #propose() {
    const query = { ...this.#query };
    for (const name of Object.keys(TEXT_FILTERS)) query[name] = this.fields[name].value.trim();
    const [from, to] = [instant(this.fields.from.value), instant(this.fields.to.value)];
    if (from || to) Object.assign(query, { since: from || ALL_TIME, until: to });
    else if (rangeValue(query) === CUSTOM) Object.assign(query, { since: DEFAULT_SINCE, until: "" });
    this.parts.onRefine(query);
  }

  #chips(query) {
    const chips = [
      ...Object.entries(TEXT_FILTERS).filter(([name]) => query[name]).map(([name, label]) => this.#chip(`${label} `, element("b", {}, query[name]), { ...query, [name]: "" })),
      ...query.verdict.map((verdict) => this.#chip("", verdictBadge(verdict), { ...query, verdict: query.verdict.filter((one) => one !== verdict) })),
    ];
    if (rangeValue(query) === CUSTOM) chips.push(this.#chip("", element("b", {}, rangeText(query)), { ...query, since: DEFAULT_SINCE, until: "" }));
    if (chips.length > 1) chips.push(this.#clear(query));
    this.parts.chips.replaceChildren(...chips);
    this.parts.count.textContent = hasFilters(query) ? String(chips.length > 1 ? chips.length - 1 : 1) : "";
  }

  #chip(label, value, without) {
    const cross = element("span", { "aria-hidden": "true" }, "×");
    const attributes = { type: "button", class: "chip", onclick: () => this.#remove(without) };
    return element("li", {}, element("button", attributes, element("span", { class: "hidden" }, "Remove filter "), label, value, cross));
  }

  #clear(query) {
    const none = { ...query, verdict: [], since: rangeValue(query) === CUSTOM ? DEFAULT_SINCE : query.since, until: "" };
    for (const name of Object.keys(TEXT_FILTERS)) none[name] = "";
    return element("li", {}, element("button", { type: "button", class: "button quiet small", onclick: () => this.#remove(none) }, "Clear all"));
  }

  #remove(query) {
    this.parts.onChange(query);
    this.fields.q.focus();
  }
}

function rangeOptions() {
  const choices = [...RANGES.map(({ since, label }) => [since, label]), [ALL_TIME, "All time"], [CUSTOM, "Choose times…"]];
  return choices.map(([value, label]) => element("option", { value }, label));
}

function rangeValue(query) {
  if (query.until) return CUSTOM;
  return query.since === ALL_TIME || RANGES.some(({ since }) => since === query.since) ? query.since : CUSTOM;
}

function rangeText(query) {
  const from = query.since.startsWith("-") || query.since === ALL_TIME ? query.since : fullTime(query.since);
  return `${from} to ${query.until ? fullTime(query.until) : "now"}`;
}

function localInput(timestamp) {
  if (!/^\d{4}-/.test(timestamp)) return "";
  const at = new Date(timestamp);
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 19);
}

function instant(local) {
  return local ? new Date(local).toISOString() : "";
}
