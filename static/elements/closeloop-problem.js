// @ts-check
import { ProblemError } from "../lib/api.js";
import { busy } from "../lib/busy.js";
import { fill, h } from "../lib/dom.js";

/** An error in plain words, with "Try again" where that may help. `show(error, retry)` and `clear()`. */
export class CloseloopProblem extends HTMLElement {
  #ends = new AbortController();

  connectedCallback() {
    this.#ends = new AbortController();
    this.setAttribute("role", "alert");
  }

  disconnectedCallback() {
    this.#ends.abort();
  }

  clear() {
    this.hidden = true;
    this.replaceChildren();
  }

  /** @param {unknown} error @param {() => Promise<unknown>} [retry] */
  show(error, retry) {
    const problem = error instanceof ProblemError ? error : ours(error);
    this.hidden = false;
    fill(
      this,
      h("strong.problem-title", null, problem.title),
      problem.detail && problem.detail !== problem.title ? h("p", null, problem.detail) : null,
      problem.errors.length
        ? h(
            "ul",
            null,
            problem.errors.map(({ message }) => h("li", null, message)),
          )
        : null,
      retry ? this.#again(retry, problem.retryAfter) : null,
      problem.requestId && problem.status >= 500
        ? h("p.quiet", null, `For whoever mends it: ${problem.requestId}`)
        : null,
    );
  }

  /** @param {() => Promise<unknown>} retry @param {number | null} wait seconds */
  #again(retry, wait) {
    const button = h("button", { type: "button" }, "Try again");
    button.addEventListener("click", () => void busy(button, retry, "Trying…"), { signal: this.#ends.signal });
    return wait ? [h("p.quiet", null, `Best in ${Math.ceil(wait)} seconds.`), button] : button;
  }
}

/** Not from the server: our own mistake. It is named in the console for whoever mends it. @param {unknown} error */
function ours(error) {
  console.error(error);
  return new ProblemError({
    code: "internal",
    title: "Something went wrong on this page",
    detail: "Close the card and open it again. What you typed is kept.",
  });
}

customElements.define("closeloop-problem", CloseloopProblem);
