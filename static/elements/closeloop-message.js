// @ts-check
import { fill, h } from "../lib/dom.js";
import { fragment } from "../lib/thread-html.js";
import { picture } from "./closeloop-files.js";

/** One message of a thread. Who speaks is told by words, by side and by colour. Set `message`. */
export class CloseloopMessage extends HTMLElement {
  #seen = "";

  /** @param {Api.Message} message */
  set message(message) {
    const now = JSON.stringify(message);
    if (now === this.#seen) return;
    this.#seen = now;
    this.setAttribute("role", "article");
    this.className = kind(message);
    if (message.system) this.#line(message);
    else this.#whole(message);
  }

  /** @param {Api.Message} message */
  #line(message) {
    fill(this, h("div.system-words", null, fragment(message.html)), time(message.created_at));
  }

  /** @param {Api.Message} message */
  #whole(message) {
    const { author } = message;
    const internal = message.visibility === "internal";
    fill(
      this,
      internal
        ? h(
            "p.note-mark",
            null,
            h("span.icon.icon-lock", { "aria-hidden": "true" }),
            "Internal note: customers cannot see this",
          )
        : null,
      h(
        "header",
        null,
        face(author),
        h("strong.author", { dir: "auto" }, author.name || author.username),
        h("span.role", { class: `role role-${author.role}` }, author.role === "staff" ? "Staff" : "Customer"),
        time(message.created_at),
        message.edited_at ? h("span.quiet", null, "edited") : null,
      ),
      message.deleted
        ? h("p.gone", null, "This message was deleted on the forum.")
        : [
            h(
              "div.words",
              { dir: "auto" },
              fragment(message.html, (src, alt) => shown(message, src, alt)),
            ),
            foot(message),
          ],
    );
  }
}

/** A file of the forum where the message shows it; remote images stay away until somebody asks. @param {Api.Message} message @param {string} src @param {string} alt */
function shown({ files }, src, alt) {
  const file = files.find(({ shown_as }) => shown_as === src);
  return file ? picture(file, alt) : null;
}

/** @param {Api.Message} message */
function foot({ files }) {
  const loose = files.filter(({ shown_as }) => shown_as === null);
  if (!loose.length) return null;
  const list = document.createElement("closeloop-files");
  list.files = loose;
  return list;
}

/** @param {Api.Message} message */
function kind(message) {
  if (message.system) return "system";
  return `${message.author.role}${message.visibility === "internal" ? " internal" : ""}${message.deleted ? " deleted" : ""}`;
}

/** @param {string} iso */
const time = (iso) => h("closeloop-time", { datetime: iso });

/** Initials, not the forum's picture: loading that would tell its host who reads this. @param {Api.Person} person */
export function face({ name, username }) {
  const initials = initialsOf(name) || initialsOf(username) || "?";
  const hue = Array.from(username || name).reduce((sum, letter) => (sum * 31 + (letter.codePointAt(0) ?? 0)) % 6, 7);
  return h("span.face", { class: `face face-${hue}`, "aria-hidden": "true" }, initials);
}

/** The first letters of the first and the last word that have one; digits, signs and emoji are no letters. @param {string} name */
export function initialsOf(name) {
  const letters = name
    .normalize("NFKC")
    .split(/\s+/)
    .flatMap((word) => word.match(/\p{L}/u) ?? []);
  // "ß" becomes two letters when it is made large: one is enough.
  const large = letters.map((letter) => Array.from(letter.toUpperCase())[0]);
  return (large.length > 1 ? [large[0], large.at(-1)] : large).join("");
}

customElements.define("closeloop-message", CloseloopMessage);
