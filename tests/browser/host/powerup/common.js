// @ts-check
/** What every page of the test Power-Up shares. */

export const targetOrigin = /** @type {HTMLMetaElement} */ (document.querySelector('meta[name="host-origin"]')).content;
/** @type {any} */ export const client = /** @type {any} */ (window).TrelloPowerUp;

/** One line of the page that a test reads. @param {string} name @param {unknown} value */
export function tell(name, value) {
  const id = `said-${name}`;
  const line = document.getElementById(id) ?? document.createElement("p");
  line.id = id;
  line.textContent = typeof value === "string" ? value : JSON.stringify(value);
  document.getElementById("content")?.append(line);
}

/** A button that does something and tells how it ended. @param {string} name @param {(event: MouseEvent) => any} act */
export function button(name, act) {
  const element = document.createElement("button");
  element.textContent = name;
  element.addEventListener("click", async (event) => {
    try {
      tell(name, (await act(event)) ?? "done");
    } catch (error) {
      tell(name, `failed: ${error instanceof Error ? error.message : error}`);
    }
  });
  document.getElementById("content")?.append(element);
}
