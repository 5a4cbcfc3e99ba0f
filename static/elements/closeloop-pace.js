// @ts-check
import { busy } from "../lib/busy.js";
import { fill, h } from "../lib/dom.js";
import { complain, forget } from "../lib/fields.js";
import { listed } from "../lib/forums.js";
import { WEEKDAYS } from "../lib/teams.js";
import { isAlways } from "./closeloop-hours.js";
import "./closeloop-problem.js";
import { promises } from "./closeloop-targets.js";

/** @typedef {{api: import('../lib/api.js').ApiClient, isAdmin: boolean}} Setup */

/** "Business hours and targets" of the settings. Set `setup`; it fetches the rest itself. */
export class CloseloopPace extends HTMLElement {
  #problem = h("closeloop-problem");
  #body = h(
    "div.pace-body",
    null,
    h("div.skeleton", { role: "status", "aria-label": "Loading" }, h("div.skeleton-line.w-most")),
  );
  #hours = h("closeloop-hours");
  #targets = h("closeloop-targets");
  #preview = h("ul.promises", { "aria-live": "polite" });
  #said = h("span.saved", { role: "status" });
  /** @type {Setup | null} */ #setup = null;

  connectedCallback() {
    if (this.firstChild) return;
    this.#problem.clear();
    this.append(h("h2", null, "Business hours and targets"), this.#problem, this.#body);
  }

  /** @param {Setup} setup */
  set setup(setup) {
    this.#setup = setup;
    void this.#load();
  }

  async #load() {
    const { api, isAdmin } = /** @type {Setup} */ (this.#setup);
    this.#problem.clear();
    try {
      /** @type {Api.TriageSettings} */
      const settings = await api.get("/triage/settings");
      fill(
        this.#body,
        summary(settings),
        h("ul.promises", null, promises(settings.targets, isAlways(settings.hours))),
        isAdmin ? this.#ways(settings) : null,
      );
    } catch (error) {
      this.#problem.show(error, () => this.#load());
    }
  }

  /** @param {Api.TriageSettings} settings */
  #ways(settings) {
    const change = h("button", { type: "button", onclick: () => this.#edit(settings) }, "Change hours and targets");
    return h("div.group-ways", null, change, this.#said);
  }

  /** @param {Api.TriageSettings} settings */
  #edit({ hours, targets }) {
    const save = h("button.primary", { type: "submit" }, "Save");
    const cancel = h("button.subtle", { type: "button", onclick: () => void this.#load() }, "Cancel");
    const form = h(
      "form.inset",
      { novalidate: true },
      this.#hours,
      h("h3", null, "How soon customers are answered"),
      h(
        "p.hint",
        null,
        "A badge turns yellow when three quarters of the time have passed, and red when all of it has. An empty field promises nothing.",
      ),
      this.#targets,
      this.#preview,
      this.#problem,
      h("div.group-ways", null, save, cancel),
    );
    fill(this.#body, form);
    this.#hours.value = hours;
    this.#targets.value = targets;
    const preview = () => fill(this.#preview, promises(this.#targets.value, isAlways(this.#hours.value)));
    preview();
    form.addEventListener("input", preview);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void busy(save, () => this.#save(form), "Saving…");
    });
    form.querySelector("input")?.focus();
  }

  /** @param {HTMLFormElement} form */
  async #save(form) {
    const { api } = /** @type {Setup} */ (this.#setup);
    forget(form);
    this.#problem.clear();
    try {
      await api.call("PUT", "/triage/settings", { body: { hours: this.#hours.value, targets: this.#targets.value } });
      this.prepend(this.#problem);
      this.insertBefore(this.#problem, this.#body);
      await this.#load();
      this.#body.querySelector("button")?.focus();
      this.#said.textContent = "Saved. Every waiting thread was measured anew.";
      setTimeout(() => this.#said.replaceChildren(), 8_000);
    } catch (error) {
      complain(form, this.#problem, error);
    }
  }
}

/** "Monday to Friday 09:00 to 17:00, Europe/Berlin". @param {Api.TriageSettings} settings */
function summary({ hours }) {
  if (isAlways(hours)) return h("p", null, "Customers’ waiting is counted round the clock, every day.");
  /** @type {{days: string[], time: string}[]} */
  const groups = [];
  for (const [name, short] of WEEKDAYS) {
    const day = hours.days[name];
    if (!day) continue;
    const time = `${day[0]} to ${day[1]}`;
    const last = groups.at(-1);
    if (last?.time === time) last.days.push(short);
    else groups.push({ days: [short], time });
  }
  const span = (/** @type {string[]} */ days) => (days.length > 2 ? `${days[0]} to ${days.at(-1)}` : listed(days));
  const days = groups.map(({ days, time }) => `${span(days)} ${time}`).join("; ");
  const off = hours.holidays.length;
  return h(
    "p",
    null,
    `${days}, ${hours.time_zone}`,
    off ? `; ${off} ${off === 1 ? "holiday" : "holidays"}` : "",
    ". Only these hours count as waiting.",
  );
}

customElements.define("closeloop-pace", CloseloopPace);
