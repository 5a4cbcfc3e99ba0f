// @ts-check
import { forumOf } from "../lib/board.js";
import * as trello from "../lib/trello.js";

/**
 * Attached thread addresses get a section that says what they are about. Every other attachment stays Trello's.
 * @type {NonNullable<trello.Capabilities["attachment-sections"]>}
 */
export async function attachmentSections(t, { entries }) {
  try {
    const owners = await Promise.all(entries.map((/** @type {{url: string}} */ { url }) => forumOf(t, url)));
    const claimed = entries.filter((/** @type {unknown} */ _entry, /** @type {number} */ at) => owners[at]);
    if (claimed.length === 0) return [];
    const urls = claimed.map((/** @type {{url: string}} */ { url }) => url).slice(0, 50);
    return [
      {
        id: "closeloop-threads",
        claimed,
        icon: trello.iconUrl("thread"),
        title: "Attached customer threads",
        content: { type: "iframe", url: trello.signedPage(t, "attachment", { urls }), height: 110 },
      },
    ];
  } catch {
    // No session, no answer: Trello shows the attachments as it always does.
    return [];
  }
}
