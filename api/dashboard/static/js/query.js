// What is asked of the history and the live stream: the filters and the time range, as a value.

export const TEXT_FILTERS = Object.freeze({
  device: "device",
  user: "user",
  os_type: "OS type",
  finding: "finding",
  command: "command",
  q: "text",
});

export const DEFAULT_SINCE = "-24h";
export const ALL_TIME = "all";

/** Relative ranges with the width of a bar that shows each well. */
export const RANGES = Object.freeze([
  { since: "-15m", label: "Last 15 minutes", seconds: 900, step: 60 },
  { since: "-1h", label: "Last hour", seconds: 3600, step: 60 },
  { since: "-6h", label: "Last 6 hours", seconds: 21_600, step: 300 },
  { since: "-24h", label: "Last 24 hours", seconds: 86_400, step: 900 },
  { since: "-7d", label: "Last 7 days", seconds: 604_800, step: 7200 },
  { since: "-30d", label: "Last 30 days", seconds: 2_592_000, step: 21_600 },
]);

const NOT_LIVE = ["user", "command", "q"];
const MOST_BARS = 100;
const STEPS = [60, 300, 900, 1800, 3600, 7200, 21_600, 86_400, 604_800];

/** @typedef {{device?: string, user?: string, os_type?: string, finding?: string, command?: string, q?: string,
 *             verdict: string[], since: string, until: string}} Query */

/** @returns {Query} */
export function parseQuery(search) {
  const params = new URLSearchParams(search);
  const query = { verdict: params.getAll("verdict"), since: params.get("since") ?? DEFAULT_SINCE, until: params.get("until") ?? "" };
  for (const name of Object.keys(TEXT_FILTERS)) query[name] = params.get(name) ?? "";
  return Object.freeze(query);
}

/** The address's part after `?`; what stands at its default is left out. */
export function formatQuery(query) {
  const params = filterParams(query);
  if (query.since !== DEFAULT_SINCE) params.set("since", query.since);
  if (query.until) params.set("until", query.until);
  return params.toString();
}

/** Parameters of the API's list. */
export function listParams(query) {
  const params = filterParams(query);
  if (query.since !== ALL_TIME) params.set("since", query.since);
  if (query.until) params.set("until", query.until);
  return params;
}

/** Parameters of the live stream, which knows only some of the filters; `matches` is for the others. */
export function liveParams(query) {
  const params = filterParams(query);
  for (const name of NOT_LIVE) params.delete(name);
  return params;
}

/** Whether an item of the live stream passes the filters that the stream does not know. */
export function matches(query, { user_id: user, command, summary }) {
  if (query.user && query.user !== user) return false;
  if (query.command && !command.startsWith(query.command)) return false;
  const sought = query.q.toLowerCase();
  return `${command}\n${summary}`.toLowerCase().includes(sought);
}

/** Whether the filters may hold for an output, which live items do not carry. */
export function looksIntoOutput(query) {
  return query.q !== "";
}

/** Parameters of the time series, `step` in seconds. All of time is drawn as its last 30 days. */
export function seriesParams(query, by, now = Date.now()) {
  const since = query.since === ALL_TIME ? RANGES.at(-1).since : query.since;
  const params = new URLSearchParams({ since, step: String(stepOf(since, query.until, now)), by });
  if (query.until) params.set("until", query.until);
  return params;
}

/** The drawn window as [from, to] in seconds since the epoch. */
export function windowOf(query, now = Date.now()) {
  const to = query.until ? Date.parse(query.until) / 1000 : now / 1000;
  const since = query.since === ALL_TIME ? RANGES.at(-1).since : query.since;
  return [instantOf(since, now), to];
}

function filterParams(query) {
  const params = new URLSearchParams();
  for (const name of Object.keys(TEXT_FILTERS)) if (query[name]) params.set(name, query[name]);
  for (const verdict of query.verdict) params.append("verdict", verdict);
  return params;
}

export function isLive(query) {
  return query.until === "";
}

export function hasFilters(query) {
  return filterParams(query).size > 0;
}

export function rangeLabel(query) {
  if (query.until || !query.since.startsWith("-")) return query.since === ALL_TIME ? "All time" : "Chosen time";
  return RANGES.find((range) => range.since === query.since)?.label ?? `Last ${query.since.slice(1)}`;
}

/** The words for the window that totals and chart cover. */
export function windowLabel(query) {
  return query.since === ALL_TIME && !query.until ? RANGES.at(-1).label : rangeLabel(query);
}

export function sameQuery(a, b) {
  return formatQuery(a) === formatQuery(b);
}

function stepOf(since, until, now) {
  const range = until ? undefined : RANGES.find((one) => one.since === since);
  if (range) return range.step;
  const width = (until ? Date.parse(until) / 1000 : now / 1000) - instantOf(since, now);
  return STEPS.find((step) => width / step <= MOST_BARS) ?? STEPS.at(-1);
}

const UNIT_SECONDS = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };

function instantOf(since, now) {
  const relative = /^-(\d+)([smhdw])$/.exec(since);
  return relative ? now / 1000 - Number(relative[1]) * UNIT_SECONDS[relative[2]] : Date.parse(since) / 1000;
}
