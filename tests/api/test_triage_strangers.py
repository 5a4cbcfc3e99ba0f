"""Cleo sees nothing of it: each route, by each way in; and another workspace's things do not exist."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.api.desk import Desk, desk, of
from tests.api.test_session import code
from tests.api.world import Client, World, build
from tests.cast import BEN, CLEO

Route = tuple[str, str, object]

ROUTES: list[Route] = [
    ("GET", "/api/v1/triage/queue", None),
    ("GET", "/api/v1/triage/tickets/1", None),
    ("POST", "/api/v1/triage/news", {"ticket_id": 1, "since": None}),
    ("POST", "/api/v1/triage/decisions", {"kind": "no_action", "ticket_ids": [1], "batch": "batch-of-cleo"}),
    ("DELETE", "/api/v1/triage/batches/batch-0001", None),
    ("PUT", "/api/v1/triage/impacts", {"ticket_ids": [1], "impact": "low"}),
    ("POST", "/api/v1/triage/replies", {"ticket_ids": [1], "text": "Hello", "request_id": "request-1"}),
    ("PUT", "/api/v1/triage/canned-replies/1", {"title": "x", "text": "x"}),
    ("DELETE", "/api/v1/triage/canned-replies/1", None),
    ("DELETE", "/api/v1/triage/views/1", None),
    ("PUT", "/api/v1/teams/1", {"name": "Cleo's"}),
    ("DELETE", "/api/v1/teams/1", None),
    ("POST", "/api/v1/teams/1/areas", {"name": "Cleo's"}),
    ("PUT", "/api/v1/areas/1", {"name": "Cleo's"}),
    ("DELETE", "/api/v1/areas/1", None),
    ("POST", "/api/v1/areas/1/keywords", {"keyword": "cleo"}),
    ("PUT", "/api/v1/assignments/1", {"team_id": 1}),
    ("POST", "/api/v1/assignments/1/hand-back", {}),
    ("PUT", "/api/v1/assignments/1/taker", {}),
    ("PUT", "/api/v1/tickets/1/impact", {"impact": "low"}),
    ("PUT", f"/api/v1/people/{BEN.trello_id}", {"forum_username": "cleo"}),
    ("GET", "/api/v1/teams/1/digest", None),
    ("POST", "/api/v1/teams/1/digests", None),
    ("POST", "/api/v1/outages", {"area_id": 1, "title": "x", "ticket_ids": [1]}),
    ("PUT", "/api/v1/outages/1", {"state": "dismissed"}),
    ("POST", "/api/v1/outages/1/updates", {"text": "x"}),
    ("POST", "/api/v1/outages/1/tickets", {"ticket_ids": [1]}),
]
"""Things of our workspace."""
COMMON: list[Route] = [
    ("GET", "/api/v1/teams", None),
    ("GET", "/api/v1/boards", None),
    ("GET", "/api/v1/ownership/audit", None),
    ("GET", "/api/v1/triage/settings", None),
    ("GET", "/api/v1/triage/views", None),
    ("GET", "/api/v1/triage/canned-replies", None),
    ("POST", "/api/v1/triage/views", {"name": "x", "filter": {}}),
    ("POST", "/api/v1/triage/canned-replies", {"title": "x", "text": "x"}),
    ("POST", "/api/v1/teams", {"name": "x"}),
    ("PUT", "/api/v1/ownership", {"board_trello_id": None}),
    ("POST", "/api/v1/ownership/readings", None),
    ("GET", "/api/v1/outages", None),
    ("GET", "/api/v1/triage/recorder", None),
    ("GET", "/api/v1/triage/cards?q=time", None),
    ("POST", "/api/v1/people/slack", {"token": "no token of ours"}),
]
"""What everybody has their own of."""


@pytest.fixture(scope="module")
def at_work(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[Desk]:
    """A desk with a thread that was given to a team, a view and a canned reply."""
    path = tmp_path_factory.mktemp("strangers") / "closeloop.db"
    shutil.copyfile(sqlite_template, path)
    with build(f"sqlite:///{path}") as world:
        world.connect()
        made = desk(world)
        made.decide(made.thread())
        of(made.ben.post("/api/v1/outages", {"area_id": made.agents_id, "title": "Agents", "ticket_ids": [made.thread()]}))
        of(made.ben.post("/api/v1/triage/views", {"name": "Mine", "filter": {}}))
        of(made.ben.post("/api/v1/triage/canned-replies", {"title": "Hello", "text": "Hello {name}"}))
        token = world.session(CLEO, world.elsewhere).json["token"]  # type: ignore[index]
        of(Client(world.app, token).put("/api/v1/boards/current/connection", {"trello_token": world.token(CLEO)}))
        yield made


def ask(client: Client, method: str, path: str, body: object) -> object:
    send = {"GET": client.get, "DELETE": client.delete}.get(method)
    return send(path) if send else {"POST": client.post, "PUT": client.put}[method](path, body)


@pytest.mark.parametrize(("method", "path", "body"), ROUTES + COMMON, ids=lambda value: str(value) if isinstance(value, str) else "")
def test_without_a_seat_there_is_no_answer(at_work: Desk, method: str, path: str, body: object) -> None:
    world: World = at_work.world
    assert ask(Client(world.app), method, path, body).status_code == 401  # type: ignore[attr-defined]
    token = world.services.signer.sign("session", {"m": CLEO.trello_id, "b": world.board.id})
    answer = ask(Client(world.app, token), method, path, body)
    assert code(answer) == "not_a_member"


@pytest.mark.parametrize(("method", "path", "body"), ROUTES, ids=lambda value: str(value) if isinstance(value, str) else "")
def test_another_workspaces_things_do_not_exist(at_work: Desk, method: str, path: str, body: object) -> None:
    cleo = at_work.world.as_(CLEO, at_work.world.elsewhere)
    answer = ask(cleo, method, path, body)
    status: int = answer.status_code  # type: ignore[attr-defined]
    told = str(answer.json)  # type: ignore[attr-defined]
    if path.endswith(("/queue", "/news")) and status == 200:
        assert "'rows': []" in told
    elif path.endswith(("/decisions", "/replies")):
        assert "'not_found'" in told and "heartbeat" not in told
    else:
        assert status == 404, told


def test_everybodys_own_is_empty_for_a_stranger(at_work: Desk) -> None:
    cleo = at_work.world.as_(CLEO, at_work.world.elsewhere)
    teams = of(cleo.get("/api/v1/teams"))
    assert teams["teams"] == [] and BEN.trello_id not in str(teams["people"])
    assert of(cleo.get("/api/v1/triage/views"))["views"] == []
    assert of(cleo.get("/api/v1/triage/canned-replies"))["canned_replies"] == []
    assert [board["name"] for board in of(cleo.get("/api/v1/boards"))["boards"]] == ["Elsewhere"]
    assert of(cleo.get("/api/v1/outages"))["outages"] == []
    assert of(cleo.get("/api/v1/triage/cards?q=time"))["cards"] == []
    recorded = of(cleo.get("/api/v1/triage/recorder"))
    assert (recorded["days"], recorded["misroutes"], recorded["today"]["decided"]) == ([], [], 0)
    news = of(cleo.post("/api/v1/triage/news", {"ticket_id": None, "since": 0}))
    assert (news["count"], news["arrived"], news["left"], news["present"]) == (0, [], [], [])
