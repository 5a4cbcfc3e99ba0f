"""Teams, areas and people in the settings; who may, and what is never sent back."""

from typing import Any

import pytest

from powerup.teams.actions import Place, apply
from powerup.teams.rules import BoardCard, BoardList, read
from powerup.workspaces import queries as workspaces
from tests.api.desk import Desk, of
from tests.api.test_session import code
from tests.api.world import World
from tests.cast import ADA, BEN, CLEO


def test_a_team_is_entered_without_any_board(at_desk: Desk) -> None:
    (team,) = of(at_desk.ben.get("/api/v1/teams"))["teams"]
    assert (team["source"], team["ready"], team["by_hand"]) == ("settings", True, [])
    assert team["board"]["name"] == "Support" and team["inbox"]["name"] == "Inbox"
    assert [each["name"] for each in team["members"]] == ["Ben Lindqvist"]
    assert [(area["name"], area["keywords"]) for area in team["areas"]] == [("Agents", ["heartbeat"]), ("Timeouts", ["timeout"])]


def test_only_what_was_sent_is_changed(at_desk: Desk) -> None:
    path = f"/api/v1/teams/{at_desk.team_id}"
    stand_up = {"at": "9:15", "days": [4, 0, 0], "time_zone": "Europe/Berlin"}
    team = of(at_desk.ada.put(path, {"forum_group": " deployments ", "slack_channel": "#deploy", "stand_up": stand_up}))["team"]
    assert (team["forum_group"], team["slack_channel"]) == ("deployments", "#deploy")
    assert team["stand_up"] == {"at": "09:15", "days": [0, 4], "time_zone": "Europe/Berlin"} and team["stand_up_next_at"]
    team = of(at_desk.ada.put(path, {"name": "Rollout", "stand_up": None, "slack_channel": ""}))["team"]
    assert (team["name"], team["stand_up"], team["stand_up_next_at"], team["slack_channel"]) == ("Rollout", None, None, None)
    assert team["forum_group"] == "deployments" and len(team["members"]) == 1


def test_a_webhook_is_kept_and_never_sent_back(small_desk: Desk) -> None:
    path = f"/api/v1/teams/{small_desk.team_id}"
    url = "https://hooks.slack.com/services/T000/B000/secretsecret"
    answer = small_desk.ada.put(path, {"hook_kind": "slack", "hook_url": url})
    assert of(answer)["team"]["hook_connected"] and "secretsecret" not in answer.get_data(True)
    assert of(small_desk.ada.put(path, {"hook_url": None}))["team"]["hook_connected"] is False
    for wanted in (
        {"hook_url": url},
        {"hook_kind": "slack", "hook_url": "https://example.org/x"},
        {"hook_kind": "msteams", "hook_url": url},
    ):
        assert small_desk.ada.put(path, wanted).status_code == 422


@pytest.mark.parametrize(
    "wanted",
    [
        {"name": ""},
        {"name": "Sales"},
        {"board_trello_id": "0" * 24},
        {"inbox_list_id": "0" * 24},
        {"member_ids": [CLEO.trello_id]},
        {"stand_up": {"at": "25:00", "days": [0], "time_zone": None}},
        {"stand_up": {"at": "noon", "days": [0], "time_zone": None}},
        {"stand_up": {"at": "09:00", "days": [7], "time_zone": None}},
        {"stand_up": {"at": "09:00", "days": [], "time_zone": None}},
        {"stand_up": {"at": "09:00", "days": [0], "time_zone": "Mars"}},
        {"reset": ["name"]},
        {"colour": "red"},
    ],
    ids=str,
)
def test_what_a_team_cannot_be_is_refused(small_desk: Desk, wanted: dict[str, Any]) -> None:
    of(small_desk.ada.post("/api/v1/teams", {"name": "Sales"}), 201)
    before = of(small_desk.ben.get("/api/v1/teams"))
    assert small_desk.ada.put(f"/api/v1/teams/{small_desk.team_id}", wanted).status_code in (404, 422)
    assert of(small_desk.ben.get("/api/v1/teams"))["teams"] == before["teams"]


def test_a_team_with_open_threads_stays(at_desk: Desk) -> None:
    path = f"/api/v1/teams/{at_desk.team_id}"
    assignment = at_desk.assign(at_desk.thread())
    assert of(at_desk.ben.get("/api/v1/teams"))["teams"][0]["open_tickets"] == 1
    refused = at_desk.ada.delete(path)
    assert (refused.status_code, code(refused)) == (409, "conflict")
    of(at_desk.ben.post(f"/api/v1/assignments/{assignment}/hand-back", {}))
    assert at_desk.ada.delete(path).status_code == 204
    assert of(at_desk.ben.get("/api/v1/teams"))["teams"] == [] and at_desk.ada.delete(path).status_code == 404


def test_settings_are_an_admins(small_desk: Desk) -> None:
    ben, team = small_desk.ben, f"/api/v1/teams/{small_desk.team_id}"
    for answer in (
        ben.post("/api/v1/teams", {"name": "Mine"}),
        ben.put(team, {"name": "Mine"}),
        ben.delete(team),
        ben.post(f"{team}/areas", {"name": "Mine"}),
        ben.put(f"/api/v1/areas/{small_desk.agents_id}", {"name": "Mine"}),
        ben.delete(f"/api/v1/areas/{small_desk.agents_id}"),
        ben.put(f"/api/v1/people/{BEN.trello_id}", {"forum_username": "ben"}),
        ben.put("/api/v1/ownership", {"board_trello_id": None}),
        ben.get(f"/api/v1/boards/{small_desk.world.board.id}/lists"),
        ben.put("/api/v1/workspace", {"slack_signing_secret": "s"}),
    ):
        assert (answer.status_code, code(answer)) == (403, "board_admin_needed")


def test_a_word_that_a_triager_adds_speaks_at_once(at_desk: Desk) -> None:
    at_desk.thread("Probe offline", "The flux capacitor is gone.")
    assert at_desk.rows()[0]["choices"] == []
    path = f"/api/v1/areas/{at_desk.agents_id}"
    area = of(at_desk.ben.post(f"{path}/keywords", {"keyword": " Flux  Capacitor. "}))["area"]
    assert area["added_keywords"] == ["flux capacitor"]
    assert of(at_desk.ben.post(f"{path}/keywords", {"keyword": "flux capacitor"}))["area"] == area
    assert at_desk.rows()[0]["choices"][0]["area"]["name"] == "Agents"
    area = of(at_desk.ada.put(path, {"added_keywords": [], "owner_ids": [BEN.trello_id]}))["area"]
    assert area["added_keywords"] == [] and area["keywords"] == ["heartbeat"] and area["owners"][0]["name"] == "Ben Lindqvist"


def test_an_area_moves_and_goes(at_desk: Desk) -> None:
    other = of(at_desk.ada.post("/api/v1/teams", {"name": "Other"}), 201)["team"]["id"]
    path = f"/api/v1/areas/{at_desk.agents_id}"
    of(at_desk.ada.put(path, {"team_id": other, "name": "Robots"}))
    assert [area["name"] for area in of(at_desk.ben.get("/api/v1/teams"))["teams"][1]["areas"]] == ["Robots"]
    assert at_desk.ada.put(path, {"team_id": 999}).status_code == 404
    assert at_desk.ada.delete(path).status_code == 204 and at_desk.ada.delete(path).status_code == 404


def test_people_have_names_on_the_forum_and_on_slack(at_desk: Desk) -> None:
    path = f"/api/v1/people/{BEN.trello_id}"
    person = of(at_desk.ada.put(path, {"forum_username": "ben_l", "slack_user_id": "U012ABCDEF"}))["person"]
    assert (person["forum_username"], person["slack_user_id"]) == ("ben_l", "U012ABCDEF")
    assert of(at_desk.ada.put(path, {"slack_user_id": None}))["person"]["forum_username"] == "ben_l"
    assert at_desk.ada.put("/api/v1/people/nobody", {"forum_username": "x"}).status_code == 404
    assert at_desk.ada.put(path, {"slack_user_id": "@ben"}).status_code == 422


def test_boards_and_their_lists_can_be_chosen_from(world: World) -> None:
    boards = of(world.as_(BEN).get("/api/v1/boards"))["boards"]
    assert [board["name"] for board in boards] == ["Support", "Web"]
    found = of(world.as_(ADA).get(f"/api/v1/boards/{world.board.id}/lists"))
    assert [each["name"] for each in found["lists"]] == ["Inbox"]
    assert {each["name"] for each in found["members"]} == {"Ada Okafor", "Ben Lindqvist"}
    for foreign in (world.elsewhere.id, "0" * 24, "x"):
        assert world.as_(ADA).get(f"/api/v1/boards/{foreign}/lists").status_code == 404


def test_an_ownership_board_is_chosen_read_and_left(world: World) -> None:
    ada = world.as_(ADA)
    assert ada.post("/api/v1/ownership/readings").status_code == 409
    ownership = of(ada.put("/api/v1/ownership", {"board_trello_id": world.other_board.id}))["ownership"]
    assert (ownership["board"]["name"], ownership["read_at"]) == ("Web", None)
    assert of(world.as_(BEN).post("/api/v1/ownership/readings"), 202)["ownership"]["board"]["name"] == "Web"
    assert of(ada.put("/api/v1/ownership", {"board_trello_id": None}))["ownership"]["board"] is None
    assert ada.put("/api/v1/ownership", {"board_trello_id": world.elsewhere.id}).status_code == 404


def test_what_an_admin_sets_by_hand_wins_over_the_board_until_it_is_given_back(world: World) -> None:
    ada = world.as_(ADA)
    of(ada.put("/api/v1/ownership", {"board_trello_id": world.other_board.id}))
    read_board(world, slack="#board")
    (team,) = of(ada.get("/api/v1/teams"))["teams"]
    path = f"/api/v1/teams/{team['id']}"
    assert (team["source"], team["ready"], team["slack_channel"]) == ("board", True, "#board")
    assert of(ada.put(path, {"slack_channel": "#hand"}))["team"]["by_hand"] == ["slack_channel"]
    read_board(world, slack="#board-2")
    assert of(ada.get("/api/v1/teams"))["teams"][0]["slack_channel"] == "#hand"
    assert of(ada.put(path, {"reset": ["slack_channel"]}))["team"]["by_hand"] == []
    read_board(world, slack="#board-3")
    assert of(ada.get("/api/v1/teams"))["teams"][0]["slack_channel"] == "#board-3"
    area = team["areas"][0]["id"]
    for answer in (ada.delete(path), ada.put(f"/api/v1/areas/{area}", {"name": "X"}), ada.delete(f"/api/v1/areas/{area}")):
        assert (answer.status_code, code(answer)) == (409, "conflict")
    assert ada.put(path, {"name": "X"}).status_code == 422
    assert of(ada.put(f"/api/v1/areas/{area}", {"added_keywords": ["robot"]}))["area"]["added_keywords"] == ["robot"]


def test_the_map_says_what_is_wrong_with_it(at_desk: Desk) -> None:
    of(at_desk.ada.put(f"/api/v1/teams/{at_desk.team_id}", {"member_ids": []}))
    findings = of(at_desk.ben.get("/api/v1/ownership/audit"))["findings"]
    assert [(each["kind"], each["area_id"]) for each in findings] == [
        ("unowned_area", at_desk.agents_id),
        ("unowned_area", at_desk.timeouts_id),
    ]


def test_a_slack_app_is_connected_and_its_secrets_stay_here(small: World) -> None:
    ada = small.as_(ADA)
    answer = ada.put("/api/v1/workspace", {"slack_signing_secret": "signing secret of the tests"})
    shown = of(answer)
    assert "signing secret" not in answer.get_data(True)
    assert (shown["slack_connected"], shown["slack_bot_connected"], shown["slack_buttons"]) == (False, False, False)
    assert shown["slack_request_url"].startswith("https://closeloop.test/webhooks/slack/")
    assert of(small.as_(BEN).get("/api/v1/workspace"))["slack_request_url"] is None
    assert of(ada.put("/api/v1/workspace", {"slack_webhook_url": None}))["slack_request_url"] == shown["slack_request_url"]
    assert ada.put("/api/v1/workspace", {}).status_code == 422
    assert ada.put("/api/v1/workspace", {"slack_bot_token": "not a token"}).status_code in (422, 502)


def read_board(world: World, slack: str) -> None:
    """What the worker does with the Ownership board."""
    lists = [BoardList("l1", "Deployments", 1.0)]
    cards = [
        BoardCard("c1", "l1", "Team", f"Board: Support\nInbox: Inbox\nSlack: {slack}", "https://trello.test/c/1", 1.0),
        BoardCard("c2", "l1", "Agents", "Keywords: agent", "https://trello.test/c/2", 2.0),
    ]
    with world.services.database.write() as session:
        board = workspaces.board_by_trello_id(session, world.board.id)
        assert board is not None
        inbox = world.trello.store.lists_of(world.board)[0]
        place = Place(board.id, board.name, frozenset({board.name.lower()}), {"inbox": inbox.id}, {inbox.id: "Inbox"})
        apply(session, board.workspace_id, read(lists, cards, board_url="https://trello.test/b/1"), [place], [])
