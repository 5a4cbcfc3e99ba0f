"""Sign in with Trello, for pages outside of it."""

from typing import Any

import pytest
import time_machine

from powerup import clock
from powerup.sandbox.common.faults import FaultPlan
from powerup.services import SIGN_INS
from tests.api.desk import Desk, of
from tests.api.test_session import code
from tests.api.world import Client, World
from tests.cast import ADA, BEN, CLEO


def sign_in(world: World, token: str, **more: Any) -> Any:
    return Client(world.app).post("/api/v1/session/trello", {"trello_token": token} | more)


def test_a_member_gets_a_token_for_one_of_their_boards_and_can_choose(world: World) -> None:
    body = of(sign_in(world, world.token(ADA)))
    assert body["member_id"] == ADA.trello_id
    assert [board["name"] for board in body["boards"]] == ["Support", "Web"]
    chosen = of(sign_in(world, world.token(ADA), board_id=world.other_board.id))
    assert (chosen["board_id"], chosen["board"]["name"]) == (world.other_board.id, "Web")
    assert Client(world.app, chosen["token"]).get("/api/v1/triage/queue").status_code == 200


def test_the_token_is_neither_kept_nor_logged(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    token = world.token(BEN)
    of(sign_in(world, token))
    out = capsys.readouterr()
    assert token not in out.out + out.err
    database = world.services.database
    with database.read() as session:
        accounts = [row[0] for row in session.connection().exec_driver_sql("SELECT trello_member_id FROM trello_accounts")]
    assert accounts == [ADA.trello_id]


def test_whoever_signs_in_has_a_name_for_the_others(at_desk: Desk) -> None:
    of(sign_in(at_desk.world, at_desk.world.token(ADA)))
    people = of(at_desk.ben.get("/api/v1/teams"))["people"]
    assert "Ada Okafor" in [person["name"] for person in people]


@pytest.mark.parametrize("token", ["0" * 64, "x" * 16])
def test_a_token_that_is_not_trellos_is_refused(world: World, token: str) -> None:
    answer = sign_in(world, token)
    assert (answer.status_code, code(answer)) == (401, "unauthenticated")


@pytest.mark.parametrize("token", ["", "short", "x" * 600, "\u0000" * 20, 7, None])
def test_what_is_no_token_is_refused(small: World, token: Any) -> None:
    assert sign_in(small, token).status_code == 422


def test_a_stranger_gets_nothing(world: World) -> None:
    answer = sign_in(world, world.token(CLEO))
    assert (answer.status_code, code(answer)) == (403, "not_a_member")
    assert sign_in(world, world.token(CLEO), board_id=world.board.id).status_code == 403
    assert sign_in(world, world.token(BEN), board_id=world.elsewhere.id).status_code == 403


def test_an_observer_gets_nothing(world: World) -> None:
    world.trello.store.set_role(world.board, world.trello.store.member(CLEO.trello_id), "observer")
    with time_machine.travel(clock.now().timestamp() + 60, tick=True):
        assert sign_in(world, world.token(CLEO)).status_code == 403


def test_somebody_who_has_just_joined_a_board_gets_in(world: World) -> None:
    world.trello.store.set_role(world.board, world.trello.store.member(CLEO.trello_id), "normal")
    with time_machine.travel(clock.now().timestamp() + 60, tick=True):
        assert [board["name"] for board in of(sign_in(world, world.token(CLEO)))["boards"]] == ["Support"]


def test_the_board_whose_workspace_has_teams_comes_first(world: World) -> None:
    store = world.trello.store
    store.set_role(world.elsewhere, store.member(ADA.trello_id), "admin")
    theirs = world.session(CLEO, world.elsewhere).json["token"]  # type: ignore[index]
    of(Client(world.app, theirs).put("/api/v1/boards/current/connection", {"trello_token": world.token(CLEO)}))
    assert of(sign_in(world, world.token(ADA)))["board"]["name"] == "Elsewhere"
    of(world.as_(ADA).post("/api/v1/teams", {"name": "Deployments"}), 201)
    assert of(sign_in(world, world.token(ADA)))["board"]["name"] == "Support"


def test_trello_that_is_down_is_named(small: World) -> None:
    token = small.token(BEN)
    small.trello.faults.set(FaultPlan(fail_every=1, status=500))
    answer = sign_in(small, token)
    assert (answer.status_code, code(answer)) == (502, "trello_unavailable")


def test_a_flood_of_strangers_does_not_spend_our_calls_to_trello(small: World) -> None:
    answers = [Client(small.app).post("/api/v1/session/trello", {"trello_token": "a" * 64}) for _ in range(SIGN_INS + 1)]
    assert {answer.status_code for answer in answers[:-1]} == {401}
    assert answers[-1].status_code == 429 and 1 <= int(answers[-1].headers["Retry-After"]) <= 10
