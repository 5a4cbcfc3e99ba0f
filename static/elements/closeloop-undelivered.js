// @ts-check
import { busy } from "../lib/busy.js";
import { fill, h } from "../lib/dom.js";
import { DELIVERY_KINDS, plural } from "../lib/words.js";
import "./closeloop-problem.js";
import "./closeloop-time.js";

/** @typedef {import('../lib/api.js').ApiClient} ApiClient */

/** Pages of failed deliveries that are looked through: what belongs to a card is shown there. */
const MOST_PAGES = 4;

/** What failed and belongs to no card, so that no card tells of it. Set `api`; hidden while there is nothing. */
export class CloseloopUndelivered extends HTMLElement {
  #problem = h("closeloop-problem");
  /** @type {ApiClient | null} */ #api = null;

  /** @param {ApiClient} api */
  set api(api) {
    this.#api = api;
    this.hidden = true;
    void this.#load();
  }

  async #load() {
    const api = /** @type {ApiClient} */ (this.#api);
    this.#problem.clear();
    try {
      this.#draw(await failed(api));
    } catch (error) {
      this.#draw([]);
      this.hidden = false;
      this.#problem.show(error, () => this.#load());
    }
  }

  /** @param {Api.Delivery[]} deliveries */
  #draw(deliveries) {
    this.hidden = deliveries.length === 0;
    fill(
      this,
      h("h2", null, "Not done"),
      this.#problem,
      h(
        "ul.deliveries",
        null,
        deliveries.map((each) => this.#line(each)),
      ),
    );
  }

  /** @param {Api.Delivery} delivery */
  #line(delivery) {
    const retry = h("button", { type: "button" }, "Retry");
    retry.addEventListener("click", () => void busy(retry, () => this.#retry(delivery), "Trying…"));
    return h(
      "li.delivery.failed",
      null,
      h("strong", null, DELIVERY_KINDS[delivery.kind] ?? delivery.summary),
      delivery.reason ? h("p.delivery-reason", null, delivery.reason) : null,
      h(
        "p.quiet",
        null,
        `${plural(delivery.attempts, "attempt")}, the last `,
        h("closeloop-time", { datetime: delivery.finished_at ?? delivery.created_at }),
        ".",
      ),
      delivery.retryable ? h("p.ways", null, retry) : null,
    );
  }

  /** @param {Api.Delivery} delivery */
  async #retry({ id }) {
    try {
      await this.#api?.post(`/deliveries/${id}/attempts`, {});
      await this.#load();
    } catch (error) {
      this.#problem.show(error);
    }
  }
}

/** @param {ApiClient} api @returns {Promise<Api.Delivery[]>} */
async function failed(api) {
  /** @type {Api.Delivery[]} */
  const found = [];
  let cursor = "";
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const { deliveries, next_cursor } = await api.get(`/deliveries?state=failed&limit=200${cursor}`);
    found.push(...deliveries.filter((/** @type {Api.Delivery} */ { card_id }) => card_id === null));
    if (next_cursor === null) break;
    cursor = `&cursor=${next_cursor}`;
  }
  return found;
}

customElements.define("closeloop-undelivered", CloseloopUndelivered);
