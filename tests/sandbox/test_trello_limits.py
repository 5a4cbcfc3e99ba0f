"""Rate limits, lost answers and other faults of the Trello double."""

import pytest
import requests

from powerup.sandbox.trello import RateLimits
from tests.cast import ADA, BEN
from tests.sandbox.trello_world import World, world


def statuses(trello: World, times: int, path: str = "/members/me/boards") -> list[int]:
    return [trello.ask("GET", path).status_code for _ in range(times)]


def test_a_token_has_its_limit_and_every_answer_says_how_much_is_left() -> None:
    with world(limits=RateLimits(token=3, seconds=60)) as trello:
        first = trello.ask("GET", "/members/me/boards")
        assert first.headers["x-rate-limit-api-token-remaining"] == "2"
        assert first.headers["x-rate-limit-api-token-interval-ms"] == "60000"
        assert statuses(trello, 3) == [200, 200, 429]
        refused = trello.ask("GET", "/members/me/boards")
        assert refused.json() == {"error": "API_TOKEN_LIMIT_EXCEEDED", "message": "Rate limit exceeded"}
        assert "Retry-After" not in refused.headers
        assert trello.ask("GET", "/members/me/boards", BEN).status_code == 200


def test_a_key_has_its_limit_over_all_tokens() -> None:
    with world(limits=RateLimits(key=2, seconds=60)) as trello:
        trello.ask("GET", "/members/me/boards", ADA)
        trello.ask("GET", "/members/me/boards", BEN)
        assert trello.ask("GET", "/members/me/boards", BEN).json()["error"] == "API_KEY_LIMIT_EXCEEDED"


def test_a_client_that_goes_on_asking_is_locked_out_altogether() -> None:
    with world(limits=RateLimits(token=1, seconds=60, lockout_after=2)) as trello:
        assert statuses(trello, 4) == [200, 429, 429, 429]
        assert trello.ask("GET", "/members/me/boards", BEN).json()["error"] == "API_KEY_LIMIT_EXCEEDED"


def test_members_themselves_have_a_stricter_limit_that_nested_paths_do_not_use() -> None:
    with world(limits=RateLimits(members=1)) as trello:
        assert statuses(trello, 2, "/members/me") == [200, 429]
        assert statuses(trello, 2) == [200, 200]


def test_the_window_ends() -> None:
    with world(limits=RateLimits(token=1, seconds=0.001)) as trello:
        assert statuses(trello, 3) == [200, 200, 200]


def test_a_batch_counts_once() -> None:
    with world(limits=RateLimits(token=2, seconds=60)) as trello:
        answer = trello.ask("GET", "/batch", params={"urls": "/members/me/boards,/members/me/boards,/members/me/boards"})
        assert [list(part) for part in answer.json()] == [["200"]] * 3
        assert answer.headers["x-rate-limit-api-token-remaining"] == "1"


def test_a_lost_answer_was_carried_out() -> None:
    with world() as trello:
        assert trello.control("POST", "faults", json={"lose_answer_every": 2, "methods": ["POST"]}).status_code == 200
        wish = {"idList": trello.inbox.id, "name": "Lost?"}
        assert trello.ask("POST", "/cards", json=wish).status_code == 200
        with pytest.raises(requests.ConnectionError):
            trello.ask("POST", "/cards", json=wish)
        cards = trello.ask("GET", f"/lists/{trello.inbox.id}/cards", params={"fields": "name"}).json()
        assert [card["name"] for card in cards].count("Lost?") == 2


def test_a_failed_call_was_not_carried_out() -> None:
    with world() as trello:
        trello.control("POST", "faults", json={"fail_every": 1, "status": 503, "times": 1})
        assert trello.ask("PUT", f"/cards/{trello.card.id}", json={"name": "x"}).status_code == 503
        assert trello.ask("GET", f"/cards/{trello.card.id}").json()["name"] == "Runs fail at night"


def test_answers_can_be_html_truncated_and_cut_off() -> None:
    with world() as trello:
        trello.control("POST", "faults", json={"body": "html", "status": 502})
        answer = trello.ask("GET", "/members/me")
        assert (answer.status_code, answer.headers["Content-Type"]) == (502, "text/html; charset=utf-8")
        trello.control("POST", "faults", json={"fail_every": 1, "status": 429, "answer": {"error": "API_TOKEN_DB_LIMIT_EXCEEDED"}})
        assert trello.ask("GET", "/members/me").json() == {"error": "API_TOKEN_DB_LIMIT_EXCEEDED"}
        trello.control("POST", "faults", json={"body": "truncated"})
        with pytest.raises(requests.JSONDecodeError):
            trello.ask("GET", "/members/me").json()
        trello.control("POST", "faults", json={"body": "cut_off"})
        with pytest.raises(requests.exceptions.ChunkedEncodingError):
            trello.ask("GET", "/members/me")
        trello.control("DELETE", "faults")
        assert trello.ask("GET", "/members/me").json()["username"] == "ada"


def test_slow_answers_are_slow_and_dripping_ones_arrive_whole() -> None:
    with world() as trello:
        trello.control("POST", "faults", json={"delay_seconds": 60})
        with pytest.raises(requests.ReadTimeout):
            requests.get(f"{trello.url}/1/members/me", headers=trello.header(trello.token(ADA)), timeout=0.05)
        trello.control("POST", "faults", json={"drip_seconds": 0.0001})
        assert trello.ask("GET", "/members/me", params={"fields": "username"}).json()["username"] == "ada"


def test_a_misspelt_fault_is_refused() -> None:
    with world() as trello:
        assert trello.control("POST", "faults", json={"lose_answers": 1}).status_code == 400


def test_requests_are_counted_and_tokens_are_not_written_down() -> None:
    with world() as trello:
        token = trello.token(ADA)
        trello.ask("GET", f"/tokens/{token}")
        trello.ask("GET", "/members/me")
        report = trello.control("GET", "requests").json()
        assert {"method": "GET", "path": "/1/members/me", "status": 200, "count": 1} in report["requests"]
        assert (report["total"], token in str(report)) == (2, False)
        assert trello.trello.faults.requests.count("GET", "/1/members/", 200) == 1
        assert trello.control("DELETE", "requests").json()["total"] == 0
