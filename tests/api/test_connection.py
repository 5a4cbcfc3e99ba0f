"""Connecting a board needs proof from Trello itself."""

import time_machine
from sqlalchemy import select

from powerup import clock
from powerup.sync import members
from powerup.workspaces import actions, queries
from powerup.workspaces.models import TrelloAccount
from tests.api.test_session import code
from tests.api.world import Client, World
from tests.cast import ADA, BEN, CLEO, Person


def bearer(world: World, who: Person, board: object = None) -> Client:
    """A token of somebody on a board that need not be connected."""
    body = world.session(who, board).json  # type: ignore[arg-type]  # a Board or None
    assert body is not None
    return Client(world.app, body["token"])


def test_an_admin_connects_the_board_with_a_token_of_their_own(bare: World) -> None:
    answer = bearer(bare, ADA).put("/api/v1/boards/current/connection", {"trello_token": bare.token(ADA)})
    assert answer.status_code == 200
    assert answer.json is not None
    assert answer.json["workspace"]["name"] == "Ours"
    assert bare.session(BEN).json["board"]["connected"] is True  # type: ignore[index]


def test_somebody_elses_trello_token_is_refused(bare: World) -> None:
    answer = bearer(bare, ADA).put("/api/v1/boards/current/connection", {"trello_token": bare.token(BEN)})
    assert (answer.status_code, code(answer)) == (403, "forbidden")


def test_a_member_who_is_no_admin_cannot_connect(bare: World) -> None:
    answer = bearer(bare, BEN).put("/api/v1/boards/current/connection", {"trello_token": bare.token(BEN)})
    assert code(answer) == "board_admin_needed"


def test_a_trello_token_that_trello_does_not_know_is_refused(bare: World) -> None:
    answer = bearer(bare, ADA).put("/api/v1/boards/current/connection", {"trello_token": "f" * 64})
    assert code(answer) == "trello_refused"
    assert bare.session(ADA).json["board"]["connected"] is False  # type: ignore[index]


def test_a_guest_cannot_join_a_board_to_a_workspace_of_strangers(world: World) -> None:
    store = world.trello.store
    store.set_role(world.board, store.member(CLEO.trello_id), "admin")
    with world.services.database.write() as session:
        board = queries.board_by_trello_id(session, world.board.id)
        assert board is not None
        actions.set_members(session, board, {CLEO.trello_id: "admin"})
    answer = bearer(world, CLEO).put("/api/v1/boards/current/connection", {"trello_token": world.token(CLEO)})
    assert code(answer) == "forbidden"


def test_two_organisations_are_two_workspaces(world: World) -> None:
    cleo = bearer(world, CLEO, world.elsewhere)
    assert cleo.put("/api/v1/boards/current/connection", {"trello_token": world.token(CLEO)}).status_code == 200
    theirs = world.as_(CLEO, world.elsewhere)
    assert theirs.get("/api/v1/forums").json == {"forums": []}


def test_disconnecting_shuts_everybody_out_and_connecting_again_brings_all_back(world: World) -> None:
    topic = world.thread()
    world.link(topic)
    assert code(world.as_(BEN).delete("/api/v1/boards/current/connection")) == "board_admin_needed"
    ben = world.as_(BEN)
    assert world.as_(ADA).delete("/api/v1/boards/current/connection").status_code == 204
    assert code(ben.get(f"/api/v1/cards/{world.card.id}")) == "board_not_connected"
    again = bearer(world, ADA).put("/api/v1/boards/current/connection", {"trello_token": world.token(ADA)})
    assert again.status_code == 200
    panel = world.as_(BEN).get(f"/api/v1/cards/{world.card.id}").json
    assert panel is not None and len(panel["links"]) == 1


def test_the_trello_token_goes_with_the_last_board(world: World) -> None:
    def state() -> list[tuple[str, bool]]:
        with world.services.database.read() as session:
            return [(each.state, each.sealed_token is None) for each in session.scalars(select(TrelloAccount))]

    world.as_(ADA).delete("/api/v1/boards/current/connection")
    assert state() == [("working", False)]
    world.as_(ADA, world.other_board).delete("/api/v1/boards/current/connection")
    assert state() == [("refused", True)]


def test_a_board_that_goes_to_another_organisation_is_let_go(world: World) -> None:
    store = world.trello.store
    with store.lock:
        store.board(world.board.id).organization_id = store.board(world.elsewhere.id).organization_id
    with time_machine.travel(clock.now().timestamp() + 3_600, tick=True):
        while members.refresh_stale(world.services):
            pass
        assert world.session(ADA).json["board"]["connected"] is False  # type: ignore[index]
        assert world.session(ADA, world.other_board).json["board"]["connected"] is True  # type: ignore[index]


def test_nobody_is_let_in_on_trellos_old_word(world: World) -> None:
    with time_machine.travel(clock.now().timestamp() + 2 * 86_400, tick=True):
        body = world.session(ADA).json
        assert body is not None and body["board"]["connected"] is False
