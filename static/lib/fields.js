// @ts-check
/** Parts of forms: a control with its label, and what the server says is wrong with it. */
import { ProblemError } from "./api.js";
import { h, uid } from "./dom.js";

/** A control with its label above and a hint below. @param {string} label @param {HTMLElement} control @param {string} [hint] */
export function field(label, control, hint) {
  control.id ||= uid("field");
  const words = hint ? h("p.hint", { id: uid("hint") }, hint) : null;
  if (words) control.setAttribute("aria-describedby", words.id);
  return h("div.field", null, h("label", { for: control.id }, label), control, words);
}

/** @param {string} name @param {string | null | undefined} value @param {Record<string, unknown>} [props] */
export const input = (name, value, props) =>
  h("input", { type: "text", name, value: value ?? "", autocomplete: "off", spellcheck: "false", ...props });

/** @param {string} name @param {[value: string, words: string][]} options @param {string | null | undefined} chosen @param {Record<string, unknown>} [props] */
export function chooser(name, options, chosen, props) {
  const select = h(
    "select",
    { name, ...props },
    options.map(([value, words]) => h("option", { value }, words)),
  );
  select.value = chosen ?? "";
  return select;
}

/** A box to tick, with its words. @param {string} name @param {string} value @param {string} words @param {boolean} checked */
export const tick = (name, value, words, checked) =>
  h("label.check", null, h("input", { type: "checkbox", name, value, checked }), words);

/** The ticked values. @param {Element} form @param {string} name @returns {string[]} */
export const ticked = (form, name) =>
  Array.from(
    form.querySelectorAll(`input[name="${name}"]:checked`),
    (each) => /** @type {HTMLInputElement} */ (each).value,
  );

/** Words separated by commas or lines. @param {string} text */
export const listOf = (text) =>
  text
    .split(/[,\n]/)
    .map((word) => word.trim())
    .filter(Boolean);

/** Every time zone that the browser knows, to choose from while typing. */
export function zones() {
  const names = ["UTC", ...Intl.supportedValuesOf("timeZone")];
  return h(
    "datalist",
    { id: uid("zones") },
    names.map((value) => h("option", { value })),
  );
}

/** Take away what was said to be wrong. @param {Element} form */
export function forget(form) {
  for (const words of form.querySelectorAll(".field-problem")) words.remove();
  for (const wrong of form.querySelectorAll("[aria-invalid]")) wrong.removeAttribute("aria-invalid");
}

/**
 * What is wrong with a field is said at the field; the rest in `problem`.
 * @param {Element} form @param {import("../elements/closeloop-problem.js").CloseloopProblem} problem @param {unknown} error
 */
export function complain(form, problem, error) {
  const errors = error instanceof ProblemError ? error.errors : [];
  const [at, elsewhere] = [new Map(), /** @type {typeof errors} */ ([])];
  for (const each of errors) {
    const control = form.querySelector(`[name="${CSS.escape(each.field)}"]`);
    if (control) at.set(control, each.message);
    else elsewhere.push(each);
  }
  for (const [control, message] of at) {
    control.setAttribute("aria-invalid", "true");
    control.after(h("p.field-problem", null, message.charAt(0).toUpperCase() + message.slice(1)));
  }
  if (error instanceof ProblemError && at.size) problem.show(new ProblemError({ ...error.problem, errors: elsewhere }));
  else problem.show(error);
  at.keys().next().value?.focus();
}
