"""The fixtures that all tests stand on do what they promise."""

import http.server
import threading
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page
from sqlalchemy import text

from powerup.db import migrate
from powerup.db.engine import Database
from tests.helpers import free_port, wait_for


@pytest.fixture
def small_site() -> Iterator[str]:
    """A server that answers every GET with 404."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", free_port()), http.server.BaseHTTPRequestHandler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize("turn", [1, 2])
def test_each_test_gets_an_empty_database_of_the_newest_schema(database: Database, turn: int) -> None:
    assert migrate.is_current(database)
    with database.write() as session:
        assert session.scalar(text("SELECT count(*) FROM workspaces")) == 0
        session.execute(text("CREATE TABLE left_behind (turn integer)"))


def test_waiting_ends_with_the_state_or_says_what_was_missing() -> None:
    assert wait_for(lambda: "there", what="nothing") == "there"
    with pytest.raises(AssertionError, match="the moon"):
        wait_for(lambda: None, timeout=0.05, what="the moon")


def test_a_page_can_be_looked_at(page: Page) -> None:
    page.set_content("<h1>Hello</h1>")
    assert page.get_by_role("heading").inner_text() == "Hello"


@pytest.mark.console_errors_expected
def test_a_page_may_fail_where_the_test_says_so(page: Page, small_site: str) -> None:
    page.goto(small_site)
