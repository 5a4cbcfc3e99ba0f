"""What the board page and the tests ask of the sandbox itself."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from powerup.sandbox.trello import By, create_trello
from tests.cast import ADA, BEN, CLEO
from tests.sandbox.trello_world import TIMEOUT, World, world


@pytest.fixture(name="trello")
def a_world() -> Iterator[World]:
    with world(forum_url="http://forum.test") as made:
        made.trello.options.power_up.connector_url = "https://closeloop.test/connector"
        yield made


class Browser:
    """Somebody at the board page: a cookie, and requests that say they come from the page."""

    def __init__(self, trello: World, member: str | None) -> None:
        self._session = requests.Session()
        self._session.headers["Sec-Fetch-Site"] = "same-origin"
        self._url = trello.url
        self.ask("POST", "/sandbox/session", json={"member": member})

    def ask(self, method: str, path: str, **arguments: Any) -> requests.Response:
        return self._session.request(method, self._url + path, timeout=TIMEOUT, **arguments)

    def state(self, **where: str) -> dict[str, Any]:
        answer: dict[str, Any] = self.ask("GET", "/sandbox/state", params=where).json()
        return answer

    def __enter__(self) -> "Browser":
        return self

    def __exit__(self, *_: object) -> None:
        self._session.close()


def test_the_state_is_everything_the_board_page_shows(trello: World) -> None:
    with Browser(trello, "ben") as ben:
        state = ben.state()
        assert (state["member"]["id"], state["board"]["name"], state["board"]["permission"]) == (BEN.trello_id, "Support", "write")
        assert [one["name"] for one in state["board"]["lists"]] == ["Inbox", "Done"]
        assert state["board"]["cards"][0]["attachments"][0]["url"] == "https://forum.test/t/1"
        assert state["board"]["plugins"][0]["connector"] == "https://closeloop.test/connector"
        assert state["links"] == [{"label": "Forum", "url": "http://forum.test"}]
        assert [one["key"] for one in state["people"]] == ["ada", "ben", "cleo"]
        assert ben.state(card=trello.card.short_link)["board"]["id"] == trello.board.id


def test_a_stranger_sees_public_boards_only(trello: World) -> None:
    with Browser(trello, "cleo") as cleo:
        assert [board["name"] for board in cleo.state()["boards"]] == ["Roadmap"]
        assert cleo.state(board=trello.board.id)["board"] is None
        assert cleo.state(card=trello.card.short_link)["board"] is None
        assert cleo.state(board=trello.public_board.short_link)["board"]["permission"] == "read"
    with Browser(trello, None) as nobody:
        state = nobody.state()
        assert (state["member"], state["token"], state["board"]["name"]) == (None, None, "Roadmap")


def test_the_board_page_uses_the_rest_api_with_its_session(trello: World) -> None:
    with Browser(trello, "ben") as ben:
        made = ben.ask("POST", "/1/cards", json={"idList": trello.inbox.id, "name": "From the page"}).json()
        assert ben.ask("GET", f"/1/cards/{made['id']}/actions?filter=all").json()[0]["idMemberCreator"] == BEN.trello_id
        state = ben.state()
        host = {"Authorization": f'OAuth oauth_consumer_key="{state["apiKey"]}", oauth_token="{state["token"]}"'}
        assert trello.ask("GET", "/members/me", None, headers=host).json()["id"] == BEN.trello_id
    with Browser(trello, "cleo") as cleo:
        assert cleo.ask("PUT", f"/1/cards/{trello.card.id}", json={"name": "x"}).status_code == 404


def test_another_site_cannot_use_the_session(trello: World) -> None:
    cookies = {"closeloop_sandbox_member": "ada"}
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.test"}):
        answer = requests.get(f"{trello.url}/1/members/me", headers=headers, cookies=cookies, timeout=TIMEOUT)
        assert answer.status_code == 401


def test_changes_are_told_to_whoever_waits(trello: World) -> None:
    revision = trello.control("GET", "changes", params={"since": 0}).json()["revision"]
    heard: list[dict[str, Any]] = []
    waiting = threading.Thread(target=lambda: heard.append(trello.control("GET", "changes", params={"since": revision, "wait": 8}).json()))
    waiting.start()
    trello.store.update_card(trello.card, By(ADA.trello_id), name="Better")
    waiting.join(TIMEOUT)
    assert (heard[0]["revision"], heard[0]["boards"]) == (revision + 1, [trello.board.id])
    assert heard[0]["changes"][0]["idCard"] == trello.card.id


def test_waiting_for_changes_ends_without_any(trello: World) -> None:
    revision = trello.store.revision
    answer = trello.control("GET", "changes", params={"since": revision, "wait": 0.01}).json()
    assert answer == {"revision": revision, "boards": [], "changes": []}


def test_plugin_data_is_written_by_the_page_and_read_by_rest(trello: World) -> None:
    card = {"scope": "card", "idModel": trello.card.id, "idPlugin": trello.trello.options.power_up.id}
    trello.control("PUT", "plugin-data", json={**card, "visibility": "shared", "idMember": None, "value": '{"link":1}'})
    answer = trello.control("PUT", "plugin-data", json={**card, "visibility": "private", "idMember": BEN.trello_id, "value": '{"draft":2}'})
    assert answer.status_code == 204
    where = {"idBoard": trello.board.id, "idCard": trello.card.id, "idMember": BEN.trello_id}
    assert trello.control("GET", "plugin-data", params=where).json() == {"card": {"shared": '{"link":1}', "private": '{"draft":2}'}}
    rows = trello.ask("GET", f"/cards/{trello.card.id}/pluginData").json()
    assert [(row["scope"], row["access"], row["value"]) for row in rows] == [("card", "shared", '{"link":1}')]
    assert len(trello.ask("GET", f"/cards/{trello.card.id}", BEN, params={"pluginData": "true"}).json()["pluginData"]) == 2
    assert trello.ask("GET", f"/cards/{trello.card.id}/pluginData", CLEO).status_code == 404


def test_plugin_data_has_trellos_limits(trello: World) -> None:
    body = {"scope": "board", "idModel": trello.board.id, "visibility": "shared", "value": "x" * 8193}
    assert trello.control("PUT", "plugin-data", json=body).status_code == 400
    assert trello.control("PUT", "plugin-data", json={**body, "value": "x" * 8192}).status_code == 204
    assert len(trello.ask("GET", f"/boards/{trello.board.id}/pluginData").json()) == 1
    trello.control("PUT", "plugin-data", json={**body, "value": "{}"})
    assert trello.ask("GET", f"/boards/{trello.board.id}/pluginData").json() == []


def test_a_reset_begins_the_story_again(trello: World) -> None:
    token = trello.token(ADA)
    trello.ask("PUT", f"/cards/{trello.card.id}", json={"name": "Better"})
    revision = trello.store.revision
    assert trello.control("POST", "reset").json()["revision"] > revision
    assert trello.card.name == "Runs fail at night"
    assert trello.ask("GET", "/members/me", None, headers=trello.header(token)).status_code == 401


def test_with_a_seed_ids_are_the_same_after_every_reset() -> None:
    with world(id_seed=7) as trello:
        before = (trello.board.id, trello.card.id, trello.card.short_link)
        trello.control("POST", "reset")
        assert (trello.board.id, trello.card.id, trello.card.short_link) == before


def test_a_misspelt_control_is_refused_by_name(trello: World) -> None:
    answer = trello.control("POST", "jwt", json={"idBord": "x"})
    assert (answer.status_code, "idBord" in answer.text) == (400, True)


def test_a_taken_port_is_an_error_and_not_the_end_of_the_process(trello: World) -> None:
    port = int(trello.url.rpartition(":")[2])
    with pytest.raises(OSError, match="in use"):
        create_trello().start(port)


def test_the_board_page_and_the_client_library_are_files_of_the_host_directory(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("<!doctype html><title>Board</title>")
    (tmp_path / "power-up.js").write_text("// the library")
    with world(host_dir=tmp_path) as trello:
        for path in ("/", f"/b/{trello.board.short_link}", f"/c/{trello.card.short_link}/1-runs-fail"):
            page = requests.get(trello.url + path, timeout=TIMEOUT)
            assert (page.status_code, "<title>Board" in page.text) == (200, True)
            assert "script-src 'self'" in page.headers["Content-Security-Policy"]
        library = requests.get(f"{trello.url}/power-up.min.js", timeout=TIMEOUT)
        assert (library.text, library.headers["Cross-Origin-Resource-Policy"]) == ("// the library", "cross-origin")
        assert requests.get(f"{trello.url}/host/../secret", timeout=TIMEOUT).status_code == 404
        assert requests.get(f"{trello.url}/power-up.min.css", timeout=TIMEOUT).status_code == 404
