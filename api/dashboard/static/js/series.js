// A time series as the chart draws it: one value for each bucket of the window, stacked from the first row up.

const MOST_ROWS = 6;
const OTHER = "other";

/**
 * @param {{step_seconds: number, series: {name: string, points: number[][]}[]}} answer
 * @param {[number, number]} window seconds since the epoch
 * @param {string[]} order names that come first, in this order, always present; the rest follow by their totals
 * @returns {{step: number, times: number[], rows: {name: string, values: number[], total: number}[]}}
 */
export function alignSeries(answer, [from, to], order = []) {
  const step = answer.step_seconds || 60;
  const times = bucketTimes(answer.series, step, from, to);
  const index = new Map(times.map((time, i) => [time, i]));
  const found = answer.series.map(({ name, points }) => row(name || "none", points, index));
  return { step, times, rows: order.length ? ordered(found, order, times.length) : largest(found, times.length) };
}

/** Running sums over the rows, so that each row's bar ends where the next one's begins. */
export function stack(rows) {
  const sums = [];
  for (const { values } of rows) {
    const below = sums.at(-1);
    sums.push(below ? values.map((value, i) => value + below[i]) : values);
  }
  return sums;
}

function bucketTimes(series, step, from, to) {
  const anyPoint = series.flatMap(({ points }) => points.slice(0, 1))[0];
  const phase = anyPoint ? anyPoint[0] % step : 0;
  const first = Math.floor((from - phase) / step) * step + phase;
  return Array.from({ length: Math.max(1, Math.ceil((to - first) / step)) }, (_, i) => first + i * step);
}

function row(name, points, index) {
  const values = new Array(index.size).fill(0);
  for (const [time, value] of points) if (index.has(time)) values[index.get(time)] += value;
  return { name, values, total: sum(values) };
}

function ordered(rows, order, length) {
  return order.map((name) => rows.find((one) => one.name === name) ?? { name, values: new Array(length).fill(0), total: 0 });
}

function largest(rows, length) {
  const sorted = rows.toSorted((a, b) => b.total - a.total);
  if (sorted.length <= MOST_ROWS) return sorted;
  const rest = sorted.slice(MOST_ROWS - 1);
  const values = Array.from({ length }, (_, i) => sum(rest.map((one) => one.values[i])));
  return [...sorted.slice(0, MOST_ROWS - 1), { name: OTHER, values, total: sum(values) }];
}

function sum(values) {
  return values.reduce((total, value) => total + value, 0);
}
