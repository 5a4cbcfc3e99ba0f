// @ts-check
/** The flight recorder: how fast triage goes, and what it costs in threads that went to the wrong team. */

import { dayOf } from "../elements/closeloop-flight.js";
import { openDesk } from "../lib/desk.js";
import { fill, h, outside } from "../lib/dom.js";
import { failure } from "../lib/page.js";
import { moment } from "../lib/time.js";
import { plural } from "../lib/words.js";

const place = /** @type {HTMLElement} */ (document.querySelector(".desk-place"));
void show();

async function show() {
  const desk = await openDesk();
  if (!desk) return;
  const load = async () => {
    try {
      draw(await desk.api.get("/triage/recorder?days=14"));
    } catch (error) {
      fill(place, failure(error, load));
    }
  };
  await load();
}

/** @param {Pages.Recorder} recorder */
function draw({ today, days, misroutes, time_zone }) {
  fill(
    place,
    h("section.desk-section", null, h("h2", null, "Today"), gauges(today)),
    h("section.desk-section", null, h("h2", null, "Sent to the wrong team"), ...wrong(misroutes)),
    h("section.desk-section", null, h("h2", null, "The last 14 days"), ...flight(days, time_zone)),
  );
}

/** @param {Pages.Recorder["today"]} today */
function gauges({ left, decided, seconds_per_decision: pace, minutes_left, triagers }) {
  const gauge = (/** @type {string} */ value, /** @type {string} */ words) =>
    h("div.gauge", null, h("strong", null, value), h("span", null, words));
  return h(
    "div.gauges",
    null,
    gauge(left.toLocaleString("en"), left === 1 ? "thread left" : "threads left"),
    gauge(
      left ? about(minutes_left) : "Done",
      left ? `at this pace, with ${plural(triagers, "triager")}` : "the queue is empty",
    ),
    gauge(decided.toLocaleString("en"), "decided today"),
    gauge(pace === null ? "–" : `${pace.toFixed(pace < 10 ? 1 : 0)} s`, "per decision (median)"),
  );
}

/** @param {number} minutes */
function about(minutes) {
  if (minutes < 1) return "under a minute";
  if (minutes < 90) return `about ${Math.ceil(minutes)} min`;
  return `about ${(minutes / 60).toFixed(1)} h`;
}

/** @param {Pages.RecorderDay[]} days @param {string} zone */
function flight(days, zone) {
  if (days.length === 0)
    return [
      h(
        "p.nothing",
        null,
        h("strong", null, "Nothing was decided yet"),
        "After the first morning of triage its speed and its mistakes stand here.",
      ),
    ];
  const chart = h("closeloop-flight");
  chart.days = days;
  return [
    h(
      "p.quiet",
      null,
      "Faster decisions send more threads to the wrong team; this shows how many. A thread counts as wrong when its team hands it back or passes it on within 48 hours. When the lower bars grow while the upper ones shrink, slow down, or add keywords.",
    ),
    h(
      "div.flight",
      null,
      chart,
      h("div.table-place", { tabindex: 0, role: "region", "aria-label": "The last days in numbers" }, table(days)),
    ),
    h("p.quiet", null, `“First choice”: how often the first suggestion was taken. Days are those of ${zone}.`),
  ];
}

/** @param {Pages.RecorderDay[]} days */
function table(days) {
  const share = (/** @type {number | null} */ value) => (value === null ? "–" : `${Math.round(value * 100)} %`);
  const heads = ["Day", "Decisions", "Seconds each", "Wrong team", "Rate", "First choice", "Undone"];
  return h(
    "table",
    null,
    h(
      "thead",
      null,
      h(
        "tr",
        null,
        heads.map((words) => h("th", { scope: "col" }, words)),
      ),
    ),
    h(
      "tbody",
      null,
      days.map((day) =>
        h(
          "tr",
          null,
          h("th", { scope: "row" }, dayOf(day.date), day.settled ? null : h("span.quiet", null, " not settled")),
          [
            day.decisions,
            day.seconds_per_decision === null ? "–" : day.seconds_per_decision.toFixed(1),
            day.misroutes,
            share(day.misroute_rate),
            share(day.rank1_share),
            day.undone,
          ].map((value) => h("td", null, String(value))),
        ),
      ),
    ),
  );
}

/** @param {Pages.Misroute[]} misroutes */
function wrong(misroutes) {
  if (misroutes.length === 0) return [h("p.quiet", null, "No thread came back within 48 hours.")];
  const yesterday = misroutes.filter(({ at }) => ageInDays(at) === 1);
  const rest = misroutes.filter(({ at }) => ageInDays(at) !== 1);
  const list = (/** @type {Pages.Misroute[]} */ all) => h("ul.misroutes", null, all.map(misroute));
  if (yesterday.length === 0) return [list(rest)];
  return [
    h("h3", null, "Yesterday"),
    list(yesterday),
    ...(rest.length ? [h("h3", null, "Other days"), list(rest)] : []),
  ];
}

/** @param {string} iso */
function ageInDays(iso) {
  const midnight = (/** @type {Date} */ date) => date.setHours(0, 0, 0, 0);
  return Math.round((midnight(new Date()) - midnight(new Date(iso))) / 86_400_000);
}

/** @param {Pages.Misroute} one */
function misroute({ ticket, team, at, why, by, decided_by }) {
  const state = ticket.standing === "new" ? h("span.tag", null, "in the queue again") : null;
  return h(
    "li",
    null,
    outside(ticket.url, ticket.subject),
    " ",
    state,
    h(
      "p.quiet",
      null,
      `${decided_by?.name ?? "Somebody"} gave it to ${team.name}; ${by?.name ?? "the team"} gave it away, ${moment(at)}.`,
    ),
    why ? h("p.why", { dir: "auto" }, `“${why}”`) : null,
  );
}
