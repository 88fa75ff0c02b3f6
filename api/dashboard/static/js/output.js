// A command's output line by line, with the lines that findings rest on marked.

import { parseTerminal, plainText } from "./ansi.js";
import { element } from "./element.js";
import { compareVerdicts, verdictIcon, verdictOf } from "./verdict.js";

const LARGEST_RANGE = 500;
const BLOCK_LINES = 500;

export class Output {
  #lines = [];

  /**
   * @param {string} text the output
   * @param {Object[]} findings as the API gives them
   * @param {function(number)} onMark called with the index of the finding whose mark was chosen
   */
  constructor(text, findings, onMark) {
    this.text = plainText(text);
    const evidence = evidenceByLine(findings);
    this.#lines = trimmed(parseTerminal(text)).map((segments, i) => line(i + 1, segments, evidence.get(i + 1), onMark));
    this.root = element("div", { class: "output", role: "region", tabindex: "0", "aria-label": "Output" }, ...blocks(this.#lines));
    this.root.style.setProperty("--digits", String(this.#lines.length).length);
  }

  get lineCount() {
    return this.#lines.length;
  }

  /** Scrolls to a finding's lines and moves the focus there; false where the output has none. */
  reveal({ line_start: start, line_end: end }, { focus = true } = {}) {
    for (const active of this.root.querySelectorAll(".active")) active.classList.remove("active");
    const first = this.#lines[start - 1];
    if (!first) return false;
    for (const one of this.#lines.slice(start - 1, Math.max(start, end))) one.classList.add("active");
    first.scrollIntoView({ block: "center", inline: "nearest" });
    if (focus) first.querySelector(".line-mark")?.focus({ preventScroll: true });
    return true;
  }

  wrap(wrapped) {
    this.root.classList.toggle("wrapped", wrapped);
  }
}

// The browser lays out only the blocks in sight, so that tens of thousands of lines open at once.
function blocks(lines) {
  if (lines.length <= 2 * BLOCK_LINES) return lines;
  const starts = Array.from({ length: Math.ceil(lines.length / BLOCK_LINES) }, (_, i) => i * BLOCK_LINES);
  return starts.map((start) => element("div", { class: "block" }, ...lines.slice(start, start + BLOCK_LINES)));
}

// A final line feed ends the last line; it does not begin another.
function trimmed(lines) {
  return lines.length > 1 && lines.at(-1).length === 0 ? lines.slice(0, -1) : lines;
}

/** @returns {Map<number, {index: number, finding: Object, excerpt: string}[]>} the worst finding of each line first */
function evidenceByLine(findings) {
  const lines = new Map();
  findings.forEach((finding, index) => {
    const excerpts = plainText(finding.evidence ?? "").split("\n");
    const start = finding.line_start;
    const end = Math.min(Math.max(finding.line_end, start), start + LARGEST_RANGE);
    for (let at = start; start > 0 && at <= end; at += 1) {
      const entry = { index, finding, excerpt: (excerpts[at - start] ?? "").trim() };
      lines.set(at, [...(lines.get(at) ?? []), entry].sort((a, b) => compareVerdicts(a.finding.severity, b.finding.severity)));
    }
  });
  return lines;
}

function line(number, segments, evidence = [], onMark) {
  const [worst] = evidence;
  const attributes = { class: worst ? "line marked" : "line", "data-line": number, "data-verdict": worst ? verdictOf(worst.finding.severity) : null };
  const excerpts = evidence.map(({ excerpt }) => excerpt).filter(Boolean);
  const text = element("span", { class: "line-text" }, ...styled(segments, marksIn(segments, excerpts)));
  return element("div", attributes, worst ? mark(number, worst, onMark) : null, text);
}

function mark(number, { index, finding }, onMark) {
  const label = `Line ${number}: ${verdictOf(finding.severity)}, ${finding.kind} ${finding.subject ?? ""}. Go to the finding`;
  return element("button", { type: "button", class: "line-mark", "aria-label": label, title: label, onclick: () => onMark(index) }, verdictIcon(finding.severity));
}

/** @returns {[number, number][]} where the excerpts stand in the line, in order, without overlaps; not one that is all of it */
function marksIn(segments, excerpts) {
  const text = segments.map((segment) => segment.text).join("");
  const parts = excerpts.filter((excerpt) => excerpt !== text.trim());
  const found = parts.map((excerpt) => [text.indexOf(excerpt), excerpt.length]).filter(([at]) => at >= 0);
  const ranges = found.map(([at, length]) => [at, at + length]).sort((a, b) => a[0] - b[0]);
  return ranges.filter(([from], i) => i === 0 || from >= ranges[i - 1][1]);
}

function styled(segments, marks) {
  const nodes = [];
  let at = 0;
  for (const { text, classes } of segments) {
    for (const piece of cut(text, at, marks)) {
      const node = classes ? element("span", { class: classes }, piece.text) : document.createTextNode(piece.text);
      nodes.push(piece.marked ? element("mark", {}, node) : node);
    }
    at += text.length;
  }
  return nodes;
}

function cut(text, offset, marks) {
  const edges = marks.flat().map((edge) => edge - offset).filter((edge) => edge > 0 && edge < text.length);
  const bounds = [0, ...edges, text.length];
  return bounds.slice(1).map((end, i) => ({
    text: text.slice(bounds[i], end),
    marked: marks.some(([from, to]) => from - offset <= bounds[i] && end <= to - offset),
  }));
}
