// @ts-check

/**
 * While `work` runs the button says so and takes no second press. It keeps its focus: `disabled` would lose it.
 * @template T
 * @param {HTMLElement} button @param {() => Promise<T>} work @param {string} [words] what it says meanwhile
 * @returns {Promise<T | undefined>} undefined when it was busy already.
 */
export async function busy(button, work, words) {
  if (button.getAttribute("aria-busy") === "true") return undefined;
  const before = Array.from(button.childNodes);
  button.setAttribute("aria-busy", "true");
  button.setAttribute("aria-disabled", "true");
  if (words) button.textContent = words;
  try {
    return await work();
  } finally {
    button.removeAttribute("aria-busy");
    button.removeAttribute("aria-disabled");
    if (words) button.replaceChildren(...before);
  }
}
