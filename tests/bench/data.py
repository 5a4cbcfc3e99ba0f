"""A busy installation, written by bulk inserts: tickets with one message each, nearly all linked to cards of full boards."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import chain, islice
from typing import Any

import psycopg
from psycopg.types.json import Jsonb
from sqlalchemy import Table, insert, text

from powerup import clock
from powerup.cards.models import Card
from powerup.db.base import Base
from powerup.db.engine import Database
from powerup.forums.models import Forum
from powerup.links.models import Link
from powerup.outbox.models import Delivery
from powerup.resolutions.models import Resolution
from powerup.tickets.models import Customer, Message, Ticket
from powerup.workspaces.models import Board, BoardMember, TrelloAccount, Workspace
from tests.cast import ADA

START = datetime(2026, 1, 5, 8, 0, 0, 123_000, tzinfo=UTC)
WORDS = ("after", "the", "upgrade", "our", "nightly", "deployment", "step", "stops", "with", "a", "timeout", "in", "its", "log")
CHUNK = 5_000
LINKED = 0.97
RESOLVED = 0.25
DELIVERED = 0.10
"""Cards with a delivery that went out; beside them few that wait or failed."""
UNFINISHED = 0.03


@dataclass(frozen=True)
class Size:
    """How much there is."""

    tickets: int = 100_000
    workspaces: int = 5
    boards: int = 100
    """A multiple of `workspaces`."""
    cards_per_board: int = 1_000

    @property
    def cards(self) -> int:
        """Over all boards."""
        return self.boards * self.cards_per_board

    def workspace_of(self, number: int) -> int:
        """Cards, boards and tickets go around: the rows of one board lie scattered over the tables, as over months of work."""
        return number % self.workspaces + 1


def board_trello_id(board: int) -> str:
    """Trello's id of a board by our row id."""
    return f"b{board:023x}"


def card_trello_id(card: int) -> str:
    """Trello's id of a card by our row id."""
    return f"c{card:023x}"


def cards_of(size: Size, board: int) -> list[str]:
    """Trello's ids of a board's cards, as its connector sends them."""
    return [card_trello_id(number + 1) for number in range(board - 1, size.cards, size.boards)]


def fill(database: Database, size: Size) -> None:
    """Write it all and refresh the database's statistics, as it would do by itself in time."""
    chance = random.Random(7)
    linked = _links(size, chance)
    tables: list[tuple[type[Base], int, Callable[[int], dict[str, Any] | None]]] = [
        (Workspace, size.workspaces, lambda n: {"id": n + 1, "trello_id": f"w{n:023x}", "name": f"Workspace {n}", "created_at": START}),
        (TrelloAccount, size.workspaces, _account),
        (Forum, size.workspaces, _forum),
        (Board, size.boards, lambda n: _board(size, n)),
        (BoardMember, size.boards, lambda n: {"board_id": n + 1, "trello_member_id": ADA.trello_id, "role": "admin"}),
        (Customer, max(1, size.tickets // 5), lambda n: _customer(size, n)),
        (Ticket, size.tickets, lambda n: _ticket(size, n, chance)),
        (Message, size.tickets, lambda n: _message(size, n, chance)),
        (Card, size.cards, lambda n: _card(size, n)),
        (Link, len(linked), lambda n: _link(size, n, *linked[n])),
        (Resolution, size.cards, lambda n: _resolution(size, n, chance)),
        (Delivery, size.cards, lambda n: _delivery(size, n, chance)),
    ]
    for model, count, row in tables:
        _insert(database, model, (made for made in map(row, range(count)) if made is not None))
    _settle(database)


def _links(size: Size, chance: random.Random) -> list[tuple[int, int]]:
    """(card, ticket) row ids: nearly each ticket on a card of its workspace, in no order."""
    pairs: list[tuple[int, int]] = []
    for workspace in range(size.workspaces):
        tickets, cards = (list(range(workspace, count, size.workspaces)) for count in (size.tickets, size.cards))
        chance.shuffle(cards)
        some = tickets[: round(len(tickets) * LINKED)]
        pairs += [(cards[place % len(cards)] + 1, ticket + 1) for place, ticket in enumerate(some)]
    chance.shuffle(pairs)
    return pairs


def _account(number: int) -> dict[str, Any]:
    return {"id": number + 1, "workspace_id": number + 1, "trello_member_id": ADA.trello_id, "state": "working", "created_at": START}


def _forum(number: int) -> dict[str, Any]:
    site = {"name": f"Forum {number}", "base_url": f"https://forum{number}.example.org", "hook_token": f"forum-{number}"}
    rest = {"sealed_hook_secret": "", "staff": {}, "features": {}, "state": "working", "failures": 0, "created_at": START}
    return {"id": number + 1, "workspace_id": number + 1, "kind": "discourse", **site, **rest}


def _board(size: Size, number: int) -> dict[str, Any]:
    workspace = size.workspace_of(number)
    # Trello has just told who is on the boards; nobody is let in on older words.
    times = {"members_checked_at": clock.now(), "connected_at": START}
    names = {"name": f"Board {number}", "url": f"https://trello.com/b/{number}", "hook_token": f"board-{number}"}
    return {
        "id": number + 1,
        "workspace_id": workspace,
        "trello_id": board_trello_id(number + 1),
        "account_id": workspace,
        **names,
        **times,
    }


def _customer(size: Size, number: int) -> dict[str, Any]:
    workspace, who = size.workspace_of(number), f"customer{number}"
    return {"id": number + 1, "workspace_id": workspace, "forum_id": workspace, "external_id": who, "username": who, "name": who.title()}


def _ticket(size: Size, number: int, chance: random.Random) -> dict[str, Any]:
    workspace, at = size.workspace_of(number), START + timedelta(minutes=number)
    waiting = chance.choice(("us", "us", "customer", None))
    return {
        "id": number + 1,
        "workspace_id": workspace,
        "forum_id": workspace,
        "external_id": str(number + 1),
        "url": f"https://forum{workspace}.example.org/t/{number + 1}",
        "subject": " ".join(chance.choices(WORDS, k=8)),
        "state": "open",
        "private": False,
        "customer_id": number % max(1, size.tickets // 5) + 1,
        "excerpt": " ".join(chance.choices(WORDS, k=25)),
        "message_count": 1,
        "waiting_on": waiting,
        # Some at a whole second: databases write those in another way.
        "waiting_since": None if waiting is None else at.replace(microsecond=0) if number % 7 == 0 else at,
        **dict.fromkeys(("last_message_at", "created_at", "changed_at", "read_at"), at),
    }


def _message(size: Size, number: int, chance: random.Random) -> dict[str, Any]:
    workspace, said = size.workspace_of(number), " ".join(chance.choices(WORDS, k=60))
    author = {"author_external_id": "1", "author_username": "mei", "author_name": "Mei", "author_role": "customer"}
    return {
        "id": number + 1,
        "workspace_id": workspace,
        "forum_id": workspace,
        "ticket_id": number + 1,
        "external_id": str(number + 1),
        "number": 1,
        **author,
        "visibility": "public",
        "system": False,
        "html": f"<p>{said}</p>",
        "source_html": f"<p>{said}</p>",
        "text": said,
        "created_at": START + timedelta(minutes=number),
    }


def _card(size: Size, number: int) -> dict[str, Any]:
    place = {"workspace_id": size.workspace_of(number % size.boards), "board_id": number % size.boards + 1, "list_id": "1" * 24}
    about = {"name": f"Card {number}", "url": f"https://trello.com/c/{number}", "seen_at": START}
    return {"id": number + 1, "trello_id": card_trello_id(number + 1), **place, **about}


def _link(size: Size, number: int, card: int, ticket: int) -> dict[str, Any]:
    made = {"made_by": ADA.trello_id, "made_at": START}
    return {"id": number + 1, "workspace_id": size.workspace_of(ticket - 1), "card_id": card, "ticket_id": ticket, **made}


def _resolution(size: Size, number: int, chance: random.Random) -> dict[str, Any] | None:
    if chance.random() >= RESOLVED:
        return None
    kind, state = chance.choice(("code_fix", "ui_change", "docs")), chance.choice(("marked", "customers_told"))
    marked = {"type": kind, "state": state, "marked_by": ADA.trello_id, "marked_at": START}
    return {"id": number + 1, "workspace_id": size.workspace_of(number % size.boards), "card_id": number + 1, **marked}


def _delivery(size: Size, number: int, chance: random.Random) -> dict[str, Any] | None:
    lot = chance.random()
    if lot >= DELIVERED + UNFINISHED:
        return None
    state = "done" if lot < DELIVERED else chance.choice(("failed", "failed", "pending"))
    counts = {"attempts": 1, "attempts_left": 9, "created_at": START, "next_attempt_at": START}
    about = {"kind": "forum_reply", "lane": f"ticket:{number}", "marker": f"bench{number}", "payload": {}, "card_id": number + 1}
    return {"id": number + 1, "workspace_id": size.workspace_of(number % size.boards), "state": state, **about, **counts}


def _insert(database: Database, model: type[Base], rows: Iterator[dict[str, Any]]) -> None:
    table = model.__table__
    assert isinstance(table, Table)
    with database.write() as session:
        raw = session.connection().connection.driver_connection
        if isinstance(raw, psycopg.Connection):
            _copy(raw, table.name, rows)
            return
        while chunk := list(islice(rows, CHUNK)):
            session.connection().execute(insert(table), chunk)


def _copy(connection: psycopg.Connection, table: str, rows: Iterator[dict[str, Any]]) -> None:
    """PostgreSQL's own way, many times faster than INSERT; each row of a table has the same columns."""
    first = next(rows)
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} ({', '.join(first)}) FROM STDIN".encode()) as copy:
        for row in chain([first], rows):
            copy.write_row([Jsonb(value) if isinstance(value, dict) else value for value in row.values()])


def _settle(database: Database) -> None:
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE" if connection.dialect.name == "postgresql" else "ANALYZE"))
