// The top of the page: totals and chart of the chosen time range, fetched anew while the page is watched.

import { getTimeseries, isAbort } from "./api.js";
import { fullTime, plural } from "./format.js";
import { isLive, seriesParams, windowLabel, windowOf } from "./query.js";
import { alignSeries } from "./series.js";
import { VERDICTS } from "./verdict.js";

const REFRESH_MS = 10_000;

export class Overview {
  #query = null;
  #by = "verdict";
  #abort = new AbortController();
  #timer = null;

  /** @param {{chart: import("./chart.js").Chart, totals: import("./totals.js").Totals, note: HTMLElement, by: HTMLSelectElement}} parts */
  constructor(parts) {
    this.parts = parts;
    parts.by.addEventListener("change", () => {
      this.#by = parts.by.value;
      this.refresh();
    });
    document.addEventListener("visibilitychange", () => !document.hidden && this.refresh());
  }

  load(query) {
    this.#query = query;
    return this.refresh();
  }

  async refresh() {
    if (!this.#query) return;
    this.#abort.abort();
    this.#abort = new AbortController();
    clearTimeout(this.#timer);
    const { signal } = this.#abort;
    try {
      await this.#fetch(this.#query, signal);
      this.#note();
    } catch (error) {
      if (isAbort(error)) return;
      this.parts.note.textContent = `not up to date: ${error.message}`;
    }
    if (isLive(this.#query)) this.#timer = setTimeout(() => document.hidden || this.refresh(), REFRESH_MS);
  }

  async #fetch(query, signal) {
    const now = Date.now();
    const window = windowOf(query, now);
    const groupings = this.#by === "verdict" ? ["verdict"] : ["verdict", this.#by];
    const answers = await Promise.all(groupings.map((by) => getTimeseries(seriesParams(query, by, now), signal)));
    const verdicts = alignSeries(answers[0], window, VERDICTS);
    const drawn = answers.length === 1 ? verdicts : alignSeries(answers[1], window);
    this.parts.totals.show(verdicts.rows);
    this.parts.chart.show(drawn, window, summary(verdicts.rows, query, window));
  }

  #note() {
    this.parts.note.textContent = `${windowLabel(this.#query).toLowerCase()}, all devices`;
  }
}

function summary(rows, query, [from, to]) {
  const total = rows.reduce((sum, row) => sum + row.total, 0);
  const parts = rows.filter((row) => row.total > 0).map((row) => `${row.total} ${row.name}`);
  const range = isLive(query) ? windowLabel(query).toLowerCase() : `${fullTime(from * 1000)} to ${fullTime(to * 1000)}`;
  return `Bar chart, ${range}: ${plural(total, "execution")}${parts.length ? `, of these ${parts.join(", ")}` : ""}`;
}
