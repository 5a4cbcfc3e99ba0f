"""What a board's cards have to say, for up to a thousand cards at once.

Hot path: two statements a batch whatever its size, columns and no entities (facts: 1,000 entities cost more than the rest
of the request together).
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import TextClause, text
from sqlalchemy.orm import Session

LARGEST = 1_000
"""Cards in one question."""

SPOKEN = """
SELECT c.trello_id, l.id, t.waiting_on, t.waiting_since, r.type, r.state, t.impact, t.triage, t.warn_at, t.due_at, t.due_kind
FROM cards c
JOIN boards b ON b.id = c.board_id AND b.workspace_id = c.workspace_id
LEFT JOIN links l ON l.card_id = c.id AND l.ended_at IS NULL
LEFT JOIN tickets t ON t.id = l.ticket_id
LEFT JOIN resolutions r ON r.card_id = c.id AND r.ended_at IS NULL
WHERE c.board_id = :board AND c.trello_id {among} AND (l.id IS NOT NULL OR r.id IS NOT NULL)
"""

UNFINISHED = """
SELECT c.trello_id, d.state
FROM cards c
JOIN boards b ON b.id = c.board_id AND b.workspace_id = c.workspace_id
JOIN deliveries d ON d.card_id = c.id AND d.state IN ('pending', 'running', 'failed')
WHERE c.board_id = :board AND c.trello_id {among}
"""

HEIGHT = {"low": 0, "normal": 1, "high": 2, "outage": 3}
MOMENTS = ("waiting_since", "warn_at", "due_at")

AMONG = {"sqlite": "IN (SELECT value FROM json_each(:ids))", "postgresql": "= ANY(:ids)"}
"""How each database takes a list as one parameter: a thousand parameters cost more than the query."""

_STATEMENTS: Mapping[str, tuple[TextClause, TextClause]] = {
    dialect: (text(SPOKEN.format(among=among)), text(UNFINISHED.format(among=among))) for dialect, among in AMONG.items()
}


def of_cards(session: Session, board_id: int, trello_ids: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Badge facts by Trello card id; cards with nothing to say are absent.

    Each is `{"tickets", "waiting_on", "waiting_since", "resolution", "failed", "pending", "impact", "outage", "warn_at", "due_at",
    "due_kind"}`: the card waits on us when any of its tickets does, since the earliest; its impact is the highest of its tickets', its
    target the one that runs out first; the screen makes words and colours of it.
    """
    dialect = session.get_bind().dialect.name
    ids: object = json.dumps(list(trello_ids)) if dialect == "sqlite" else list(trello_ids)
    spoken, unfinished = (session.execute(each, {"board": board_id, "ids": ids}) for each in _STATEMENTS[dialect])
    facts: dict[str, dict[str, Any]] = {}
    for card, link, on, since, kind, state, impact, triage, warn, due, promise in spoken:
        fact = facts.get(card)
        if fact is None:
            fact = facts[card] = _blank({"type": kind, "state": state} if kind else None)
        if link is not None:
            fact["tickets"] += 1
            if fact["impact"] is None or HEIGHT[impact] > HEIGHT[fact["impact"]]:
                fact["impact"] = impact
            if impact == "outage" and triage != "settled":
                fact["outage"] = True
        if on is not None:
            _wait(fact, on, since if isinstance(since, str) else _text(since))
        if due is not None:
            _promise(fact, due if isinstance(due, str) else _text(due), warn if isinstance(warn, str) else _text(warn), promise)
    for card, state in unfinished:
        fact = facts.get(card)
        if fact is None:
            fact = facts[card] = _blank(None)
        fact["failed" if state == "failed" else "pending"] += 1
    return {card: _iso(fact) for card, fact in facts.items()}


def _blank(resolution: dict[str, str] | None) -> dict[str, Any]:
    return {
        "tickets": 0,
        "waiting_on": None,
        "waiting_since": None,
        "resolution": resolution,
        "failed": 0,
        "pending": 0,
        "impact": None,
        "outage": False,
        "warn_at": None,
        "due_at": None,
        "due_kind": None,
    }


def _wait(fact: dict[str, Any], on: str, since: str) -> None:
    if fact["waiting_on"] is None or (on == "us" and fact["waiting_on"] == "customer"):
        fact["waiting_on"], fact["waiting_since"] = on, since
    elif on == fact["waiting_on"] and since < fact["waiting_since"]:
        fact["waiting_since"] = since


def _promise(fact: dict[str, Any], due: str, warn: str, kind: str) -> None:
    """Of several promises the one that runs out first."""
    if fact["due_at"] is None or due < fact["due_at"]:
        fact["due_at"], fact["warn_at"], fact["due_kind"] = due, warn, kind


def _text(moment: datetime) -> str:
    return moment.isoformat(" ", "milliseconds")


def _iso(fact: dict[str, Any]) -> dict[str, Any]:
    for name in MOMENTS:
        at = fact[name]
        if at is not None:
            # Both databases give "2026-11-23 08:30:00.123456" in UTC; without a fraction when it is zero.
            fact[name] = f"{at[:10]}T{at[11:19]}.{at[20:23] if at[19:20] == '.' else '000'}Z"
    return fact
