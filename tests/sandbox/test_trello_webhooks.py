"""Webhooks of the Trello double: made, signed, retried, given up."""

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from typing import Any

import pytest

from powerup.sandbox.trello import By
from tests.cast import ADA, BEN, CLEO
from tests.helpers import free_port, wait_for
from tests.sandbox.trello_world import Callback, World, world


@pytest.fixture(name="trello")
def a_world() -> Iterator[World]:
    with world() as made:
        yield made


def watch(trello: World, callback: Callback, model_id: str = "") -> dict[str, Any]:
    wish = {"callbackURL": callback.url, "idModel": model_id or trello.board.id, "description": "Closeloop"}
    made: dict[str, Any] = trello.ask("POST", "/webhooks/", json=wish).json()
    return made


def rename(trello: World, name: str, **headers: str) -> None:
    trello.ask("PUT", f"/cards/{trello.card.id}", json={"name": name}, headers=headers)


def test_a_webhook_is_made_after_its_callback_answered_and_belongs_to_the_token(trello: World) -> None:
    with Callback() as callback:
        made = watch(trello, callback)
        assert callback.heads == 1
        assert (made["idModel"], made["callbackURL"], made["active"]) == (trello.board.id, callback.url, True)
        assert [one["id"] for one in trello.ask("GET", f"/tokens/{trello.token(ADA)}/webhooks").json()] == [made["id"]]
        assert trello.ask("GET", f"/webhooks/{made['id']}", BEN).status_code == 404
        again = trello.ask("POST", "/webhooks", json={"callbackURL": callback.url, "idModel": trello.board.id})
        assert (again.status_code, "already exists" in again.text) == (400, True)


def test_a_callback_that_does_not_answer_200_is_refused(trello: World) -> None:
    url = f"http://127.0.0.1:{free_port()}/hook"
    answer = trello.ask("POST", "/webhooks/", json={"callbackURL": url, "idModel": trello.board.id})
    assert (answer.status_code, answer.text) == (400, f"URL ({url}) did not return 200 status code, got no answer")


def test_a_model_that_cannot_be_seen_cannot_be_watched(trello: World) -> None:
    with Callback() as callback:
        answer = trello.ask("POST", "/webhooks/", CLEO, json={"callbackURL": callback.url, "idModel": trello.board.id})
        assert answer.status_code == 404
        assert callback.heads == 0


def test_an_action_is_posted_signed_with_secret_and_callback_url(trello: World) -> None:
    with Callback() as callback:
        watch(trello, callback)
        rename(trello, "Better", **{"X-Trello-Client-Identifier": "closeloop"})
        got = callback.next()
        secret = trello.trello.options.power_up.secret
        expected = base64.b64encode(hmac.new(secret.encode(), got.body + callback.url.encode(), hashlib.sha1).digest()).decode()
        assert got.headers["X-Trello-Webhook"] == expected
        assert got.headers["X-Trello-Client-Identifier"] == "closeloop"
        told = json.loads(got.body)
        assert (told["action"]["type"], told["action"]["data"]["old"]) == ("updateCard", {"name": "Runs fail at night"})
        assert told["action"]["data"]["board"]["id"] == told["model"]["id"] == trello.board.id
        assert told["action"]["memberCreator"]["username"] == "ada"


def test_a_new_card_with_a_url_tells_two_things(trello: World) -> None:
    with Callback() as callback:
        watch(trello, callback)
        trello.ask("POST", "/cards", BEN, json={"idList": trello.inbox.id, "name": "New", "urlSource": "https://forum.test/t/9"})
        assert {json.loads(callback.next().body)["action"]["type"] for _ in range(2)} == {"createCard", "addAttachmentToCard"}


def test_only_the_watched_card_is_told_of(trello: World) -> None:
    with Callback() as callback:
        watch(trello, callback, trello.card.id)
        trello.ask("POST", "/cards", json={"idList": trello.inbox.id, "name": "Another"})
        rename(trello, "Better")
        assert json.loads(callback.next().body)["action"]["data"]["card"]["name"] == "Better"


def test_a_failed_delivery_is_tried_again_and_success_resets_the_count(trello: World) -> None:
    with Callback(500, 503, 200) as callback:
        made = watch(trello, callback)
        rename(trello, "Better")
        bodies = [callback.next().body for _ in range(3)]
        assert len({json.loads(body)["action"]["id"] for body in bodies}) == 1
        assert trello.trello.dispatcher.wait_until_idle()
        assert trello.ask("GET", f"/webhooks/{made['id']}").json()["consecutiveFailures"] == 0


def test_after_four_tries_the_event_is_lost(trello: World) -> None:
    with Callback(500) as callback:
        made = watch(trello, callback)
        rename(trello, "Better")
        assert trello.trello.dispatcher.wait_until_idle()
        assert callback.received.qsize() == 4
        assert trello.ask("GET", f"/webhooks/{made['id']}").json()["consecutiveFailures"] == 4


def test_gone_deletes_the_webhook(trello: World) -> None:
    with Callback(410) as callback:
        made = watch(trello, callback)
        rename(trello, "Better")
        wait_for(lambda: trello.ask("GET", f"/webhooks/{made['id']}").status_code == 404)
        assert callback.received.qsize() == 1


def test_a_revoked_token_takes_its_webhooks_with_it(trello: World) -> None:
    with Callback() as callback:
        watch(trello, callback)
        trello.ask("DELETE", f"/tokens/{trello.token(ADA)}")
        trello.store.update_card(trello.card, By(ADA.trello_id), name="Better")
        assert trello.trello.dispatcher.wait_until_idle()
        assert callback.received.empty()


def test_a_paused_or_deleted_webhook_is_silent_and_an_action_can_be_replayed(trello: World) -> None:
    with Callback() as callback:
        made = watch(trello, callback)
        trello.ask("PUT", f"/webhooks/{made['id']}", json={"active": False})
        rename(trello, "One")
        trello.ask("PUT", f"/webhooks/{made['id']}", json={"active": True})
        rename(trello, "Two")
        first = json.loads(callback.next().body)["action"]
        assert first["data"]["card"]["name"] == "Two"
        assert trello.control("POST", "webhook-deliveries", json={"idAction": first["id"]}).status_code == 202
        assert json.loads(callback.next().body)["action"]["id"] == first["id"]
        assert trello.ask("DELETE", f"/webhooks/{made['id']}").status_code == 200
        rename(trello, "Three")
        assert trello.trello.dispatcher.wait_until_idle()
        assert callback.received.empty()


def test_disabling_the_power_up_is_told(trello: World) -> None:
    with Callback() as callback:
        watch(trello, callback)
        trello.control("PUT", "power-up", json={"idBoard": trello.board.id, "enabled": False})
        assert json.loads(callback.next().body)["action"]["type"] == "disablePlugin"
        assert trello.ask("GET", f"/boards/{trello.board.id}/boardPlugins").json() == []


def test_who_comes_to_the_board_changes_role_and_goes_is_told(trello: World) -> None:
    with Callback() as callback:
        watch(trello, callback)
        told = []
        for role in ("normal", "admin", None):
            trello.control("PUT", "roles", json={"idBoard": trello.board.id, "member": "cleo", "role": role})
            told.append(json.loads(callback.next().body)["action"])
        assert [action["type"] for action in told] == ["addMemberToBoard", "makeAdminOfBoard", "removeMemberFromBoard"]
        assert {action["member"]["id"] for action in told} == {CLEO.trello_id}


def test_a_closed_board_is_told(trello: World) -> None:
    with Callback() as callback:
        watch(trello, callback)
        trello.ask("PUT", f"/boards/{trello.board.id}", json={"closed": True})
        data = json.loads(callback.next().body)["action"]["data"]
        assert (data["board"]["closed"], data["old"]) == (True, {"closed": False})
