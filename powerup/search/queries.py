"""Find tickets by words.

Only the newest 2,000 matching messages are ranked: ranking every match of a common word took 295 ms (SQLite) and 437 ms
(PostgreSQL) at a million messages (facts of the project on performance), and nobody reads the two-thousand-and-first.
The rank is the same on both databases and can be explained: first tickets whose subject has all the words, then those in
which more messages have them, then the newest.
"""

from collections import Counter

from sqlalchemy import TextClause, text
from sqlalchemy.orm import Session

from powerup.search.words import Question

NEWEST = 2_000
"""Matching messages that are ranked."""
_COUNTED = 5
"""More matching messages than this make a ticket no better: long threads would always win."""

_SQLITE = text("""
SELECT m.ticket_id, m.id FROM messages m
JOIN (SELECT rowid AS id FROM search_index WHERE search_index MATCH :question ORDER BY rowid DESC LIMIT :most) h ON h.id = m.id
""")

_MATCH = """
document @@ (CAST(:scopes AS tsquery) && to_tsquery('simple', :question))
"""
_ANY = text(f"SELECT ticket_id, message_id FROM search_index WHERE {_MATCH} LIMIT :most")  # noqa: S608 - a constant
# Without the order of the index PostgreSQL would sort every match; with few matches it must not walk the index backwards instead.
_LATEST = text(f"SELECT ticket_id, message_id FROM search_index WHERE {_MATCH} ORDER BY message_id DESC LIMIT :most")  # noqa: S608


Hit = tuple[int, int]
"""Ticket and message."""


def search(
    session: Session, workspace_id: int, text: str, *, forum_id: int | None = None, limit: int = 20, newest: int = NEWEST
) -> list[int]:
    """Ids of the workspace's tickets that have all the words, best first; the last word may be unfinished.

    Any text will do: none of it has a meaning beyond its letters and digits.

    :param newest: matching messages that are ranked.
    """
    question = Question.read(text)
    if question is None:
        return []
    scopes = [f"w{workspace_id}"] + ([f"f{forum_id}"] if forum_id is not None else [])
    look = _in_sqlite if session.get_bind().dialect.name == "sqlite" else _in_postgresql
    anywhere, in_subject = (look(session, question, scopes, subject_only=only, newest=newest) for only in (False, True))
    hits = Counter(ticket for ticket, _ in anywhere)
    subjects = {ticket for ticket, _ in in_subject}
    latest: dict[int, int] = {}
    for ticket, message in [*anywhere, *in_subject]:
        latest[ticket] = max(message, latest.get(ticket, 0))
    best = sorted(latest, key=lambda ticket: (ticket in subjects, min(hits[ticket], _COUNTED), latest[ticket]), reverse=True)
    return best[:limit]


def _in_sqlite(session: Session, question: Question, scopes: list[str], *, subject_only: bool, newest: int) -> list[Hit]:
    asked = question.for_sqlite(scopes, "subject" if subject_only else "subject body")
    return [(ticket, message) for ticket, message in session.execute(_SQLITE, {"question": asked, "most": newest})]


def _in_postgresql(session: Session, question: Question, scopes: list[str], *, subject_only: bool, newest: int) -> list[Hit]:
    asked = {"question": question.for_postgresql("A" if subject_only else ""), "scopes": " & ".join(f"'#{scope}'" for scope in scopes)}
    found = _rows(session, _ANY, asked, newest + 1)
    return found if len(found) <= newest else _rows(session, _LATEST, asked, newest)


def _rows(session: Session, statement: TextClause, asked: dict[str, str], most: int) -> list[Hit]:
    return [(ticket, message) for ticket, message in session.execute(statement, {**asked, "most": most})]
