// The list of executions, newest first: pages of history below, the live stream on top.

import { isAbort, listCommands } from "./api.js";
import { element } from "./element.js";
import { ALL_TIME, RANGES, hasFilters, isLive, listParams, rangeLabel } from "./query.js";
import { commandRow } from "./row.js";

const PAGE = "50";
const MOST_ROWS = 1000;
const KEPT_ROWS = 500;

export class CommandList {
  #query = null;
  #rows = new Map();
  #next = null;
  #abort = new AbortController();
  #loading = false;
  #current = null;
  #open = null;

  /**
   * @param {{list: HTMLElement, end: HTMLElement, scroller: HTMLElement, hrefOf: function(string): string,
   *          onCount: function(number, boolean), onWiden: function(string), onClear: function()}} parts
   */
  constructor(parts) {
    this.parts = parts;
    parts.list.addEventListener("focusin", (event) => this.#adopt(event.target.closest(".row")));
    new IntersectionObserver(([entry]) => entry.isIntersecting && this.#reachedEnd(), { rootMargin: "400px" }).observe(parts.end);
  }

  /** Shows another query's first page; what was on the way before is forgotten. */
  async load(query) {
    this.#query = query;
    this.#abort.abort();
    this.#abort = new AbortController();
    this.#loading = false;
    this.#next = null;
    this.#rows.clear();
    this.#current = null;
    this.parts.list.replaceChildren(...Array.from({ length: 8 }, skeleton));
    this.parts.end.replaceChildren();
    await this.#page(listParams(query), { fresh: true });
  }

  /** Fetches the newest page again and adds what is missing, as after a broken stream. */
  async catchUp() {
    if (!this.#query) return;
    try {
      const { items } = await listCommands(this.#params(), this.#abort.signal);
      this.add(items);
    } catch (error) {
      if (!isAbort(error)) this.parts.end.replaceChildren(this.#failure(error, () => this.load(this.#query)));
    }
  }

  /** @param {Object[]} items executions to show, in any order, duplicates allowed */
  add(items, { live = false } = {}) {
    const unseen = new Map(items.map((item) => [item.event_id, item]));
    for (const eventId of this.#rows.keys()) unseen.delete(eventId);
    if (unseen.size === 0) return;
    this.#unveil();
    for (const item of unseen.values()) this.#insert(item, live);
    this.#trim();
    this.#counted();
    if (!this.#current) this.#adopt(this.parts.list.querySelector(".row"));
    if (!this.#loading) this.#end();
  }

  /** Whether the newest row is in sight, so that new ones may come in without moving what is read. */
  get atTop() {
    const inner = this.parts.scroller.scrollHeight > this.parts.scroller.clientHeight;
    if (inner && getComputedStyle(this.parts.scroller).overflowY !== "visible") return this.parts.scroller.scrollTop < 8;
    return this.parts.list.getBoundingClientRect().top > -8;
  }

  scrollToTop() {
    this.parts.scroller.scrollTop = 0;
    this.#adopt(this.parts.list.querySelector(".row"));
    if (this.parts.list.getBoundingClientRect().top < 0) this.parts.list.scrollIntoView();
  }

  /** Marks the execution that is shown in detail. */
  markOpen(eventId) {
    this.#open = eventId;
    for (const row of this.parts.list.querySelectorAll("[aria-current]")) row.removeAttribute("aria-current");
    const row = this.#rows.get(eventId)?.row;
    if (!row) return;
    row.setAttribute("aria-current", "true");
    this.#adopt(row);
    row.scrollIntoView({ block: "nearest" });
  }

  focus() {
    const row = this.#current ?? this.parts.list.querySelector(".row");
    row?.focus();
    return Boolean(row);
  }

  /** @param {1|-1} by @returns {string|null} the neighbour's event id, that row being the current one from now on */
  move(by) {
    const rows = [...this.parts.list.querySelectorAll(".row")];
    const at = rows.indexOf(this.#current);
    const row = rows[Math.min(Math.max(at + by, 0), rows.length - 1)];
    if (!row) return null;
    this.#adopt(row);
    if (at + by >= rows.length - 5) this.#reachedEnd();
    row.scrollIntoView({ block: "nearest" });
    return row.dataset.eventId;
  }

  #params(extra = {}) {
    const params = listParams(this.#query);
    params.set("limit", PAGE);
    for (const [name, value] of Object.entries(extra)) params.set(name, value);
    return params;
  }

  async #page(params, { fresh = false } = {}) {
    params.set("limit", PAGE);
    const { signal } = this.#abort;
    this.#busy(true);
    try {
      const { items, next } = await listCommands(params, signal);
      if (fresh) this.#unveil();
      this.#next = next;
      this.add(items);
      this.#busy(false);
      this.#end();
    } catch (error) {
      if (isAbort(error)) return;
      this.#busy(false);
      if (fresh) this.#unveil();
      this.parts.end.replaceChildren(this.#failure(error, () => this.#page(params, { fresh })));
    }
    this.#counted();
  }

  // The stream may have brought rows before the first page came: those stay.
  #unveil() {
    for (const entry of this.parts.list.querySelectorAll(".skeleton")) entry.remove();
  }

  #busy(loading) {
    this.#loading = loading;
    this.parts.list.setAttribute("aria-busy", String(loading));
  }

  #reachedEnd() {
    if (this.#next && !this.#loading) this.#older();
  }

  #older() {
    return this.#page(this.#next.before ? this.#params({ until: this.#next.before }) : this.#params({ cursor: this.#next }));
  }

  #insert(item, live) {
    const row = commandRow(item, this.parts.hrefOf(item.event_id));
    const entry = element("li", { class: live ? "arrived" : null }, row);
    const key = Date.parse(item.started_at);
    this.#rows.set(item.event_id, { row, entry });
    entry.dataset.key = key;
    this.#placeOf(key).append(entry);
    if (item.event_id === this.#open) row.setAttribute("aria-current", "true");
  }

  // Most rows belong at one of the two ends.
  #placeOf(key) {
    const { list } = this.parts;
    const last = list.lastElementChild;
    if (!last || key <= Number(last.dataset.key)) return { append: (entry) => list.append(entry) };
    let before = list.firstElementChild;
    while (key < Number(before.dataset.key)) before = before.nextElementSibling;
    return { append: (entry) => before.before(entry) };
  }

  // A long watch must not fill the browser; what is dropped at the bottom can be loaded again by its time.
  #trim() {
    if (this.#rows.size <= MOST_ROWS || !this.atTop) return;
    const kept = [...this.parts.list.children].slice(0, KEPT_ROWS);
    const known = new Set(kept.map((entry) => entry.firstElementChild.dataset.eventId));
    for (const [eventId, { entry }] of this.#rows) {
      if (known.has(eventId)) continue;
      entry.remove();
      this.#rows.delete(eventId);
    }
    this.#next = { before: new Date(Number(kept.at(-1).dataset.key) + 1).toISOString() };
  }

  #adopt(row) {
    if (!row || row === this.#current) return;
    this.#current?.setAttribute("tabindex", "-1");
    row.setAttribute("tabindex", "0");
    this.#current = row;
  }

  #counted() {
    this.parts.onCount(this.#rows.size, Boolean(this.#next));
  }

  #end() {
    if (this.#rows.size === 0) this.parts.end.replaceChildren(this.#nothing());
    else if (this.#next) this.parts.end.replaceChildren(element("button", { type: "button", class: "button", onclick: () => this.#reachedEnd() }, "Load older"));
    else this.parts.end.replaceChildren(element("p", { class: "section-note" }, `Start of ${rangeLabel(this.#query).toLowerCase()}`));
  }

  #nothing() {
    if (hasFilters(this.#query)) {
      return notice("Nothing matches these filters", rangeHint(this.#query), button("Clear filters", this.parts.onClear), this.#widen());
    }
    if (!isLive(this.#query) || this.#query.since !== ALL_TIME) {
      return notice("No commands in this time range", rangeHint(this.#query), this.#widen());
    }
    const example = element("code", {}, "netcopilot exec -- ping -c 3 127.0.0.1");
    return notice("No commands yet", element("span", {}, "Run one on this machine and it appears here:"), example);
  }

  #widen() {
    const at = RANGES.findIndex((range) => range.since === this.#query.since);
    if (this.#query.since === ALL_TIME) return null;
    const wider = at >= 0 && at < RANGES.length - 1 ? RANGES[at + 1] : { since: ALL_TIME, label: "All time" };
    return button(`Show ${wider.label.toLowerCase()}`, () => this.parts.onWiden(wider.since));
  }

  #failure(error, retry) {
    const request = error.requestId ? element("span", {}, "Request ", element("code", {}, error.requestId)) : null;
    const box = notice("The commands could not be loaded", element("span", {}, error.message), request, button("Try again", retry));
    box.classList.add("error");
    box.setAttribute("role", "alert");
    return box;
  }
}

function rangeHint(query) {
  return element("span", {}, `Time range: ${rangeLabel(query).toLowerCase()}.`);
}

function notice(title, ...children) {
  return element("div", { class: "notice" }, element("strong", {}, title), ...children);
}

function button(label, onclick) {
  return element("button", { type: "button", class: "button", onclick }, label);
}

function skeleton() {
  return element("li", { class: "skeleton", "aria-hidden": "true" }, element("span"), element("span"), element("span"));
}
