"""What the Trello client makes of refusals, silence and nonsense."""

import pytest

from powerup.errors import Code
from powerup.integrations.errors import (
    AddressRefusedError,
    CredentialsRefusedError,
    GoneError,
    IntegrationError,
    NotPermittedError,
    RateLimitedError,
    RejectedError,
    UnreachableError,
    VendorBrokenError,
    VendorTimeoutError,
)
from powerup.integrations.http import Answer, HttpPolicy
from powerup.integrations.trello.client import TrelloClient, open_http
from powerup.integrations.trello.errors import classify, in_trellos_name
from powerup.sandbox.common.faults import FaultPlan
from tests.cast import ADA, CLEO
from tests.integrations.trello_clients import POLICY, TICKET, a_trello_world, client_of, the_client_of_ada
from tests.sandbox.trello_world import World

__all__ = ["a_trello_world", "the_client_of_ada"]


def test_a_revoked_token_asks_for_a_new_connection(trello_world: World) -> None:
    for client in client_of(trello_world, "ATTA" + "0" * 60):
        with pytest.raises(CredentialsRefusedError) as caught:
            client.me()
    assert (caught.value.permanent, caught.value.reconnect, caught.value.code) == (True, True, Code.trello_refused)
    assert "Connect the board again" in caught.value.detail


def test_a_wrong_api_key_is_the_installations_fault_not_the_persons(trello_world: World) -> None:
    with open_http(POLICY) as http, pytest.raises(CredentialsRefusedError, match="CLOSELOOP_TRELLO_API_KEY") as caught:
        TrelloClient(http, f"{trello_world.url}/1", "f" * 32, trello_world.token(ADA)).me()
    assert (caught.value.permanent, caught.value.reconnect) == (True, False)


def test_a_stranger_cannot_read_or_write(trello_world: World) -> None:
    for client in client_of(trello_world, trello_world.token(CLEO)):
        with pytest.raises((GoneError, NotPermittedError)) as caught:
            client.board(trello_world.board.id)
        assert (caught.value.permanent, caught.value.reconnect, caught.value.code) == (True, False, Code.trello_refused)
        with pytest.raises((GoneError, NotPermittedError)):
            client.comment(trello_world.card.id, "hello")


def test_what_is_gone_is_gone(ada: TrelloClient) -> None:
    with pytest.raises(GoneError) as caught:
        ada.card("0" * 24)
    assert caught.value.permanent


@pytest.mark.parametrize("odd", ["", "../members/me", "abc/def", "a?b=c", "é", "x" * 65])
def test_what_is_no_id_never_becomes_a_path(trello_world: World, ada: TrelloClient, odd: str) -> None:
    with pytest.raises(RejectedError) as caught:
        ada.card(odd)
    assert caught.value.sent is False
    assert trello_world.trello.faults.requests.count() == 0


def test_a_write_goes_out_once_whatever_happens_to_its_answer(trello_world: World, ada: TrelloClient) -> None:
    trello_world.trello.faults.set(FaultPlan(lose_answer_every=1, methods=("POST",)))
    with pytest.raises(IntegrationError) as caught:
        ada.create_card(trello_world.inbox.id, "Runs fail", f"See {TICKET}.", TICKET)
    assert (caught.value.sent, caught.value.permanent, caught.value.code) == (True, False, Code.trello_unavailable)
    cards = [card for card in trello_world.store.cards_of(trello_world.board.id) if card.name == "Runs fail"]
    assert len(cards) == 1
    found = ada.find_card_in_list(trello_world.inbox.id, TICKET)
    assert found is not None
    assert found.id == cards[0].id


def test_a_read_survives_a_hiccup(trello_world: World, ada: TrelloClient) -> None:
    trello_world.trello.faults.set(FaultPlan(fail_every=1, status=503, times=1))
    assert ada.me().username == "ada"


@pytest.mark.parametrize(
    ("plan", "error"),
    [
        (FaultPlan(fail_every=1, status=500), VendorBrokenError),
        (FaultPlan(fail_every=1, status=449), VendorBrokenError),
        (FaultPlan(body="html", status=502), VendorBrokenError),
        (FaultPlan(body="html", status=200), VendorBrokenError),
        (FaultPlan(body="truncated"), VendorBrokenError),
        (FaultPlan(lose_answer_every=1), UnreachableError),
    ],
)
def test_trouble_at_trello_may_be_tried_again_and_has_trellos_name(
    trello_world: World, ada: TrelloClient, plan: FaultPlan, error: type[IntegrationError]
) -> None:
    trello_world.trello.faults.set(plan)
    with pytest.raises(error) as caught:
        ada.board(trello_world.board.id)
    assert (caught.value.permanent, caught.value.code) == (False, Code.trello_unavailable)
    assert "Trello" in caught.value.detail or "part" in caught.value.detail


def test_slowness_has_an_end(trello_world: World) -> None:
    quick = HttpPolicy(connect_timeout=0.1, read_timeout=0.2, private_hosts=("127.0.0.1",))
    trello_world.trello.faults.set(FaultPlan(delay_seconds=30))
    for client in client_of(trello_world, trello_world.token(ADA), quick):
        with pytest.raises(VendorTimeoutError) as caught:
            client.me()
    assert caught.value.code is Code.trello_unavailable


def test_an_unreachable_trello_was_certainly_not_told() -> None:
    with open_http(POLICY) as http, pytest.raises(UnreachableError) as caught:
        TrelloClient(http, "http://127.0.0.1:9/1", "k", "t").comment("0" * 24, "hello")
    assert (caught.value.sent, caught.value.code) == (False, Code.trello_unavailable)


def answer(status: int, body: str, **headers: str) -> Answer:
    return Answer(status, headers, body.encode(), "https://api.trello.com/1/x", "Trello")


@pytest.mark.parametrize(
    ("status", "body", "error", "permanent", "reconnect"),
    [
        (401, "invalid token", CredentialsRefusedError, True, True),
        (401, "expired token", CredentialsRefusedError, True, True),
        (401, "", CredentialsRefusedError, True, True),
        (401, "invalid key", CredentialsRefusedError, True, False),
        (401, "invalid app key", CredentialsRefusedError, True, False),
        (401, "unauthorized permission requested", NotPermittedError, True, False),
        (401, "unauthorized card permission requested", NotPermittedError, True, False),
        (403, "board has too many cards", NotPermittedError, True, False),
        (404, "The requested resource was not found.", GoneError, True, False),
        (410, "", GoneError, True, False),
        (400, "invalid value for idList", RejectedError, True, False),
        (409, "conflict", RejectedError, True, False),
        (429, '{"error":"API_TOKEN_LIMIT_EXCEEDED","message":"Rate limit exceeded"}', RateLimitedError, False, False),
        (429, '{"error":"API_TOKEN_DB_LIMIT_EXCEEDED","message":"x"}', RateLimitedError, False, False),
        (429, "Rate limit exceeded", RateLimitedError, False, False),
        (429, '{"error":"API_TOO_MANY_CARDS_REQUESTED","message":"x"}', RejectedError, True, False),
        (449, '{"path":"/x","originalStatus":500}', VendorBrokenError, False, False),
    ],
)
def test_trellos_words_become_errors_that_say_what_to_do(
    status: int, body: str, error: type[IntegrationError], permanent: bool, reconnect: bool
) -> None:
    found = classify(answer(status, body))
    assert type(found) is error
    assert (found.permanent, found.reconnect, found.http_status) == (permanent, reconnect, status)


@pytest.mark.parametrize("status", [200, 204, 302, 500, 502, 503])
def test_everything_else_is_left_to_the_common_mapping(status: int) -> None:
    assert classify(answer(status, "invalid token")) is None


def test_after_a_429_a_whole_window_and_some_jitter_is_waited() -> None:
    waits = [found.retry_after for _ in range(20) if (found := classify(answer(429, "")))]
    assert all(wait is not None and 10 <= wait <= 12 for wait in waits)
    assert len(set(waits)) > 1
    longer = classify(answer(429, "", **{"retry-after": "30"}))
    assert longer is not None
    assert longer.retry_after == 30


def test_the_reason_is_one_short_line_and_never_a_web_page() -> None:
    long = classify(answer(400, "invalid\nvalue " + "x" * 1000))
    assert long is not None
    assert "\n" not in long.detail
    assert len(long.detail) < 300
    page = classify(answer(400, "<!doctype html><html>secret</html>"))
    assert page is not None
    assert "secret" not in page.detail
    broken = classify(answer(400, '{"error":'))
    assert broken is not None
    assert broken.detail == "Trello refused the request."


def test_an_address_that_is_refused_keeps_its_own_code() -> None:
    assert in_trellos_name(AddressRefusedError("private")).code is Code.invalid
