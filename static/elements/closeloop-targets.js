// @ts-check
import { fill, h } from "../lib/dom.js";
import { chooser } from "../lib/fields.js";
import { IMPACTS, lengthInWords } from "../lib/teams.js";

/** @typedef {Api.TriageSettings["targets"]} Targets */

const PROMISES = /** @type {["first_answer" | "next_update", string][]} */ ([
  ["first_answer", "First answer"],
  ["next_update", "Next update"],
]);

/** How soon customers are answered, for each impact, as fields of a form. Set `value`, read `value`. */
export class CloseloopTargets extends HTMLElement {
  /** @param {Targets} targets */
  set value(targets) {
    fill(
      this,
      IMPACTS.map(([impact, name]) =>
        h(
          "fieldset.target",
          null,
          h("legend", null, name),
          PROMISES.map(([promise, words]) =>
            this.#field(`targets.${impact}.${promise}`, `${name}: ${words}`, words, targets[impact][promise]),
          ),
        ),
      ),
    );
  }

  /** @returns {Targets} */
  get value() {
    const read = (/** @type {string} */ name) => {
      const number = /** @type {HTMLInputElement} */ (this.querySelector(`[name="${name}"]`));
      const unit = /** @type {HTMLSelectElement} */ (this.querySelector(`[name="${name}.unit"]`));
      return number.value === "" ? null : Math.round(Number(number.value) * Number(unit.value));
    };
    return /** @type {Targets} */ (
      Object.fromEntries(
        IMPACTS.map(([impact]) => [
          impact,
          Object.fromEntries(PROMISES.map(([promise]) => [promise, read(`targets.${impact}.${promise}`)])),
        ]),
      )
    );
  }

  /** @param {string} name @param {string} label @param {string} words @param {number | null} minutes */
  #field(name, label, words, minutes) {
    const inHours = minutes !== null && minutes >= 60 && minutes % 60 === 0;
    const number = h("input", {
      type: "number",
      name,
      min: 1,
      step: "any",
      value: minutes === null ? "" : String(inHours ? minutes / 60 : minutes),
      placeholder: "none",
      "aria-label": label,
    });
    const unit = chooser(
      `${name}.unit`,
      [
        ["1", "minutes"],
        ["60", "hours"],
      ],
      inHours || minutes === null ? "60" : "1",
      { "aria-label": `${label}, unit` },
    );
    return h("div.target-field", null, h("span.target-name", { "aria-hidden": "true" }, words), number, unit);
  }
}

/** What the targets promise, in words. @param {Targets} targets @param {boolean} always by the clock */
export function promises(targets, always) {
  const of = always ? "" : "business";
  return IMPACTS.map(([impact, name]) => {
    const { first_answer: first, next_update: next } = targets[impact];
    const says = [
      first === null ? null : `first answer within ${lengthInWords(first, of)}`,
      next === null ? null : `an answer to every later message within ${lengthInWords(next, of)}`,
    ].filter(Boolean);
    return h("li", null, h("strong", null, `${name}: `), says.length ? `${says.join(", ")}.` : "nothing is promised.");
  });
}

customElements.define("closeloop-targets", CloseloopTargets);
