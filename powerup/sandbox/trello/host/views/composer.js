// @ts-check
/** "Add a card" below a list. */

import { fill, h, icon } from "../dom.js";

/** @param {(text: string) => Promise<void>} add */
export function composer(add) {
  const opener = h(
    "button",
    { type: "button", class: "composer-open", onclick: () => show(true) },
    icon("plus"),
    "Add a card",
  );
  const text = h("textarea", {
    rows: 2,
    placeholder: "A title, or paste a link",
    "aria-label": "Title of the new card, or a link",
  });
  const problem = h("p", { class: "problem", role: "alert" });
  const submit = h("button", { class: "primary" }, "Add card");
  const form = h(
    "form",
    { class: "composer", hidden: true, onsubmit: (/** @type {SubmitEvent} */ event) => send(event) },
    text,
    problem,
    h(
      "div",
      { class: "buttons" },
      submit,
      h(
        "button",
        { type: "button", class: "icon-button", "aria-label": "Do not add a card", onclick: () => show(false) },
        icon("close"),
      ),
    ),
  );
  text.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      form.requestSubmit();
    }
    if (event.key === "Escape") {
      event.stopPropagation();
      show(false);
    }
  });
  /** @param {boolean} open */
  const show = (open) => {
    form.hidden = !open;
    opener.hidden = open;
    fill(problem);
    (open ? text : opener).focus();
  };
  /** @param {SubmitEvent} event */
  const send = async (event) => {
    event.preventDefault();
    if (!text.value.trim() || submit.disabled) return;
    submit.disabled = true;
    fill(problem);
    try {
      await add(text.value.trim());
      text.value = "";
    } catch (error) {
      fill(problem, `The card was not added: ${error instanceof Error ? error.message : error}`);
    } finally {
      submit.disabled = false;
      text.focus();
    }
  };
  return h("div", { class: "composer-place" }, opener, form);
}
