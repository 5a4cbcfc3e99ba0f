// @ts-check
/**
 * Our frames on one board tell each other that a card changed: the popup tells the card's section and the badges.
 * Pages of one origin under one top page share a BroadcastChannel, also where third-party storage is partitioned.
 */

const NAME = "closeloop";

/** @type {BroadcastChannel | null} */
let channel = null;
try {
  channel = new BroadcastChannel(NAME);
} catch {
  // Blocked by the browser's privacy settings: polling brings the news a little later.
}

/** @param {string} card Trello's id. @param {number} [linked] the thread that was linked to it just now: the card shows it. */
export function tellCardChanged(card, linked) {
  channel?.postMessage({ card, linked });
}

/** @param {(card: string, linked: number | null) => void} tell @param {AbortSignal} [signal] */
export function onCardChange(tell, signal) {
  channel?.addEventListener(
    "message",
    (event) => {
      const { card, linked } = event.data ?? {};
      if (typeof card === "string") tell(card, typeof linked === "number" ? linked : null);
    },
    { signal },
  );
}

/** The board was connected, or a forum came or went. */
export function tellBoardChanged() {
  channel?.postMessage({ board: true });
}

/** @param {() => void} tell @param {AbortSignal} [signal] */
export function onBoardChange(tell, signal) {
  channel?.addEventListener(
    "message",
    (event) => {
      if (event.data?.board === true) tell();
    },
    { signal },
  );
}
