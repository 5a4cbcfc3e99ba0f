// @ts-check
import { fill, h, uid } from "../lib/dom.js";
import { score } from "../triage/teams.js";

const MOST = 50;
/** After the last key, before the server is asked. */
const PAUSE_MS = 200;

/** @typedef {{key?: string, name: string, about?: string, words?: string, tag?: string, run: () => unknown}} Option `key` runs it at once; `words` are searched in */
/** @typedef {{title: string, options: Option[], placeholder?: string, empty?: string, foot?: Node | null, active?: number, more?: (typed: string) => Promise<Option[]>}} Menu `placeholder`: there is a search box; `active`: which is marked first (-1: none); `more` asks the server for what is not among the options */

/** A short list to choose from by one key, by typing, or by a click. `open(menu)`. It closes before what was chosen happens. */
export class CloseloopTriageMenu extends HTMLElement {
  #dialog = h("dialog.menu");
  #title = h("h2", { id: uid("menu") });
  #input = h("input", {
    type: "text",
    role: "combobox",
    autocomplete: "off",
    spellcheck: "false",
    "aria-autocomplete": "list",
    "aria-expanded": "true",
  });
  #list = h("div.menu-options", { role: "listbox", id: uid("menu"), tabindex: "0" });
  #says = h("p.quiet.menu-says", { role: "status" });
  #foot = h("div.menu-foot");
  /** @type {Menu | null} */ #menu = null;
  /** @type {Option[]} */ #options = [];
  #active = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */ #asking;

  connectedCallback() {
    if (this.firstChild) return;
    this.#dialog.setAttribute("aria-labelledby", this.#title.id);
    this.#list.setAttribute("aria-labelledby", this.#title.id);
    this.#input.setAttribute("aria-controls", this.#list.id);
    this.#input.setAttribute("aria-labelledby", this.#title.id);
    this.#dialog.append(this.#title, this.#input, this.#list, this.#says, this.#foot);
    this.append(this.#dialog);
    this.#input.addEventListener("input", () => this.#typed());
    this.#dialog.addEventListener("keydown", (event) => this.#pressed(event));
    this.#dialog.addEventListener("click", (event) => {
      if (event.target === this.#dialog) this.close();
    });
  }

  get isOpen() {
    return this.#dialog.open;
  }

  /** @param {Menu} menu */
  open(menu) {
    this.#menu = menu;
    this.#title.textContent = menu.title;
    this.#input.hidden = menu.placeholder === undefined;
    this.#input.value = "";
    this.#input.placeholder = menu.placeholder ?? "";
    fill(this.#foot, menu.foot ?? null);
    this.#offer(menu.options.slice(0, MOST), menu.active);
    if (!this.#dialog.open) this.#dialog.showModal();
    (this.#input.hidden ? this.#list : this.#input).focus();
  }

  close() {
    if (this.#dialog.open) this.#dialog.close();
  }

  #typed() {
    const menu = /** @type {Menu} */ (this.#menu);
    const typed = this.#input.value.trim();
    const scored = menu.options.map((option) => ({
      option,
      points: typed ? score(typed, option.words ?? option.name) : 1,
    }));
    const found = scored
      .filter(({ points }) => points > 0)
      .sort((one, other) => (typed ? other.points - one.points : 0));
    const near = found.map(({ option }) => (typed ? { ...option, key: undefined } : option)).slice(0, MOST);
    this.#offer(near);
    clearTimeout(this.#asking);
    if (typed && menu.more) this.#asking = setTimeout(() => void this.#ask(menu, typed, near), PAUSE_MS);
  }

  /** What the server knows beside the options; an answer that was overtaken is dropped. @param {Menu} menu @param {string} typed @param {Option[]} near */
  async #ask(menu, typed, near) {
    if (!menu.more) return;
    const isCurrent = () => this.#menu === menu && this.isOpen && this.#input.value.trim() === typed;
    try {
      const found = await menu.more(typed);
      if (isCurrent() && found.length) this.#offer([...near, ...found].slice(0, MOST), Math.max(0, this.#active));
    } catch {
      if (isCurrent()) this.#says.textContent = "The search did not answer; these are the ones at hand.";
    }
  }

  /** @param {Option[]} options @param {number} [active] */
  #offer(options, active = 0) {
    this.#options = options;
    fill(
      this.#list,
      options.map((option, at) =>
        h(
          "div.menu-option",
          {
            role: "option",
            id: `menu-option-${at}`,
            "aria-selected": "false",
            onclick: () => this.#run(option),
            onpointermove: () => this.#mark(at),
          },
          h("kbd", { class: option.key ? null : "none" }, option.key ? option.key.toUpperCase() : ""),
          h("span.menu-name", { dir: "auto" }, option.name),
          option.tag ? h("span.tag", null, option.tag) : null,
          option.about ? h("span.menu-about", { dir: "auto" }, option.about) : null,
        ),
      ),
    );
    this.#says.textContent = options.length ? "" : (this.#menu?.empty ?? "Nothing is called like that.");
    this.#mark(Math.min(active, options.length - 1));
  }

  /** @param {number} at */
  #mark(at) {
    this.#active = at;
    const options = /** @type {HTMLElement[]} */ (Array.from(this.#list.children));
    for (const [index, option] of options.entries()) option.setAttribute("aria-selected", String(index === at));
    for (const holder of [this.#input, this.#list]) {
      if (options[at]) holder.setAttribute("aria-activedescendant", `menu-option-${at}`);
      else holder.removeAttribute("aria-activedescendant");
    }
    options[at]?.scrollIntoView({ block: "nearest" });
  }

  /** @param {KeyboardEvent} event */
  #pressed(event) {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    const { length } = this.#options;
    if (event.target instanceof HTMLInputElement && event.target !== this.#input) return;
    if (event.key === "Enter" && !(event.target instanceof HTMLButtonElement)) {
      event.preventDefault();
      const option = this.#options[this.#active];
      if (option) this.#run(option);
    } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && length) {
      event.preventDefault();
      const from = this.#active < 0 && event.key === "ArrowUp" ? 0 : this.#active;
      this.#mark((from + (event.key === "ArrowDown" ? 1 : length - 1)) % length);
    } else if (!this.#input.value) {
      const option = this.#options.find(({ key }) => key === event.key.toLowerCase());
      if (!option || event.target instanceof HTMLButtonElement) return;
      event.preventDefault();
      this.#run(option);
    }
  }

  /** @param {Option} option */
  #run(option) {
    this.close();
    option.run();
  }
}

customElements.define("closeloop-triage-menu", CloseloopTriageMenu);
