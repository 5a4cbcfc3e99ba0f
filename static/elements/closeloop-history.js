// @ts-check
import { fill, h } from "../lib/dom.js";
import { nameOf } from "../lib/people.js";
import { happened, plural } from "../lib/words.js";
import "./closeloop-time.js";

/** Who did what to this card, newest first. Set `events`. */
export class CloseloopHistory extends HTMLElement {
  #seen = "";

  /** @param {Api.HistoryEvent[]} events */
  set events(events) {
    const now = JSON.stringify(events.map((event) => [event.id, who(event)]));
    if (now === this.#seen) return;
    this.#seen = now;
    this.hidden = events.length === 0;
    const wasOpen = this.querySelector("details")?.open;
    fill(
      this,
      h(
        "details.fold",
        { open: wasOpen },
        h("summary", null, `History: ${plural(events.length, "entry", "entries")}`),
        h(
          "ol.history",
          null,
          events.map((event) =>
            h(
              "li",
              null,
              h("strong", null, who(event)),
              ` ${happened(event)} `,
              h("closeloop-time", { datetime: event.at }),
            ),
          ),
        ),
      ),
    );
  }
}

/** @param {Api.HistoryEvent} event */
function who({ actor, actor_id }) {
  if (actor === "member") return nameOf(actor_id);
  return { forum: "Somebody on the forum", trello: "Trello", system: "Closeloop" }[actor] ?? "Closeloop";
}

customElements.define("closeloop-history", CloseloopHistory);
