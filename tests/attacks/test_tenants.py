"""Cleo, an admin of another workspace's board, and boards and lists that change hands."""

import pytest
from sqlalchemy import select

from powerup.cards.models import Card as CardRow
from powerup.outbox.models import Delivery
from powerup.workspaces.models import Board as BoardRow
from powerup.workspaces.models import Workspace
from tests.api.world import Client, World
from tests.cast import ADA, BEN, CLEO

REPLY = {"text": "This is for somebody else.", "request_id": "attack-0001"}
RESOLUTION = {"type": "docs", "message": "All done."}


@pytest.fixture
def cleo(world: World) -> Client:
    """She administers a connected board of her own workspace; Ada's has a thread on a card, answered and resolved."""
    stranger = Client(world.app, world.session(CLEO, world.elsewhere).get_json()["token"])
    assert stranger.put("/api/v1/boards/current/connection", {"trello_token": world.token(CLEO)}).status_code == 200
    world.link(world.thread())
    ben = world.as_(BEN)
    assert ben.post("/api/v1/tickets/1/replies", REPLY | {"card_id": world.card.id}).status_code == 202
    assert ben.post(f"/api/v1/cards/{world.card.id}/resolution", RESOLUTION).status_code == 201
    return stranger


def test_nothing_of_another_workspace_can_be_read_or_touched(world: World, cleo: Client) -> None:
    card = f"/api/v1/cards/{world.card.id}"
    for method, path, body in (
        ("GET", "/api/v1/tickets/1", None),
        ("GET", "/api/v1/forums/1", None),
        ("GET", "/api/v1/deliveries/1", None),
        ("GET", f"/api/v1/deliveries?card_id={world.card.id}", None),
        ("GET", card, None),
        ("GET", f"{card}/resolution", None),
        ("POST", f"{card}/links", {"ticket_id": 1}),
        ("POST", f"{card}/resolution", RESOLUTION),
        ("PATCH", f"{card}/resolution", RESOLUTION),
        ("DELETE", f"{card}/resolution", None),
        ("DELETE", f"{card}/links/1", None),
        ("POST", "/api/v1/tickets/1/replies", REPLY),
        ("POST", "/api/v1/tickets/1/cards", {"list_id": world.card.list_id, "request_id": "attack-0002"}),
        ("POST", "/api/v1/forums/1/checks", None),
        ("PATCH", "/api/v1/forums/1", world.forum_settings()),
        ("DELETE", "/api/v1/forums/1", None),
        ("POST", "/api/v1/deliveries/1/attempts", None),
        ("DELETE", "/api/v1/deliveries/1", None),
    ):
        answer = cleo._send(method, path, json=body)
        assert answer.status_code == 404, f"{method} {path} answered {answer.status_code}"


def test_lists_of_another_workspace_are_empty(world: World, cleo: Client) -> None:
    url = world.thread_url(world.thread())
    assert cleo.get("/api/v1/tickets").get_json()["tickets"] == []
    assert cleo.get("/api/v1/tickets?q=step").get_json()["tickets"] == []
    assert cleo.get("/api/v1/tickets?forum_id=1").get_json()["tickets"] == []
    assert cleo.get("/api/v1/forums").get_json()["forums"] == []
    assert cleo.post("/api/v1/badges", {"cards": [world.card.id]}).get_json()["cards"] == {}
    assert cleo.post("/api/v1/previews", {"urls": [url]}).get_json()["previews"][url] == {"ours": False, "forum": None, "ticket": None}
    assert cleo.post("/api/v1/ticket-lookups", {"url": url}).get_json()["code"] == "url_not_ours"
    kinds = {each["kind"] for each in cleo.get("/api/v1/deliveries").get_json()["deliveries"]}
    assert kinds <= {"trello_webhook"}


def test_a_board_that_goes_to_another_workspace_leaves_its_threads_behind(world: World) -> None:
    world.link(world.thread())
    assert world.as_(BEN).get(f"/api/v1/cards/{world.card.id}").get_json()["links"]
    with world.services.database.write() as session:
        elsewhere = Workspace(trello_id="theirs", name="Theirs", created_at=session.scalars(select(BoardRow.connected_at)).first())
        session.add(elsewhere)
        session.flush()
        board = session.scalar(select(BoardRow).where(BoardRow.trello_id == world.board.id))
        assert board is not None
        # What connecting the board does after Trello has moved it to another organization.
        board.workspace_id = elsewhere.id
    ben = world.as_(BEN)
    panel = ben.get(f"/api/v1/cards/{world.card.id}").get_json()
    assert (panel["links"], panel["deliveries"], panel["history"]) == ([], [], [])
    assert ben.post("/api/v1/badges", {"cards": [world.card.id]}).get_json()["cards"] == {}
    with world.services.database.read() as session:
        assert len(session.scalars(select(CardRow).where(CardRow.trello_id == world.card.id)).all()) == 2


def test_no_card_is_made_on_a_board_that_who_asks_does_not_see(world: World) -> None:
    # Ben is not on "Web", but Ada, whose account the worker acts by, is.
    world.link(world.thread())
    world.deliver()
    wanted = {"list_id": world.foreign_card.list_id, "name": "Planted", "request_id": "attack-0003"}
    made = world.as_(BEN).post("/api/v1/tickets/1/cards", wanted)
    assert made.status_code == 202
    world.deliver()
    with world.services.trello(world.token(ADA)) as trello:
        assert "Planted" not in {card.name for card in trello.cards(world.other_board.id)}
    with world.services.database.read() as session:
        delivery = session.get_one(Delivery, made.get_json()["delivery"]["id"])
    assert delivery.state == "failed"
    assert delivery.reason is not None and "not on this board" in delivery.reason
