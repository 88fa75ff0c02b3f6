// Executions over time as stacked bars, drawn by uPlot. Dragging over the bars chooses a time range.

import { element } from "./element.js";
import { clock, compactCount, count, fullTime } from "./format.js";
import { stack } from "./series.js";
import { onThemeChange } from "./theme.js";
import { VERDICTS, verdictBadge } from "./verdict.js";

const HEIGHT = 132;
const SMALLEST_DRAG_PX = 6;
const HATCHED = { critical: [0, 6, 6, 0], warning: [0, 3, 6, 3] };
const DAY = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short" });
const MINUTE = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });

export class Chart {
  #plot = null;
  #shown = null;

  /** @param {{plot: HTMLElement, tip: HTMLElement, legend: HTMLElement, onRange: function(number, number)}} parts */
  constructor(parts) {
    this.parts = parts;
    new ResizeObserver(() => this.#resize()).observe(parts.plot);
    onThemeChange(() => this.#draw());
  }

  /** @param {{step: number, times: number[], rows: Object[]}} data as `alignSeries` returns it */
  show(data, window, label) {
    const sameRows = this.#plot && namesOf(data.rows) === namesOf(this.#shown.rows);
    this.#shown = { ...data, window };
    this.parts.plot.setAttribute("aria-label", label);
    this.#legend(data.rows);
    if (sameRows) this.#plot.setData(this.#data());
    else this.#draw();
  }

  #legend(rows) {
    const present = rows.filter(({ total }) => total > 0);
    this.parts.legend.replaceChildren(...present.map((row) => legendItem(row, rows.indexOf(row))));
  }

  #draw() {
    if (!this.#shown) return;
    this.#plot?.destroy();
    this.#plot = new uPlot(this.#options(), this.#data(), this.parts.plot);
    this.#plot.root.setAttribute("aria-hidden", "true");
  }

  // uPlot draws the series one over the other: the whole stack first, the lowest row last.
  #data() {
    const { times, rows } = this.#shown;
    return [times, ...stack(rows).reverse()];
  }

  #span() {
    const { times, window } = this.#shown;
    return [Math.min(window[0], times[0]), window[1]];
  }

  #options() {
    const { rows } = this.#shown;
    const ink = colourOf("--ink-3");
    const line = colourOf("--line");
    const axis = { stroke: ink, font: `11px ${getComputedStyle(document.body).fontFamily}`, ticks: { show: false } };
    return {
      width: this.parts.plot.clientWidth || 300,
      height: HEIGHT,
      padding: [8, 18, 0, 0],
      legend: { show: false },
      cursor: { y: false, points: { show: false }, drag: { x: true, y: false, setScale: false } },
      scales: { x: { range: () => this.#span() }, y: { range: (_, __, most) => [0, Math.max(4, most * 1.05)] } },
      axes: [
        { ...axis, grid: { show: false }, space: 64, size: 24, values: (_, splits, __, ___, width) => splits.map((at) => timeLabel(at, width)) },
        { ...axis, grid: { stroke: line, width: 1 }, size: 36, space: 26, incrs: COUNT_STEPS, values: (_, splits) => splits.map(compactCount) },
      ],
      series: [{}, ...rows.toReversed().map((row) => barSeries(row, rows.indexOf(row)))],
      hooks: { setCursor: [(plot) => this.#tip(plot)], setSelect: [(plot) => this.#choose(plot)] },
    };
  }

  #tip(plot) {
    const { tip } = this.parts;
    const { idx, left } = plot.cursor;
    const inside = idx !== null && idx !== undefined && left >= 0;
    tip.hidden = !inside;
    if (!inside) return;
    const { times, rows, step } = this.#shown;
    const present = rows.filter(({ values }) => values[idx] > 0);
    const lines = present.map((row) => element("li", {}, nameOf(row, rows.indexOf(row)), element("b", {}, count(row.values[idx]))));
    const until = clock((times[idx] + step) * 1000);
    tip.replaceChildren(element("p", {}, `${fullTime(times[idx] * 1000)} to ${until}`), element("ul", {}, ...(lines.length ? lines : [element("li", {}, "no executions")])));
    const most = this.parts.plot.clientWidth - tip.offsetWidth;
    tip.style.setProperty("--x", `${Math.max(0, Math.min(left + 60, most))}px`);
  }

  #choose(plot) {
    const { left, width } = plot.select;
    if (width < SMALLEST_DRAG_PX) return;
    const [from, to] = [plot.posToVal(left, "x"), plot.posToVal(left + width, "x")];
    plot.setSelect({ left: 0, width: 0, top: 0, height: 0 }, false);
    this.parts.onRange(from, to);
  }

  #resize() {
    const width = this.parts.plot.clientWidth;
    if (this.#plot && width > 0 && width !== this.#plot.width) this.#plot.setSize({ width, height: HEIGHT });
  }
}

const COUNT_STEPS = [1, 2, 5].flatMap((base) => Array.from({ length: 9 }, (_, power) => base * 10 ** power)).toSorted((a, b) => a - b);

function barSeries(row, rank) {
  return {
    label: row.name,
    fill: () => fillOf(row, rank),
    width: 0,
    points: { show: false },
    paths: uPlot.paths.bars({ size: [0.86, 40], align: 1 }),
  };
}

function namesOf(rows) {
  return JSON.stringify(rows.map(({ name }) => name));
}

function isVerdict(name) {
  return VERDICTS.includes(name);
}

function fillOf(row, rank) {
  const colour = colourOf(isVerdict(row.name) ? `--${row.name}-fill` : `--series-${rank}`);
  return row.name in HATCHED ? hatch(colour, HATCHED[row.name]) : colour;
}

// The two verdicts that matter most carry a pattern, for those to whom the colours look alike.
function hatch(colour, [x0, y0, x1, y1]) {
  const tile = new OffscreenCanvas(6, 6);
  const pen = tile.getContext("2d");
  pen.fillStyle = colour;
  pen.fillRect(0, 0, 6, 6);
  pen.strokeStyle = colourOf("--surface");
  pen.globalAlpha = 0.55;
  for (const shift of [-6, 0, 6]) {
    pen.moveTo(x0 + shift, y0);
    pen.lineTo(x1 + shift, y1);
  }
  pen.stroke();
  return pen.createPattern(tile, "repeat");
}

// A custom property's value is unresolved text; a colour that uses it is not.
function colourOf(property) {
  const probe = document.body.appendChild(element("i", { class: "hidden" }));
  probe.style.color = `var(${property})`;
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

function legendItem(row, rank) {
  return element("span", { class: "legend-item" }, nameOf(row, rank), element("span", { class: "legend-count" }, compactCount(row.total)));
}

function nameOf(row, rank) {
  const swatch = element("i", { class: "swatch", "data-verdict": isVerdict(row.name) ? row.name : null, "data-series": rank, "aria-hidden": "true" });
  return element("span", { class: "legend-name" }, swatch, isVerdict(row.name) ? verdictBadge(row.name) : row.name);
}

function timeLabel(seconds, width) {
  const at = new Date(seconds * 1000);
  const midnight = at.getHours() === 0 && at.getMinutes() === 0;
  return width >= 86_400 || midnight ? DAY.format(at) : MINUTE.format(at);
}
