// @ts-check
import { plural } from "./words.js";

/** Bursts and outages in words. */
/** "9 new threads about Agents in the last hour; usually 0.4". @param {{area: Api.AreaRef, evidence: Record<string, unknown> | Pages.Evidence | null}} outage */
export function evidenceInWords({ area, evidence }) {
  const { words } = /** @type {Partial<Pages.Evidence>} */ (evidence ?? {});
  return `${words || `Many new threads about ${area.name}`}.`;
}

/** A title without the word that stands before it already: "Outage: Agents" is "Agents". @param {string} title */
export const outageName = (title) => title.replace(/^outage:\s*(?=\S)/i, "");

/** "45 minutes", "1 hour". @param {number} minutes */
export const promiseWords = (minutes) =>
  minutes % 1440 === 0
    ? plural(minutes / 1440, "day")
    : minutes % 60 === 0
      ? plural(minutes / 60, "hour")
      : plural(minutes, "minute");

/** What is proposed to say first. @param {{area: Api.AreaRef}} outage @param {string} promise "1 hour" */
export const holdingReply = ({ area }, promise) =>
  `Hello {name},\n\nthank you for telling us. Several customers have this problem with ${area.name} right now, and we are working on it. You will hear from us here within ${promise}, also when there is nothing new yet.`;

/** What is proposed to say at the end. */
export const allClear = () =>
  "Hello {name},\n\nthe problem is solved, and everything should work again. Please tell us here if it does not for you. We are sorry for the trouble.";
