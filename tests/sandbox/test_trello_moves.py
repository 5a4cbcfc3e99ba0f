"""Cards, lists and labels of the Trello double change their place and their looks."""

from collections.abc import Iterator

import pytest

from tests.cast import ADA, BEN, CLEO
from tests.sandbox.trello_world import World, world


@pytest.fixture(name="trello")
def a_world() -> Iterator[World]:
    with world() as made:
        yield made


def test_a_card_moved_to_another_board_keeps_the_labels_and_people_that_are_there_too(trello: World) -> None:
    at, there = f"/cards/{trello.card.id}", trello.public_board
    trello.ask("POST", f"{at}/idMembers", json={"value": ADA.trello_id})
    other = trello.ask("POST", "/labels", json={"name": "Docs", "color": "sky", "idBoard": trello.board.id}).json()
    trello.ask("POST", f"{at}/idLabels", json={"value": other["id"]})
    for color in ("red", "blue"):
        trello.ask("POST", "/labels", json={"name": "Bug", "color": color, "idBoard": there.id})
    first = trello.store.lists_of(there)[0]
    answer = trello.ask("PUT", at, json={"idBoard": there.id, "idList": first.id, "pos": "top"})
    assert (answer.status_code, answer.json()["idBoard"], answer.json()["idList"]) == (200, there.id, first.id)
    assert trello.ask("GET", f"/boards/{trello.board.id}/cards").json() == []
    moved = trello.ask("GET", f"/boards/{there.id}/cards").json()[0]
    assert [(label["name"], label["color"], label["idBoard"]) for label in moved["labels"]] == [("Bug", "red", there.id)]
    assert (moved["name"], moved["idMembers"]) == ("Runs fail at night", [ADA.trello_id])
    for board, type_, other_end in ((trello.board, "moveCardFromBoard", "boardTarget"), (there, "moveCardToBoard", "boardSource")):
        (action,) = trello.ask("GET", f"/boards/{board.id}/actions", params={"limit": 1}).json()
        assert (action["type"], other_end in action["data"]) == (type_, True)


@pytest.mark.parametrize("field", ["idLabels", "idMembers"])
def test_a_move_with_labels_or_people_of_the_old_board_is_refused(trello: World, field: str) -> None:
    there = trello.public_board
    wish = {"idBoard": there.id, "idList": trello.store.lists_of(there)[0].id}
    id = {"idLabels": trello.label.id, "idMembers": BEN.trello_id}[field]
    answer = trello.ask("PUT", f"/cards/{trello.card.id}", json={**wish, field: id})
    assert (answer.status_code, answer.text) == (400, f"invalid value for {field}")
    assert [card.name for card in trello.store.cards_of(trello.board.id)] == ["Runs fail at night"], "all or nothing"


def test_a_list_goes_to_another_board_with_its_cards(trello: World) -> None:
    there = trello.public_board
    answer = trello.ask("PUT", f"/lists/{trello.inbox.id}", json={"idBoard": there.id})
    assert answer.json()["idBoard"] == there.id
    cards = trello.ask("GET", f"/boards/{there.id}/cards").json()
    assert [(card["name"], card["idBoard"], card["idMembers"]) for card in cards][-1] == ("Runs fail at night", there.id, [])
    assert trello.ask("PUT", f"/lists/{cards[-1]['idList']}", BEN, json={"idBoard": trello.board.id}).status_code == 401


@pytest.mark.parametrize(("pos", "names"), [("top", ["Done", "Inbox"]), ("bottom", ["Inbox", "Done"]), (1.5, ["Done", "Inbox"])])
def test_a_list_is_moved_along_its_board(trello: World, pos: str | float, names: list[str]) -> None:
    trello.ask("PUT", f"/lists/{trello.done.id}", json={"pos": pos})
    assert [one["name"] for one in trello.ask("GET", f"/boards/{trello.board.id}/lists").json()] == names
    assert trello.ask("PUT", f"/lists/{trello.inbox.id}", json={"pos": "left"}).text == "invalid value for pos"


def test_a_label_is_painted_renamed_and_deleted(trello: World) -> None:
    at = f"/labels/{trello.label.id}"
    assert trello.ask("PUT", at, json={"name": "Defect", "color": None}).json()["color"] is None
    (label,) = trello.ask("GET", f"/cards/{trello.card.id}").json()["labels"]
    assert (label["name"], label["color"]) == ("Defect", None)
    assert trello.ask("PUT", at, json={"color": "mauve"}).text == "invalid value for color"
    assert trello.ask("PUT", at, CLEO, json={"name": "Mine"}).status_code == 404
    trello.ask("DELETE", at)
    assert trello.ask("GET", f"/cards/{trello.card.id}").json()["labels"] == []
