"""Nothing that was said or sealed gets into a log or an answer."""

import io

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from powerup import log
from powerup.db.engine import Database
from tests.api.world import World

SAID = "the customer's own words"


def test_a_failed_statement_does_not_carry_its_parameters(database: Database) -> None:
    with pytest.raises(DBAPIError) as caught, database.write() as session:
        session.execute(text("INSERT INTO nowhere VALUES (:said)"), {"said": SAID})
    assert SAID not in str(caught.value)


def test_a_failure_in_a_request_logs_no_parameters(small: World) -> None:
    stream = io.StringIO()
    log.configure(small.services.settings, stream)

    def fail() -> str:
        with small.services.database.write() as session:
            session.execute(text("SELECT :said, :odd"), {"said": SAID, "odd": object()})
        return "not reached"

    small.app.view_functions["health.alive"] = fail
    answer = small.app.test_client().get("/healthz")
    assert answer.status_code == 500
    assert SAID not in answer.get_data(as_text=True)
    assert "Error binding parameter" in stream.getvalue() and SAID not in stream.getvalue()
