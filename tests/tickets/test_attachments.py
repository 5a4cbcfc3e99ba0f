"""Files in messages: kept as the forum says, moved with their message, named harmlessly."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from powerup.db.engine import Database
from powerup.errors import NotFoundError
from powerup.threads import Attachment
from powerup.tickets import actions, attachments
from powerup.tickets.models import Attachment as Row
from powerup.tickets.models import Message, Ticket
from tests import factories
from tests.factories import Rows, message, thread

LOG = Attachment("a1", "task.log", "text/plain", 812)
SHOT = Attachment("a2", "shot.png", "image/png", None, "https://forum.test/uploads/shot.png")


@pytest.fixture
def made(database: Database) -> Rows:
    """A connected forum."""
    with database.write() as session:
        return factories.rows(session)


def record(database: Database, made: Rows, *files: Attachment, external_id: str = "1") -> Ticket:
    with database.write() as session:
        return actions.record(session, made.forum, thread(external_id, message(1, attachments=files)))


def kept(database: Database, ticket: Ticket) -> list[Row]:
    with database.read() as session:
        return list(session.scalars(select(Row).where(Row.ticket_id == ticket.id).order_by(Row.id)))


def test_what_a_message_holds_is_kept_and_follows_what_the_forum_says(database: Database, made: Rows) -> None:
    ticket = record(database, made, LOG, SHOT)
    log, shot = kept(database, ticket)
    assert (log.reference, log.name, log.content_type, log.size, log.shown_as) == ("a1", "task.log", "text/plain", 812, None)
    assert shot.shown_as == "https://forum.test/uploads/shot.png"
    record(database, made, replace(LOG, name="renamed.log"))
    (again,) = kept(database, ticket)
    assert (again.id, again.name) == (log.id, "renamed.log")
    record(database, made)
    assert kept(database, ticket) == []


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\temp\\a.exe", "a.exe"),
        ("line\r\nSet-Cookie: x.txt", "lineSet-Cookie: x.txt"),
        ("\u202egnp.exe", "gnp.exe"),
        (" .. ", "file"),
        ("", "file"),
        ("x" * 400, "x" * 255),
    ],
)
def test_a_name_is_a_name_and_no_path(database: Database, made: Rows, given: str, shown: str) -> None:
    ticket = record(database, made, replace(LOG, name=given))
    assert [row.name for row in kept(database, ticket)] == [shown]


def test_a_picture_that_is_no_web_address_is_a_file_at_the_foot(database: Database, made: Rows) -> None:
    ticket = record(database, made, replace(SHOT, shown_as="javascript:alert(1)"))
    assert [row.shown_as for row in kept(database, ticket)] == [None]


def test_a_flood_of_files_is_cut(database: Database, made: Rows) -> None:
    many = [replace(LOG, reference=f"a{number}") for number in range(150)]
    ticket = record(database, made, *many, replace(LOG, reference="x" * 1001))
    assert len(kept(database, ticket)) == attachments.MOST


def test_a_message_that_moves_brings_its_files(database: Database, made: Rows) -> None:
    record(database, made, LOG)
    moved = message(1, attachments=(LOG,))
    with database.write() as session:
        into = thread("2", message(1))
        moved = replace(moved, external_id="1.p1", number=2)
        other = actions.record(session, made.forum, replace(into, messages=(*into.messages, moved)))
    assert [row.reference for row in kept(database, other)] == ["a1"]


def test_only_files_of_messages_that_are_there_are_handed_out(database: Database, made: Rows) -> None:
    ticket = record(database, made, LOG)
    (row,) = kept(database, ticket)
    with database.write() as session:
        assert attachments.get(session, made.workspace_id, ticket.id, row.id).reference == "a1"
        for workspace, of, file in ((made.workspace_id + 1, ticket.id, row.id), (made.workspace_id, ticket.id + 1, row.id)):
            with pytest.raises(NotFoundError):
                attachments.get(session, workspace, of, file)
        session.get_one(Message, row.message_id).deleted_at = factories.NOON
        session.flush()
        with pytest.raises(NotFoundError):
            attachments.get(session, made.workspace_id, ticket.id, row.id)
