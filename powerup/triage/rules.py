"""What follows from a ticket's facts: its place in the queue, its targets, its standing. No I/O."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from powerup import hours
from powerup.errors import InvalidError
from powerup.hours import Hours
from powerup.threads import ThreadState


class Impact(StrEnum):
    """How hard the customers are hit; scales the response."""

    low = "low"
    normal = "normal"
    high = "high"
    outage = "outage"


class Standing(StrEnum):
    """Where a ticket stands in triage."""

    new = "new"
    """Nobody has it."""
    snoozed = "snoozed"
    no_action = "no_action"
    owned = "owned"
    """Assigned to a team, or linked to a card by hand."""
    settled = "settled"
    """Solved, closed or deleted on the forum, and nobody waits."""


LABELS: Mapping[Impact, tuple[str, str]] = {
    Impact.outage: ("impact: outage", "red"),
    Impact.high: ("impact: high", "orange"),
    Impact.normal: ("impact: normal", "yellow"),
    Impact.low: ("impact: low", "green"),
}
"""The card's label for each impact: name and Trello's colour."""

WARN_AT = 0.75
"""Part of a target's time after which a badge turns yellow."""

NOT_WAITING = 5
"""Added to the rank of threads in which nobody waits for us: they come after all who do."""

PAST = 2 * NOT_WAITING
"""Rank of what a customer asked long before the forum was connected: seen in the queue, after everything of today."""

PAST_AFTER = timedelta(days=14)
"""So long before the forum was connected a thread must have fallen silent to belong to the past."""

LONGEST_TARGET = 60 * 24 * 60
"""Minutes; sixty days."""


@dataclass(frozen=True, slots=True)
class Targets:
    """Minutes of business time for one impact; None: no promise."""

    first_answer: int | None
    next_update: int | None


@dataclass(frozen=True, slots=True)
class Pace:
    """How a workspace measures waiting."""

    hours: Hours
    targets: Mapping[Impact, Targets]


DEFAULT = Pace(
    hours.ALWAYS,
    {
        Impact.outage: Targets(15, 60),
        Impact.high: Targets(60, 4 * 60),
        Impact.normal: Targets(8 * 60, 24 * 60),
        Impact.low: Targets(24 * 60, 72 * 60),
    },
)
"""Until an admin says otherwise."""


@dataclass(frozen=True, slots=True)
class Due:
    """When a badge turns yellow and red, and for which promise; all None where nobody waits for us or nothing is promised."""

    warn_at: datetime | None
    due_at: datetime | None
    kind: str | None


def rank(impact: Impact, *, waits_on_us: bool, handed_back: bool) -> int:
    """Place in the queue, smaller first: outages, then what was sent to the wrong team before, then by impact.

    Within a rank the longest wait comes first. That order is the same in business hours and by the clock, so it needs no
    arithmetic: whoever began to wait earlier has waited at least as long in both.
    """
    place = {Impact.outage: 0, Impact.high: 2, Impact.normal: 3, Impact.low: 4}[impact]
    if handed_back and impact is not Impact.outage:
        place = 1
    return place if waits_on_us else place + NOT_WAITING


def due(pace: Pace, impact: Impact, *, waiting_since: datetime | None, answered: bool) -> Due:
    """When the promise for this impact runs out, for a customer who has waited for us since then."""
    targets = pace.targets[impact]
    minutes = targets.next_update if answered else targets.first_answer
    if waiting_since is None or minutes is None:
        return Due(None, None, None)
    whole = timedelta(minutes=minutes)
    try:
        warn, end = (hours.after(pace.hours, waiting_since, part) for part in (whole * WARN_AT, whole))
    except OverflowError:
        # A forum that dates a post to the end of time must not keep the thread from being read.
        return Due(None, None, None)
    return Due(warn, end, "next_update" if answered else "first_answer")


def is_past(last_message_at: datetime, connected_at: datetime) -> bool:
    """Whether the thread had fallen silent long before we came: nobody was promised anything in it, by us."""
    return last_message_at < connected_at - PAST_AFTER


def is_at_rest(state: str, waiting_on: str | None) -> bool:
    """Whether the forum says that it is over and no customer says otherwise."""
    return state in (ThreadState.closed, ThreadState.deleted) or (state == ThreadState.resolved and waiting_on != "us")


def targets_from(obj: Mapping[str, Any]) -> dict[Impact, Targets]:
    """Targets as the settings hold them; raises InvalidError naming the field."""
    found: dict[Impact, Targets] = {}
    for impact in Impact:
        given = obj.get(impact.value, {})
        values = [_minutes(given, impact, name) for name in ("first_answer", "next_update")]
        found[impact] = Targets(*values)
    return found


def targets_as_json(targets: Mapping[Impact, Targets]) -> dict[str, Any]:
    """The reverse of `targets_from`."""
    return {impact.value: {"first_answer": one.first_answer, "next_update": one.next_update} for impact, one in targets.items()}


def _minutes(given: Mapping[str, Any], impact: Impact, name: str) -> int | None:
    value = given.get(name)
    if value is None:
        return None
    if not isinstance(value, int) or not 1 <= value <= LONGEST_TARGET:
        problem = {"field": f"targets.{impact}.{name}", "message": f"is a number of minutes from 1 to {LONGEST_TARGET}, or empty"}
        raise InvalidError("A target is not usable.", errors=[problem])
    return value
