"""A forum's history over the API: admins steer it, members see how far it is, strangers see nothing."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from powerup import clock
from powerup.forums.models import Backfill
from powerup.sync.engine import Syncer
from powerup.sync.history import Backfiller
from tests.api.test_connection import bearer
from tests.api.test_session import code
from tests.api.world import World
from tests.cast import ADA, BEN, CLEO


def path(world: World) -> str:
    forums = world.as_(ADA).get("/api/v1/forums").json
    assert forums is not None
    return f"/api/v1/forums/{forums['forums'][0]['id']}/backfill"


def shown(world: World) -> dict[str, Any]:
    """As the list of forums has it."""
    answer = world.as_(BEN).get("/api/v1/forums").json
    assert answer is not None
    found: dict[str, Any] = answer["forums"][0]["backfill"]
    return found


def test_connecting_a_forum_asks_for_a_year_of_its_history(world: World) -> None:
    found = shown(world)
    assert found["state"] == "running" and found["done"] == 0 and found["about"] is None
    year = clock.now() - clock.parse(found["since"])
    assert timedelta(days=364) < year < timedelta(days=366)


def test_it_is_started_paused_resumed_and_followed_to_its_end(world: World) -> None:
    topic = world.thread()
    client, at = world.as_(ADA), path(world)
    assert client.patch(at, {"state": "paused"}).json["state"] == "paused"  # type: ignore[index]
    assert client.patch(at, {"state": "paused"}).status_code == 200
    filler, syncer = (each(world.services, "test") for each in (Backfiller, Syncer))
    while syncer.run_one():
        continue
    assert filler.run_one() is False
    assert client.patch(at, {"state": "running"}).json["state"] == "running"  # type: ignore[index]
    answer = client.post(at, {"since": "2020-01-01"})
    assert (answer.status_code, answer.json["since"]) == (201, "2020-01-01T00:00:00.000Z")  # type: ignore[index]
    while filler.run_one():
        continue
    done = world.as_(BEN).get(at).json
    assert done is not None and topic.id
    assert (done["state"], done["share"], done["done"], done["seconds_left"]) == ("done", 1.0, done["about"], 0)
    assert done == shown(world)
    assert code(client.patch(at, {"state": "paused"})) == "conflict"
    assert code(client.patch(at, {"state": "running"})) == "conflict"


@pytest.mark.parametrize("since", ["2999-01-01", "1970-01-01", "yesterday", None])
def test_a_day_that_cannot_be_meant_is_refused(small: World, since: str | None) -> None:
    assert code(small.as_(ADA).post(path(small), {"since": since})) == "invalid"


def test_members_look_and_only_admins_steer(small: World) -> None:
    at = path(small)
    assert small.as_(BEN).get(at).status_code == 200
    assert code(small.as_(BEN).post(at, {"since": "2020-01-01"})) == "board_admin_needed"
    assert code(small.as_(BEN).patch(at, {"state": "paused"})) == "board_admin_needed"


def test_another_workspaces_history_is_not_there(small: World) -> None:
    at = path(small)
    assert (
        bearer(small, CLEO, small.elsewhere).put("/api/v1/boards/current/connection", {"trello_token": small.token(CLEO)}).status_code
        == 200
    )
    cleo = small.as_(CLEO, small.elsewhere)
    for answer in (cleo.get(at), cleo.post(at, {"since": "2020-01-01"}), cleo.patch(at, {"state": "paused"})):
        assert code(answer) == "not_found"


def test_a_forum_whose_history_was_never_asked_for_has_none(small: World) -> None:
    at = path(small)
    with small.services.database.write() as session:
        session.delete(session.scalars(select(Backfill)).one())
    assert code(small.as_(ADA).get(at)) == "not_found"
    assert shown(small) is None
    assert small.as_(ADA).post(at, {"since": "2024-01-01"}).status_code == 201
