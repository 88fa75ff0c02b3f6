// How many executions had each verdict in the time range; each total is also the switch of its filter.

import { element } from "./element.js";
import { compactCount, count } from "./format.js";
import { VERDICTS, verdictIcon } from "./verdict.js";

export class Totals {
  #buttons;

  /** @param {HTMLElement} root @param {function(string)} onToggle called with the verdict */
  constructor(root, onToggle) {
    this.#buttons = new Map(VERDICTS.map((verdict) => [verdict, tile(verdict, onToggle)]));
    root.replaceChildren(...[...this.#buttons.values()].map(({ button }) => button));
  }

  /** @param {{name: string, total: number}[]} rows */
  show(rows) {
    for (const { name, total } of rows) {
      const { button, figure } = this.#buttons.get(name);
      figure.textContent = compactCount(total);
      button.title = `${count(total)} ${name}`;
      button.classList.toggle("none", total === 0);
    }
  }

  /** @param {string[]} verdicts those the list is limited to; none means all */
  press(verdicts) {
    for (const [verdict, { button }] of this.#buttons) button.setAttribute("aria-pressed", String(verdicts.includes(verdict)));
  }
}

function tile(verdict, onToggle) {
  const figure = element("span", { class: "total-figure" }, "–");
  const button = element(
    "button",
    { type: "button", class: "total", "data-verdict": verdict, "aria-pressed": "false", onclick: () => onToggle(verdict) },
    element("span", { class: "verdict" }, verdictIcon(verdict), element("span", {}, verdict)),
    figure,
  );
  return { button, figure };
}
