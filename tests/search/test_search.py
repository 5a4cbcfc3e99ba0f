"""Finding tickets by words: the same answers on both databases, and no text that breaks out of the question."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from powerup.db import migrate
from powerup.db.engine import Database
from powerup.search.queries import search
from powerup.tickets import actions as tickets
from powerup.tickets.models import Ticket
from tests import factories
from tests.factories import STAFF, Rows, message, thread


@pytest.fixture
def made(database: Database) -> Rows:
    """A connected forum without threads."""
    with database.write() as session:
        return factories.rows(session)


def put(database: Database, made: Rows, external_id: str, subject: str, *texts: str, **more: object) -> int:
    """Record a thread with these posts; its ticket's id."""
    posts = [message(number, text) for number, text in enumerate(texts, start=1)]
    with database.write() as session:
        return factories.ticket(session, made, external_id, *posts, subject=subject, **more).id


def find(database: Database, made: Rows, text: str, *, forum_id: int | None = None, limit: int = 20) -> list[int]:
    with database.read() as session:
        return search(session, made.workspace_id, text, forum_id=forum_id, limit=limit)


def test_all_words_must_be_there_in_subject_or_message(database: Database, made: Rows) -> None:
    ticket = put(database, made, "1", "Upload fails", "The proxy answers with a timeout.")
    put(database, made, "2", "Upload is slow", "No idea why.")
    assert find(database, made, "timeout") == [ticket]
    assert find(database, made, "upload TIMEOUT proxy") == [ticket]
    assert find(database, made, "timeout slow") == []


def test_the_last_word_may_be_unfinished_and_the_others_not(database: Database, made: Rows) -> None:
    ticket = put(database, made, "1", "Certificate expired", "Since Monday.")
    assert find(database, made, "certif") == [ticket]
    assert find(database, made, "certif monday") == []
    assert find(database, made, "certificate mon") == [ticket]
    assert find(database, made, "c") == []


def test_the_customers_name_finds_their_threads(database: Database, made: Rows) -> None:
    ticket = put(database, made, "1", "Question", "Hello")
    assert find(database, made, "tanaka") == [ticket]


def test_a_subject_with_all_words_comes_before_messages_and_newer_before_older(database: Database, made: Rows) -> None:
    subject = put(database, made, "1", "Webhook broken", "Please help.")
    once = put(database, made, "2", "Question", "Our webhook is broken.")
    often = put(database, made, "3", "Other", "A broken webhook.", "Still a broken webhook.")
    newer = put(database, made, "4", "Thing", "The webhook, broken.")
    assert find(database, made, "broken webhook") == [subject, often, newer, once]
    assert find(database, made, "broken webhook", limit=2) == [subject, often]


def test_deleted_posts_and_lines_of_the_forum_are_not_found(database: Database, made: Rows) -> None:
    note = message(4, "guava", author=STAFF, internal=True)
    posts = message(1, "kiwi"), message(2, "mango", deleted=True), message(3, "papaya", system=True), note
    with database.write() as session:
        ticket = factories.ticket(session, made, "1", *posts).id
    assert [find(database, made, word) for word in ("kiwi", "mango", "papaya", "guava")] == [[ticket], [], [], [ticket]]


def test_the_index_follows_edits_deletions_new_subjects_and_moves(database: Database, made: Rows) -> None:
    old = put(database, made, "1", "Apples", "red", "green")
    put(database, made, "1", "Pears", "red", "yellow")
    assert [find(database, made, word) for word in ("apples", "green", "pears", "yellow", "pears yellow")] == [[], [], [old], [old], [old]]
    put(database, made, "1", "Pears", "red")
    assert find(database, made, "yellow") == []
    moved = replace(thread("1", message(2, "yellow")).messages[0], number=2)
    with database.write() as session:
        into = replace(thread("2", message(1, "first"), subject="Plums"))
        new = tickets.record(session, made.forum, replace(into, messages=(*into.messages, moved))).id
    assert find(database, made, "plums yellow") == [new]
    assert find(database, made, "pears yellow") == []
    with database.write() as session:
        session.get_one(Ticket, new).subject = "Cherries"
    assert find(database, made, "cherries yellow") == [new]
    assert find(database, made, "plums") == []


def test_another_workspace_and_another_forum_stay_apart(database: Database, made: Rows) -> None:
    ticket = put(database, made, "1", "Shared word", "banana")
    with database.write() as session:
        theirs = factories.rows(session, 2)
    foreign = put(database, theirs, "1", "Shared word", "banana")
    assert find(database, made, "banana") == [ticket]
    assert find(database, theirs, "banana") == [foreign]
    assert find(database, made, "banana", forum_id=made.forum.id) == [ticket]
    assert find(database, made, "banana", forum_id=theirs.forum.id) == []
    # The tokens by which the index keeps them apart cannot be asked for.
    for text in (f"w{theirs.workspace_id}", f"f{theirs.forum.id}", f"scope:w{theirs.workspace_id}", f"#w{theirs.workspace_id}"):
        assert find(database, made, text) == []


def test_words_inside_names_of_files_hosts_and_settings_are_found(database: Database, made: Rows) -> None:
    ticket = put(database, made, "1", "Config", "In etc/app.yaml set connect.timeout_seconds=30 on db1.example.org")
    for text in ("timeout", "yaml", "example", "connect.timeout", "etc/app.yaml", "timeout_seconds=30"):
        assert find(database, made, text) == [ticket], text


SCRIPTS = {
    "grüße": "Müller schreibt Grüße",
    "загруз": "Ошибка при загрузке",
    "التحميل": "خطأ في التحميل",
    "café": "naïve café",
    "エラー": "エラー です",
}


def test_any_script_is_found(database: Database, made: Rows) -> None:
    for number, (asked, text) in enumerate(SCRIPTS.items()):
        ticket = put(database, made, str(number), "Subject", text)
        assert find(database, made, asked) == [ticket], asked


HOSTILE = [
    "", "   ", "???", "\x00", "'", '"', '""', "' OR 1=1 --", '"unclosed', "a AND", "NOT", "NEAR(a b)", "a*", "*", "^a", "-a", "a:b",
    "subject:x", "{subject}: x", "(((", "a & | !", "a:*", "a <-> b", "\\", "a\\", "'\\''", "%s %(x)s :question", "a" * 5_000, "a " * 5_000,
    "🙂", "\ud800", "\u202eabc", "'a':*A", "1.2.3", "--", ";DROP TABLE tickets", "a\u0000b",
]  # fmt: skip


def test_no_text_is_an_error_or_finds_what_it_does_not_say(database: Database, made: Rows) -> None:
    put(database, made, "1", "Subject", "Something else")
    for text in HOSTILE:
        assert find(database, made, text) == [], text


def test_any_text_at_all_can_be_asked(database: Database, made: Rows) -> None:
    @settings(derandomize=True, deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))
    @given(st.text(alphabet=st.characters(), max_size=40) | st.text("'\"\\:*&|!()<->^{} aZ0", max_size=20))
    def ask(text: str) -> None:
        assert find(database, made, text) == []

    ask()


def test_only_the_newest_matches_are_ranked(database: Database, made: Rows) -> None:
    tickets = [put(database, made, str(number), f"Thread {number}", "common word") for number in range(12)]
    with database.read() as session:
        assert search(session, made.workspace_id, "common", newest=5) == tickets[:-6:-1]


def test_what_was_there_before_the_index_is_indexed(database: Database, made: Rows) -> None:
    ticket = put(database, made, "1", "Older", "banana")
    migrate.downgrade(database, "0001")
    migrate.upgrade(database)
    assert find(database, made, "older banana") == [ticket]
    put(database, made, "1", "Older", "cherry")
    assert find(database, made, "banana") == []
