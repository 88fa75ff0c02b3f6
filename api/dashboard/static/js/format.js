// Quantities and times as people read them.

const COUNT = new Intl.NumberFormat();
const COMPACT = new Intl.NumberFormat(undefined, { notation: "compact", maximumFractionDigits: 1 });
const CLOCK = { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" };
const TIME = new Intl.DateTimeFormat(undefined, CLOCK);
const DAY_TIME = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short", ...CLOCK });
const FULL = new Intl.DateTimeFormat(undefined, { year: "numeric", day: "numeric", month: "short", ...CLOCK });
const DAY_MS = 86_400_000;

export function count(value) {
  return COUNT.format(value);
}

/** At most about five characters: 1.2K, 3.4M. */
export function compactCount(value) {
  return value < 10_000 ? COUNT.format(value) : COMPACT.format(value);
}

export function plural(value, one, many = `${one}s`) {
  return `${count(value)} ${value === 1 ? one : many}`;
}

export function duration(microseconds) {
  if (!Number.isFinite(microseconds) || microseconds < 0) return "–";
  if (microseconds < 1000) return `${Math.round(microseconds)} µs`;
  if (microseconds < 999_500) return `${significant(microseconds / 1000)} ms`;
  const seconds = microseconds / 1e6;
  if (seconds < 59.95) return `${significant(seconds)} s`;
  const whole = Math.round(seconds);
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

export function bytes(value) {
  if (!Number.isFinite(value) || value < 0) return "–";
  const units = ["B", "kB", "MB", "GB"];
  let size = value;
  let unit = 0;
  while (size >= 999.5 && unit < units.length - 1) {
    size /= 1000;
    unit += 1;
  }
  return `${unit === 0 ? size : significant(size)} ${units[unit]}`;
}

/** Local time of day; with the day where it is not today. */
export function clock(timestamp, now = Date.now()) {
  const at = new Date(timestamp);
  return new Date(now).toDateString() === at.toDateString() ? TIME.format(at) : DAY_TIME.format(at);
}

export function fullTime(timestamp) {
  return FULL.format(new Date(timestamp));
}

/** 2026-11-23 09:22:14.123 UTC */
export function utc(timestamp) {
  return `${new Date(timestamp).toISOString().replace("T", " ").replace("Z", "")} UTC`;
}

export function ago(timestamp, now = Date.now()) {
  const seconds = Math.max(0, Math.round((now - new Date(timestamp).getTime()) / 1000));
  if (seconds < 5) return "now";
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  if (seconds * 1000 < DAY_MS) return `${Math.floor(seconds / 3600)} h`;
  return `${Math.floor((seconds * 1000) / DAY_MS)} d`;
}

function significant(value) {
  return value >= 100 ? String(Math.round(value)) : String(Number(value.toPrecision(3)));
}
