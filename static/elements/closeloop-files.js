// @ts-check
import { busy } from "../lib/busy.js";
import { fill, h } from "../lib/dom.js";
import { blobOf, isPicture, save, sizeWords } from "../lib/files.js";
import "./closeloop-picture.js";

/** The files at the foot of a message: pictures are shown, the rest is there to be saved. Set `files`. */
export class CloseloopFiles extends HTMLElement {
  /** @param {Api.File[]} files */
  set files(files) {
    this.hidden = files.length === 0;
    fill(
      this,
      files.map((file) => (isPicture(file) ? picture(file) : this.#saver(file))),
    );
  }

  /** @param {Api.File} file */
  #saver(file) {
    const problem = h("span.image-gone", { role: "alert" });
    const button = h(
      "button.file",
      { type: "button", "aria-label": `Save ${file.name}` },
      h("span.file-name", { dir: "auto" }, file.name),
      h("span.quiet", null, sizeWords(file.size)),
    );
    button.addEventListener("click", () =>
      busy(button, async () => {
        problem.textContent = "";
        try {
          save(await blobOf(file), file.name);
        } catch (error) {
          problem.textContent = `“${file.name}” was not saved: ${error instanceof Error ? error.message : "try again."}`;
        }
      }),
    );
    return h("div.file-line", null, button, problem);
  }
}

/** @param {Api.File} file @param {string} [alt] */
export function picture(file, alt = "") {
  const shown = document.createElement("closeloop-picture");
  shown.file = file;
  shown.alt = alt;
  return shown;
}

customElements.define("closeloop-files", CloseloopFiles);
