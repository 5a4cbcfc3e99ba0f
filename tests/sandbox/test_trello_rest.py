"""The REST API of the Trello double, over real HTTP."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from tests.cast import ADA, BEN, CLEO
from tests.sandbox.trello_world import TIMEOUT, World, world


@pytest.fixture(name="trello")
def a_world() -> Iterator[World]:
    with world() as made:
        yield made


def test_a_token_says_who_it_speaks_for(trello: World) -> None:
    me = trello.ask("GET", "/members/me", params={"fields": "username,idOrganizations"}).json()
    assert me["username"] == "ada"
    assert set(me) == {"id", "username", "idOrganizations"}
    assert trello.ask("GET", "/members/me", BEN).json()["id"] == BEN.trello_id


def test_key_and_token_may_come_in_the_query_or_the_body(trello: World) -> None:
    auth = {"key": trello.trello.options.power_up.api_key, "token": trello.token(ADA)}
    assert requests.get(f"{trello.url}/1/members/me", params=auth, timeout=TIMEOUT).status_code == 200
    body = {**auth, "text": "Hello"}
    answer = requests.post(f"{trello.url}/1/cards/{trello.card.id}/actions/comments", json=body, timeout=TIMEOUT)
    assert answer.json()["data"]["text"] == "Hello"


def test_bad_credentials_are_refused_in_plain_text(trello: World) -> None:
    answer = trello.ask("GET", "/members/me", None, headers=trello.header("ATTAnonsense"))
    assert (answer.status_code, answer.text, answer.headers["Content-Type"]) == (401, "invalid token", "text/plain; charset=utf-8")
    assert trello.ask("GET", "/members/me", None).text == "invalid key"


def test_a_token_of_another_application_is_invalid(trello: World) -> None:
    other = trello.store.make_token(trello.store.member("ada"), "another key").value
    assert trello.ask("GET", "/members/me", None, headers=trello.header(other)).status_code == 401


def test_a_read_only_token_may_not_write(trello: World) -> None:
    token = trello.control("POST", "tokens", json={"member": "ada", "scope": "read"}).json()["token"]
    answer = trello.ask("PUT", f"/cards/{trello.card.id}", None, json={"name": "x"}, headers=trello.header(token))
    assert (answer.status_code, answer.text) == (401, "unauthorized permission requested")


def test_what_a_member_may_not_see_is_not_there(trello: World) -> None:
    for path in (f"/boards/{trello.board.id}", f"/cards/{trello.card.id}", f"/lists/{trello.inbox.id}/cards", f"/labels/{trello.label.id}"):
        assert trello.ask("GET", path, CLEO).status_code == 404, path
    assert [board["name"] for board in trello.ask("GET", "/members/me/boards", CLEO).json()] == []


def test_a_public_board_can_be_read_and_not_written_by_a_stranger(trello: World) -> None:
    board = trello.public_board
    ideas = trello.ask("GET", f"/boards/{board.id}/lists", CLEO).json()[0]
    assert trello.ask("POST", "/cards", CLEO, json={"idList": ideas["id"], "name": "x"}).status_code == 401


def test_an_observer_reads_only(trello: World) -> None:
    trello.control("PUT", "roles", json={"idBoard": trello.board.id, "member": "cleo", "role": "observer"})
    assert trello.ask("GET", f"/boards/{trello.board.id}", CLEO).status_code == 200
    assert trello.ask("PUT", f"/cards/{trello.card.id}", CLEO, json={"name": "x"}).status_code == 401
    roles = {one["idMember"]: one["memberType"] for one in trello.ask("GET", f"/boards/{trello.board.id}/memberships").json()}
    assert roles == {ADA.trello_id: "admin", BEN.trello_id: "normal", CLEO.trello_id: "observer"}


def test_a_board_tells_its_lists_cards_labels_and_members(trello: World) -> None:
    at = f"/boards/{trello.board.id}"
    lists = trello.ask("GET", f"{at}/lists", params={"filter": "open", "fields": "name,pos"}).json()
    assert [(one["name"], set(one)) for one in lists] == [("Inbox", {"id", "name", "pos"}), ("Done", {"id", "name", "pos"})]
    assert trello.ask("GET", f"{at}/labels").json()[0]["color"] == "red"
    card = trello.ask("GET", f"{at}/cards", params={"fields": "name,shortLink", "attachments": "true"}).json()[0]
    assert set(card) == {"id", "name", "shortLink", "attachments"}
    assert {one["username"] for one in trello.ask("GET", f"{at}/members").json()} == {"ada", "ben"}
    board = trello.ask("GET", at, params={"fields": "name,url,idOrganization", "organization": "true"}).json()
    assert board["organization"]["displayName"] == "Acme"
    assert board["url"].startswith(f"{trello.url}/b/{trello.board.short_link}")


def test_a_board_and_a_card_answer_to_their_short_links(trello: World) -> None:
    assert trello.ask("GET", f"/boards/{trello.board.short_link}").json()["id"] == trello.board.id
    assert trello.ask("GET", f"/cards/{trello.card.short_link}").json()["id"] == trello.card.id


def test_a_card_with_a_url_is_made_in_two_actions(trello: World) -> None:
    wish = {"idList": trello.inbox.id, "name": "New", "desc": "d", "urlSource": "https://forum.test/t/2", "idLabels": trello.label.id}
    card = trello.ask("POST", "/cards", json=wish).json()
    assert (card["idBoard"], card["labels"][0]["name"], card["attachments"][0]["url"]) == (trello.board.id, "Bug", "https://forum.test/t/2")
    actions = trello.ask("GET", f"/cards/{card['id']}/actions", params={"filter": "all"}).json()
    assert [action["type"] for action in actions] == ["addAttachmentToCard", "createCard"]
    listed = trello.ask("GET", f"/lists/{trello.inbox.id}/cards", params={"fields": "desc", "attachments": "true"}).json()
    assert listed[-1]["attachments"][0]["url"] == "https://forum.test/t/2"


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        ({}, "idList"),
        ({"idList": "no id"}, "id"),
        ({"urlSource": "javascript:alert(1)"}, "urlSource"),
        ({"name": "x" * 16_385}, "name"),
        ({"pos": "sideways"}, "pos"),
        ({"idMembers": CLEO.trello_id}, "idMembers"),
    ],
)
def test_a_wrong_field_is_named_in_plain_text(trello: World, wish: dict[str, str], field: str) -> None:
    answer = trello.ask("POST", "/cards", json={"idList": trello.inbox.id, **wish} if wish else {})
    assert (answer.status_code, answer.text) == (400, f"invalid value for {field}")
    assert len(list(trello.store.cards_of(trello.board.id))) == 1


def test_a_body_that_is_no_json_is_refused(trello: World) -> None:
    answer = trello.ask("POST", "/cards", data=b"{nope", headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.text) == (400, "Invalid JSON")


def test_a_card_can_be_changed_moved_archived_and_deleted(trello: World) -> None:
    at = f"/cards/{trello.card.id}"
    trello.ask("PUT", at, json={"name": "Better", "idList": trello.done.id, "due": "2026-12-01T00:00:00.000Z", "dueComplete": True})
    card = trello.ask("GET", at, params={"list": "true", "members": "true"}).json()
    assert (card["name"], card["list"]["name"], card["dueComplete"], card["members"][0]["username"]) == ("Better", "Done", True, "ben")
    trello.ask("PUT", at, json={"closed": True})
    assert trello.ask("GET", f"/lists/{trello.done.id}/cards").json() == []
    assert len(trello.ask("GET", f"/boards/{trello.board.id}/cards", params={"filter": "all"}).json()) == 1
    types = [action["type"] for action in trello.ask("GET", f"{at}/actions").json()]
    assert types == ["updateCard", "commentCard"]
    assert trello.ask("DELETE", at).status_code == 200
    assert trello.ask("GET", at).status_code == 404


def test_labels_and_members_go_on_and_off_a_card(trello: World) -> None:
    at = f"/cards/{trello.card.id}"
    label = trello.ask("POST", "/labels", json={"name": "Docs", "color": None, "idBoard": trello.board.id}).json()
    assert trello.ask("POST", f"{at}/idLabels", json={"value": label["id"]}).json() == [trello.label.id, label["id"]]
    assert trello.ask("POST", f"{at}/idLabels", json={"value": label["id"]}).status_code == 400
    assert trello.ask("DELETE", f"{at}/idLabels/{label['id']}").status_code == 200
    assert trello.ask("DELETE", f"{at}/idLabels/{label['id']}").text == "that label is not on the card"
    assert {one["username"] for one in trello.ask("POST", f"{at}/idMembers", data={"value": ADA.trello_id}).json()} == {"ada", "ben"}
    assert [one["username"] for one in trello.ask("DELETE", f"{at}/idMembers/{BEN.trello_id}").json()] == ["ada"]


def test_the_same_url_attached_twice_is_two_attachments(trello: World) -> None:
    at = f"/cards/{trello.card.id}/attachments"
    first, second = (trello.ask("POST", at, params={"url": "https://docs.test/a", "name": "Docs"}).json() for _ in range(2))
    assert first["id"] != second["id"]
    assert trello.ask("GET", f"{at}/{first['id']}").json()["name"] == "Docs"
    trello.ask("DELETE", f"{at}/{first['id']}")
    assert [one["id"] for one in trello.ask("GET", at).json()][1:] == [second["id"]]
    upload = trello.ask("POST", at, files={"file": ("log.txt", b"12345", "text/plain")}).json()
    assert (upload["isUpload"], upload["bytes"], upload["name"]) == (True, 5, "log.txt")


def test_comments_are_actions_that_their_author_may_edit_and_delete(trello: World) -> None:
    made = trello.ask("POST", f"/cards/{trello.card.id}/actions/comments", json={"text": "Shipped"}).json()
    assert trello.ask("PUT", f"/actions/{made['id']}", BEN, json={"text": "No"}).status_code == 401
    assert trello.ask("PUT", f"/actions/{made['id']}/text", params={"value": "Shipped!"}).json()["data"]["text"] == "Shipped!"
    texts = [one["data"]["text"] for one in trello.ask("GET", f"/cards/{trello.card.id}/actions", params={"filter": "commentCard"}).json()]
    assert texts == ["Shipped!", "I look."]
    assert trello.ask("DELETE", f"/actions/{made['id']}").status_code == 200
    assert trello.ask("GET", f"/cards/{trello.card.id}").json()["badges"]["comments"] == 1


def test_lists_can_be_made_renamed_and_archived(trello: World) -> None:
    made = trello.ask("POST", "/lists", json={"name": "Waiting", "idBoard": trello.board.id}).json()
    trello.ask("PUT", f"/lists/{made['id']}", json={"name": "On hold", "closed": True})
    assert trello.ask("GET", f"/boards/{trello.board.id}/lists/closed").json()[0]["name"] == "On hold"


def test_a_workspace_is_read_by_its_members_only(trello: World) -> None:
    id = trello.board.organization_id
    assert trello.ask("GET", f"/organizations/{id}").json()["displayName"] == "Acme"
    assert trello.ask("GET", f"/organizations/{id}", CLEO).status_code == 404


def test_a_batch_answers_each_route_by_itself(trello: World) -> None:
    urls = f"/boards/{trello.board.id}?fields=name%2Curl,/cards/{'0' * 24},/members/me?fields=username"
    board, missing, me = trello.ask("GET", "/batch", params={"urls": urls}).json()
    assert set(board["200"]) == {"id", "name", "url"}
    assert missing["statusCode"] == 404
    assert me["200"]["username"] == "ada"
    assert trello.ask("GET", "/batch", params={"urls": ",".join(["/members/me"] * 11)}).status_code == 400


def test_a_token_tells_about_itself_until_it_is_revoked(trello: World) -> None:
    token = trello.token(ADA)
    about = trello.ask("GET", f"/tokens/{token}").json()
    assert (about["idMember"], about["dateExpires"]) == (ADA.trello_id, None)
    assert trello.ask("GET", f"/tokens/{token}", BEN).status_code == 404
    assert trello.ask("DELETE", f"/tokens/{token}/").status_code == 200
    assert trello.ask("GET", "/members/me").text == "invalid token"


def test_search_finds_words_but_not_fresh_ones() -> None:
    with world(search_lag_seconds=3600.0) as trello:
        assert trello.ask("GET", "/search", params={"query": "night"}).json()["cards"] == []
    with world() as trello:
        cards = trello.ask("GET", "/search", params={"query": "NIGHT fail", "modelTypes": "cards", "card_fields": "name"}).json()["cards"]
        assert [card["name"] for card in cards] == ["Runs fail at night"]
        assert trello.ask("GET", "/search", params={"query": "nig"}).json()["cards"] == []
        assert len(trello.ask("GET", "/search", params={"query": "nig", "partial": "true"}).json()["cards"]) == 1
        assert trello.ask("GET", "/search", CLEO, params={"query": "night"}).json()["cards"] == []


def test_a_page_of_another_origin_may_ask_with_a_token(trello: World) -> None:
    answer = trello.ask("OPTIONS", f"/cards/{trello.card.id}", None, headers={"Origin": "https://closeloop.test"})
    assert (answer.status_code, answer.headers["Access-Control-Allow-Origin"]) == (200, "*")
    assert "Authorization" in answer.headers["Access-Control-Allow-Headers"]


def test_many_at_once_lose_nothing(trello: World) -> None:
    header, wish = trello.header(trello.token(ADA)), {"idList": trello.inbox.id, "name": "One of many"}

    def make(_: int) -> int:
        return requests.post(f"{trello.url}/1/cards", json=wish, headers=header, timeout=TIMEOUT).json()["idShort"]  # type: ignore[no-any-return]

    with ThreadPoolExecutor(8) as pool:
        numbers = list(pool.map(make, range(40)))
    assert sorted(numbers) == list(range(2, 42))
    assert len(trello.ask("GET", f"/lists/{trello.inbox.id}/cards").json()) == 41


def test_an_unknown_route_is_a_plain_404(trello: World) -> None:
    answer = trello.ask("GET", "/cards/x/nonsense/y")
    assert (answer.status_code, answer.text) == (404, "Cannot GET /1/cards/x/nonsense/y")
