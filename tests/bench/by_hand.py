"""The same statements without the product: the raw driver, a loop, the JSON."""

import json
import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import datetime
from typing import Any

import psycopg
from sqlalchemy import make_url

from powerup.badges.queries import AMONG, SPOKEN, UNFINISHED

Ask = Callable[[int, Sequence[str]], bytes]
"""A board's row id and Trello's ids of its cards -> the JSON of the answer."""

HEIGHT = ("low", "normal", "high", "outage")
Rows = Iterable[tuple[Any, ...]]


@contextmanager
def by_hand(url: str) -> Iterator[Ask]:
    """The question asked straight at the database behind an address; one connection that stays open, as the product's does."""
    with _sqlite(url) if url.startswith("sqlite") else _postgresql(url) as ask:
        yield ask


@contextmanager
def _sqlite(url: str) -> Iterator[Ask]:
    spoken, unfinished = (each.format(among=AMONG["sqlite"]) for each in (SPOKEN, UNFINISHED))
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)) as connection:

        def ask(board: int, cards: Sequence[str]) -> bytes:
            values = {"board": board, "ids": json.dumps(cards)}
            return answer(connection.execute(spoken, values).fetchall(), connection.execute(unfinished, values).fetchall())

        yield ask


@contextmanager
def _postgresql(url: str) -> Iterator[Ask]:
    # The driver's own way to name a value; the text is the same otherwise.
    spoken, unfinished = (re.sub(r":(\w+)", r"%(\1)s", each.format(among=AMONG["postgresql"])) for each in (SPOKEN, UNFINISHED))
    address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address, autocommit=True, options="-c timezone=utc") as connection:

        def ask(board: int, cards: Sequence[str]) -> bytes:
            values = {"board": board, "ids": list(cards)}
            return answer(
                connection.execute(spoken.encode(), values).fetchall(), connection.execute(unfinished.encode(), values).fetchall()
            )

        yield ask


def answer(spoken: Rows, unfinished: Rows) -> bytes:
    """What POST /badges answers, made as somebody in a hurry would."""
    cards: dict[str, dict[str, Any]] = {}
    for card, link, on, since, kind, state, impact, triage, warn, due, promise in spoken:
        fact = cards.get(card)
        if fact is None:
            fact = cards[card] = _nothing({"type": kind, "state": state} if kind else None)
        if link is not None:
            fact["tickets"] += 1
            fact["impact"] = max(fact["impact"] or "low", impact, key=HEIGHT.index)
            fact["outage"] = fact["outage"] or (impact == "outage" and triage != "settled")
        if due is not None and (fact["due_at"] is None or _iso(due) < fact["due_at"]):
            fact["due_at"], fact["warn_at"], fact["due_kind"] = _iso(due), _iso(warn), promise
        if on is not None:
            since, held = _iso(since), fact["waiting_on"]
            if held is None or (on == "us" and held == "customer") or (on == held and since < fact["waiting_since"]):
                fact["waiting_on"], fact["waiting_since"] = on, since
    for card, state in unfinished:
        cards.setdefault(card, _nothing(None))["failed" if state == "failed" else "pending"] += 1
    return json.dumps({"cards": cards}, separators=(",", ":")).encode()


def _nothing(resolution: dict[str, str] | None) -> dict[str, Any]:
    fact: dict[str, Any] = {"tickets": 0, "waiting_on": None, "waiting_since": None, "resolution": resolution, "failed": 0, "pending": 0}
    return fact | {"impact": None, "outage": False, "warn_at": None, "due_at": None, "due_kind": None}


def _iso(moment: str | datetime) -> str:
    if isinstance(moment, str):
        return f"{moment[:10]}T{moment[11:23]}Z"
    return f"{moment.isoformat(timespec='milliseconds')[:23]}Z"
