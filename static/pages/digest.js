// @ts-check
/** A team's stand-up digest as a page: `?team=<id>`; without one, the first team's. */
import { busy } from "../lib/busy.js";
import { openDesk } from "../lib/desk.js";
import { fill, h, outside } from "../lib/dom.js";
import { chooser, field } from "../lib/fields.js";
import { failure } from "../lib/page.js";
import { impactSaying, pressing } from "../lib/targets.js";
import { moment } from "../lib/time.js";
import { waiting } from "../lib/words.js";
import "../elements/closeloop-pill.js";
import "../elements/closeloop-problem.js";
import "../elements/closeloop-time.js";
import "../elements/closeloop-toast.js";

const place = /** @type {HTMLElement} */ (document.querySelector(".desk-place"));
void show();

async function show() {
  const desk = await openDesk();
  if (!desk) return;
  const { api } = desk;
  const toast = h("closeloop-toast.desk-toast");

  const load = async () => {
    try {
      /** @type {Api.Teams} */
      const { teams } = await api.get("/teams");
      const team = teams.find(({ id }) => id === asked()) ?? teams[0];
      if (!team) {
        fill(
          place,
          h("p.nothing", null, h("strong", null, "No team yet"), "An admin adds teams in the settings of Closeloop."),
        );
        return;
      }
      const digest = await api.get(`/teams/${team.id}/digest`);
      fill(place, head(digest, teams), ...body(digest), toast);
    } catch (error) {
      fill(place, failure(error, load));
    }
  };

  /** @param {Pages.Digest} digest @param {Api.Team[]} teams */
  const head = ({ team, since, next_at }, teams) => {
    const options = teams.map(({ id, name }) => /** @type {[string, string]} */ ([String(id), name]));
    const select = chooser("team", options, String(team.id));
    select.addEventListener("change", async () => {
      const url = new URL(location.href);
      url.searchParams.set("team", select.value);
      history.replaceState(null, "", url);
      await load();
      /** @type {HTMLElement | null} */ (place.querySelector("select"))?.focus();
    });
    const problem = h("closeloop-problem");
    const send = h("button", { type: "button" }, "Send to the channel now");
    send.addEventListener(
      "click",
      () =>
        void busy(
          send,
          async () => {
            problem.clear();
            try {
              await api.post(`/teams/${team.id}/digests`, {});
              toast.say(`The digest is on its way to the channel of ${team.name}.`);
            } catch (error) {
              problem.show(error);
            }
          },
          "Sending…",
        ),
    );
    problem.clear();
    return h(
      "div",
      null,
      h(
        "div.digest-head",
        null,
        field("Team", select),
        h(
          "p.quiet",
          null,
          `“New” is since ${moment(since)}. `,
          next_at
            ? `It goes to the channel next ${moment(next_at)}.`
            : "No stand-up is set: it goes to the channel when somebody sends it.",
        ),
        send,
      ),
      problem,
    );
  };

  await load();
}

/** The team that the address names. */
const asked = () => Number(new URLSearchParams(location.search).get("team")) || 0;

/** @param {Pages.Digest} digest */
function body({ sections, outages }) {
  const filled = sections.filter(({ count }) => count > 0);
  if (filled.length === 0 && outages.length === 0)
    return [
      h(
        "p.nothing",
        null,
        h("strong", null, "Nothing is waiting. Good morning."),
        "No thread of this team waits for an answer.",
      ),
    ];
  return [
    outages.length ? h("div.digest-outages", null, h("strong", null, "Outage: "), outages.join("; ")) : null,
    ...filled.map(section),
  ];
}

/** @param {Pages.DigestSection} one */
function section({ title, count, lines, key }) {
  const more = count - lines.length;
  return h(
    "section.desk-section.digest-section",
    null,
    h("h2", null, title, h("span", { class: key === "over_target" || key === "came_back" ? "tag bad" : "tag" }, count)),
    h("ul.digest-lines", null, lines.map(line)),
    more > 0 ? h("p.quiet", null, `and ${more} more`) : null,
  );
}

/** @param {Pages.DigestLine} one */
function line({ subject, customer, forum, url, card_url, person, impact, waiting_since, due_at }) {
  const saying =
    (due_at && pressing({ due_at, due_kind: "first_answer" })) ||
    impactSaying(impact) ||
    (waiting_since ? waiting("us", waiting_since) : null);
  const pill = h("closeloop-pill");
  pill.saying =
    saying && due_at && Date.parse(due_at) < Date.now() ? { ...saying, text: saying.text.replace(/: .*/, "") } : saying;
  return h(
    "li.digest-line",
    null,
    h("span.digest-subject", { dir: "auto" }, outside(card_url ?? url, subject ?? "Private thread")),
    h(
      "span.digest-about",
      null,
      [customer, forum, person ? person.name : "nobody has taken it"].filter(Boolean).join(" · "),
      card_url ? [" · ", outside(url, "Thread")] : null,
    ),
    h("span.digest-side", null, pill),
  );
}
