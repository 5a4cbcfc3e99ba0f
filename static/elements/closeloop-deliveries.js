// @ts-check
import { emit, fill, h, keyed, outside } from "../lib/dom.js";
import { DELIVERY_KINDS, DELIVERY_STATES, plural } from "../lib/words.js";
import "./closeloop-time.js";

/** Everything that goes out from this card, with state, attempts and reason. Set `deliveries`. Emits retry, discard. */
export class CloseloopDeliveries extends HTMLElement {
  #details = h("details.fold");
  #summary = h("summary");
  #list = h("ul.deliveries");

  connectedCallback() {
    if (this.firstChild) return;
    this.#details.append(this.#summary, this.#list);
    this.append(this.#details);
  }

  /** @param {{deliveries: Api.Delivery[], mayWrite: boolean}} all */
  set content({ deliveries, mayWrite }) {
    this.hidden = deliveries.length === 0;
    const failed = deliveries.filter(({ state }) => state === "failed").length;
    const going = deliveries.filter(({ state }) => state === "pending" || state === "running").length;
    const news = [failed ? `${failed} failed` : "", going ? `${going} on the way` : ""].filter(Boolean).join(", ");
    fill(
      this.#summary,
      `Sent from this card: ${plural(deliveries.length, "delivery", "deliveries")}`,
      news ? h("span", { class: failed ? "tag bad" : "tag" }, news) : null,
    );
    keyed(
      this.#list,
      deliveries,
      (each) => JSON.stringify([each.id, each.state, each.attempts, each.reason, mayWrite]),
      (each) => this.#line(each, mayWrite),
    );
  }

  /** @param {Api.Delivery} delivery @param {boolean} mayWrite */
  #line(delivery, mayWrite) {
    const about = { deliveryId: delivery.id, key: `d${delivery.id}` };
    const ways = mayWrite && (delivery.state === "failed" || delivery.state === "pending");
    return h(
      "li",
      { class: `delivery ${delivery.state}` },
      h(
        "div.delivery-head",
        null,
        h("span.dot", { "aria-hidden": "true" }),
        h("strong", null, DELIVERY_KINDS[delivery.kind] ?? delivery.summary),
        h("span.tag", null, DELIVERY_STATES[delivery.state] ?? delivery.state),
        h("closeloop-time", { datetime: delivery.finished_at ?? delivery.created_at }),
      ),
      delivery.text
        ? h(
            "p.delivery-summary",
            { dir: "auto" },
            delivery.text.length > 160 ? `${delivery.text.slice(0, 160)}…` : delivery.text,
          )
        : null,
      delivery.reason ? h("p.delivery-reason", null, delivery.reason) : null,
      h(
        "p.quiet",
        null,
        attempts(delivery),
        delivery.awaiting_approval ? " The forum wants a moderator’s approval before it shows it." : null,
        delivery.state === "pending" && delivery.attempts && delivery.next_attempt_at
          ? [" Next try ", h("closeloop-time", { datetime: delivery.next_attempt_at }), "."]
          : null,
        delivery.url ? [" ", outside(delivery.url, "See it")] : null,
      ),
      ways
        ? h(
            "p.ways",
            null,
            delivery.retryable
              ? h(
                  "button.link",
                  { type: "button", onclick: () => emit(this, "retry", about) },
                  delivery.state === "failed" ? "Retry" : "Try now",
                )
              : null,
            h("button.link", { type: "button", onclick: () => emit(this, "discard", about) }, "Discard"),
          )
        : null,
    );
  }
}

/** @param {Api.Delivery} delivery */
function attempts({ attempts: count, state }) {
  if (count === 0) return state === "pending" ? "Not tried yet." : "";
  return `${plural(count, "attempt")}.`;
}

customElements.define("closeloop-deliveries", CloseloopDeliveries);
