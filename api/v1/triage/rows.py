"""Makes rows of the queue: a page at a time, never a query for each."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping
from sqlalchemy.orm import Session

from api.context import services
from api.v1.shapes.people import People, member, ref
from api.v1.shapes.tickets import forum_ref
from powerup import clock
from powerup.hours import worked
from powerup.suggest.owners import Suggestion
from powerup.teams import queries as teams
from powerup.teams.models import Team
from powerup.tickets import people
from powerup.triage import around
from powerup.triage.brain import TeamChoice
from powerup.triage.rules import PAST, Pace, Standing
from powerup.triage.settings import pace

CHOICES = 3


def queue_rows(session: Session, workspace_id: int, rows: Sequence[RowMapping]) -> list[dict[str, Any]]:
    """A `QueueRow` for each, with suggestions, in the same order."""
    if not rows:
        return []
    ids = [row["id"] for row in rows]
    choices = services().brains.of(workspace_id).choices(session, ids, limit=CHOICES)
    firsts = [found[0].area for found in choices.values() if found and found[0].area is not None]
    takers = around.takers(session, workspace_id, [area for area in firsts if area is not None])
    hand_backs = around.hand_backs(session, ids)
    threads = people.counts(session, workspace_id, sorted({row["customer_id"] for row in rows}))
    staff, measured, now = teams.people(session, workspace_id), pace(session, workspace_id), clock.now()
    made = []
    for row in rows:
        found = choices.get(row["id"], [])
        made.append(
            _facts(row, measured, now)
            | _handed_back(hand_backs.get(row["id"]), row)
            | {
                "earlier_threads": max(0, threads.get(row["customer_id"], 0) - 1),
                "choices": [choice(each, row["customer_name"] or row["username"]) for each in found],
                "person": _taker(found, takers, staff),
            }
        )
    return made


def choice(one: TeamChoice, customer: str) -> dict[str, Any]:
    """A `Choice`."""
    return {
        "team": ref(one.team),
        "area": ref(one.area),
        "share": round(min(1.0, max(0.0, one.share)), 4),
        "reasons": _reasons(one.suggestion, customer),
    }


def customer_ref(row: Mapping[Any, Any]) -> dict[str, Any]:
    """A `CustomerRef`."""
    return {"id": row["customer_id"], "name": row["customer_name"] or row["username"], "username": row["username"]}


def standing(row: Mapping[Any, Any], now: datetime) -> str:
    """As people see it: a thread whose snooze is over is new."""
    until = row["snoozed_until"]
    woken = row["triage"] == Standing.snoozed and (until is None or until <= now)
    return str(Standing.new) if woken else str(row["triage"])


def iso(moment: datetime | None) -> str | None:
    """As the API writes moments, where there is one."""
    return clock.iso(moment) if moment is not None else None


def _facts(row: RowMapping, measured: Pace, now: datetime) -> dict[str, Any]:
    stands = standing(row, now)
    since = row["waiting_since"] if row["waiting_on"] == "us" else None
    return {
        **{name: row[name] for name in ("id", "url", "subject", "excerpt", "private", "message_count", "waiting_on", "impact", "due_kind")},
        **{name: iso(row[name]) for name in ("created_at", "last_message_at", "waiting_since", "due_at", "warn_at")},
        "forum": forum_ref(row["forum_id"], row["forum_name"], row["forum_kind"]),
        "customer": customer_ref(row),
        "worked_minutes": int(worked(measured.hours, since, now).total_seconds() // 60) if since else None,
        "standing": stands,
        "past": row["queue_rank"] == PAST,
        "snoozed_until": iso(row["snoozed_until"]) if stands == Standing.snoozed else None,
    }


def _handed_back(found: tuple[Team, str | None] | None, row: RowMapping) -> dict[str, Any]:
    if found is None or row["triage"] not in (Standing.new, Standing.snoozed):
        return {"handed_back": False, "handed_back_by": None}
    return {"handed_back": True, "handed_back_by": {"team": ref(found[0]), "why": found[1]}}


def _taker(found: Sequence[TeamChoice], takers: Mapping[int, str], people: People) -> dict[str, Any] | None:
    if not found or found[0].area is None:
        return None
    return member(people, takers.get(found[0].area.id))


def _reasons(suggestion: Suggestion | None, customer: str) -> list[dict[str, Any]]:
    """What speaks for a choice; where it is who wrote, the customer's name stands for the words."""
    return [
        {
            "field": "author" if each.source == "author" else each.field,
            "start": each.start,
            "end": each.end,
            "text": customer if each.source == "author" else each.text,
            "source": each.source,
        }
        for each in (suggestion.reasons if suggestion is not None else ())
    ]
