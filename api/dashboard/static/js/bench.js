// A place to try the analysis on a pasted text. Nothing of it is stored.

import { analyze } from "./api.js";
import { element } from "./element.js";
import { Explanation } from "./explanation.js";
import { emptyFindings, Findings } from "./findings.js";
import { Output } from "./output.js";
import { verdictBadge } from "./verdict.js";

export class Bench {
  /** @param {{dialog: HTMLDialogElement, form: HTMLFormElement, run: HTMLButtonElement, answer: HTMLElement, announce: function(string)}} parts */
  constructor(parts) {
    this.parts = parts;
    parts.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#run();
    });
  }

  open() {
    this.parts.dialog.showModal();
    this.parts.form.elements.command.focus();
  }

  close() {
    this.parts.dialog.close();
  }

  async #run() {
    const { run, answer } = this.parts;
    const asked = askedOf(this.parts.form.elements);
    run.disabled = true;
    answer.setAttribute("aria-busy", "true");
    try {
      answer.replaceChildren(...this.#analysis(asked.output, await analyze(asked)));
      answer.scrollIntoView({ block: "nearest" });
    } catch (error) {
      answer.replaceChildren(element("div", { class: "notice error", role: "alert" }, element("strong", {}, "It could not be analysed"), element("span", {}, error.message)));
    } finally {
      run.disabled = false;
      answer.removeAttribute("aria-busy");
    }
  }

  #analysis(text, analysis) {
    const { findings, verdict, summary, explanation } = analysis;
    const output = new Output(text, findings, (index) => cards.choose(index, { focus: true }));
    const cards = new Findings(findings, (index) => (cards.choose(index), output.reveal(findings[index])));
    const words = new Explanation(this.parts.announce);
    if (explanation) words.show(explanation);
    this.parts.announce(`${verdict}: ${summary}`);
    return [
      element("p", { class: "detail-summary" }, verdictBadge(verdict), element("span", {}, summary)),
      findings.length ? cards.root : element("p", { class: "section-note no-findings" }, emptyFindings(analysis)),
      explanation ? words.root : null,
      text ? output.root : null,
      element("p", { class: "section-note bench-origin" }, originOf(analysis)),
    ].filter(Boolean);
  }
}

function askedOf({ command, os_type: osType, exit_code: exitCode, output }) {
  const code = exitCode.value.trim();
  return { command: command.value, os_type: osType.value, output: output.value, exit_code: code === "" ? null : Number(code) };
}

function originOf({ parser, parser_version: version, parse_status: status, rules_version: rules }) {
  return `${parser ? `${parser} ${version}` : "no parser"}, ${status.toLowerCase()}, rules ${rules}`;
}
