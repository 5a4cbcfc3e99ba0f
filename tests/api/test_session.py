"""Who gets in, and who does not."""

from typing import Any

import pytest
import time_machine
from sqlalchemy import delete

from powerup import clock
from powerup.workspaces.models import BoardMember
from tests.api.world import Client, World
from tests.cast import ADA, BEN, CLEO


def code(answer: object) -> str:
    """The problem's code."""
    body = getattr(answer, "json", None)
    assert isinstance(body, dict)
    return str(body["code"])


def test_a_member_gets_a_token_and_what_the_connector_needs(world: World) -> None:
    body = world.session(BEN).json
    assert body is not None
    assert body["member_id"] == BEN.trello_id
    assert body["board"] == {"connected": True, "name": "Support", "role": "normal"}
    assert [forum["base_url"] for forum in body["forums"]] == [world.forum.url]


def test_on_a_board_that_nobody_connected_a_token_gets_nothing(bare: World) -> None:
    body = bare.session(ADA).json
    assert body is not None
    assert body["board"]["connected"] is False and body["forums"] == [] and body["workspace"] is None
    assert code(Client(bare.app, body["token"]).get("/api/v1/forums")) == "board_not_connected"


def test_a_stranger_gets_nothing(world: World) -> None:
    answer = world.session(CLEO)
    assert (answer.status_code, code(answer)) == (403, "not_a_member")


def test_an_observer_gets_nothing(world: World) -> None:
    world.trello.store.set_role(world.board, world.trello.store.member(CLEO.trello_id), "observer")
    with time_machine.travel(clock.now().timestamp() + 60, tick=True):
        assert code(world.session(CLEO)) == "not_a_member"


def test_somebody_who_has_just_joined_the_board_gets_in(world: World) -> None:
    world.trello.store.set_role(world.board, world.trello.store.member(CLEO.trello_id), "normal")
    with time_machine.travel(clock.now().timestamp() + 60, tick=True):
        assert world.session(CLEO).status_code == 200


def test_a_member_who_left_is_shut_out_even_with_a_good_token(world: World) -> None:
    ben = world.as_(BEN)
    assert ben.get("/api/v1/tickets").status_code == 200
    with world.services.database.write() as session:
        session.execute(delete(BoardMember).where(BoardMember.trello_member_id == BEN.trello_id))
    assert code(ben.get("/api/v1/tickets")) == "not_a_member"


@pytest.mark.parametrize(
    "claims",
    [
        {"plugin_id": "0" * 24},
        {"iss": "somebody"},
        {"exp": 1},
        {"exp": None},
        {"board_id": "../etc"},
        {"signer": "foreign"},
    ],
    ids=str,
)
def test_a_jwt_that_is_not_trellos_word_for_us_is_refused(small: World, claims: dict[str, Any]) -> None:
    answer = Client(small.app).post("/api/v1/session", {"jwt": small.jwt(ADA, **claims)})
    assert answer.status_code == 401
    assert code(answer) in ("unauthenticated", "token_expired")


@pytest.mark.parametrize("jwt", ["", "a.b.c", "e" * 9000, "\u0000"])
def test_a_jwt_that_is_none_is_refused(small: World, jwt: str) -> None:
    assert Client(small.app).post("/api/v1/session", {"jwt": jwt}).status_code in (401, 422)


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer x", "Basic dGVzdA==", "Bearer e30.aaaa.bbbb"])
def test_a_token_that_is_not_ours_is_refused(small: World, header: str) -> None:
    answer = Client(small.app).get("/api/v1/tickets", headers={"Authorization": header})
    assert (answer.status_code, code(answer)) == (401, "unauthenticated")
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_an_old_token_says_that_it_ran_out(small: World) -> None:
    ben = small.as_(BEN)
    with time_machine.travel(clock.now().timestamp() + 3_600):
        assert code(ben.get("/api/v1/tickets")) == "token_expired"


def test_a_token_of_another_purpose_is_refused(small: World) -> None:
    link = small.services.signer.sign("link", {"m": ADA.trello_id, "b": small.board.id})
    assert Client(small.app, link).get("/api/v1/tickets").status_code == 401


def test_no_answer_sets_a_cookie(small: World) -> None:
    assert "Set-Cookie" not in small.session(ADA).headers
