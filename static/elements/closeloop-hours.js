// @ts-check
import { fill, h } from "../lib/dom.js";
import { field, input, zones } from "../lib/fields.js";
import { WEEKDAYS } from "../lib/teams.js";

const WHOLE_DAY = /** @type {[string, string]} */ (["00:00", "24:00"]);
const WORKDAY = /** @type {[string, string]} */ (["09:00", "17:00"]);
const WEEKEND = new Set(["sat", "sun"]);

/** @typedef {Api.TriageSettings["hours"]} Hours */

/** Whether waiting is counted by the clock. @param {Hours} hours */
export const isAlways = ({ days, holidays }) =>
  holidays.length === 0 && Object.values(days).every((day) => day?.join() === WHOLE_DAY.join());

/** The hours of business as fields of a form. Set `value`, read `value`; every change bubbles as `input`. */
export class CloseloopHours extends HTMLElement {
  #always = h("input", { type: "checkbox", name: "always" });
  #zone = input("hours.time_zone", "");
  #days = h("div.week");
  #holidays = h("div.holidays");
  #day = h("input", { type: "date", "aria-label": "A holiday" });
  #rest = h("div.hours-rest");
  /** @type {string[]} */ #dates = [];

  connectedCallback() {
    if (this.firstChild) return;
    const list = zones();
    this.#zone.setAttribute("list", list.id);
    const add = h("button", { type: "button", onclick: () => this.#add() }, "Add holiday");
    this.#rest.append(
      this.#days,
      h(
        "div.field",
        null,
        h("span.field-name", null, "Holidays"),
        this.#holidays,
        h("div.copy-row", null, this.#day, add),
      ),
    );
    this.append(
      field("Time zone", this.#zone),
      list,
      h("label.check", null, this.#always, "Customers’ waiting is counted round the clock, every day"),
      this.#rest,
    );
    this.#always.addEventListener("change", () => {
      if (!this.#always.checked && isAlways(this.value)) this.#drawDays(null);
      this.#rest.hidden = this.#always.checked;
      this.#tell();
    });
    this.#day.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      this.#add();
    });
  }

  /** @param {Hours} hours */
  set value(hours) {
    const always = isAlways(hours);
    this.#zone.value = hours.time_zone;
    this.#always.checked = always;
    this.#rest.hidden = always;
    this.#dates = hours.holidays.toSorted();
    this.#drawDays(always ? null : hours.days);
    this.#drawHolidays();
  }

  /** @returns {Hours} */
  get value() {
    const time_zone = this.#zone.value.trim();
    const days = /** @type {Hours["days"]} */ ({});
    for (const [name] of WEEKDAYS) days[name] = this.#always.checked ? WHOLE_DAY : this.#read(name);
    return { time_zone, days, holidays: this.#always.checked ? [] : this.#dates };
  }

  /** @param {Hours["days"] | null} days null: what is usual */
  #drawDays(days) {
    fill(
      this.#days,
      WEEKDAYS.map(([name, , long]) => {
        const day = days ? days[name] : WEEKEND.has(name) ? null : WORKDAY;
        const [opens, closes] = day ?? WORKDAY;
        const on = h("input", { type: "checkbox", name: `on.${name}`, checked: day !== null });
        const times = h(
          "span.day-times",
          null,
          h("input", { type: "time", name: `opens.${name}`, value: opens, "aria-label": `${long} from` }),
          " to ",
          h("input", {
            type: "time",
            name: `closes.${name}`,
            value: closes === "24:00" ? "00:00" : closes,
            "aria-label": `${long} to`,
          }),
        );
        const shut = h("span.quiet", null, "closed");
        const show = () => {
          times.hidden = !on.checked;
          shut.hidden = on.checked;
        };
        on.addEventListener("change", show);
        show();
        return h("div.day", null, h("label.check", null, on, long), times, shut);
      }),
    );
  }

  /** @param {Api.Weekday} name @returns {[string, string] | null} */
  #read(name) {
    const of = (/** @type {string} */ part) =>
      /** @type {HTMLInputElement} */ (this.#days.querySelector(`[name="${part}.${name}"]`));
    if (!of("on").checked) return null;
    const closes = of("closes").value;
    return [of("opens").value, closes === "00:00" ? "24:00" : closes];
  }

  #drawHolidays() {
    const written = new Intl.DateTimeFormat(navigator.language || "en", { dateStyle: "medium", timeZone: "UTC" });
    fill(
      this.#holidays,
      this.#dates.length ? null : h("span.quiet", null, "None"),
      this.#dates.map((date) => {
        const words = written.format(new Date(`${date}T00:00:00Z`));
        const away = h("button.word-away", { type: "button", "aria-label": `Take away ${words}` }, "×");
        away.addEventListener("click", () => {
          this.#dates = this.#dates.filter((each) => each !== date);
          this.#drawHolidays();
          this.#tell();
        });
        return h("span.word", null, words, away);
      }),
    );
  }

  #add() {
    const date = this.#day.value;
    if (!date || this.#dates.includes(date)) return;
    this.#dates = [...this.#dates, date].sort();
    this.#day.value = "";
    this.#drawHolidays();
    this.#tell();
  }

  #tell() {
    this.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

customElements.define("closeloop-hours", CloseloopHours);
