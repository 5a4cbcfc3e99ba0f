"""Trello's allowance: what its headers say, and who waits when little is left."""

import pytest

from powerup.errors import Code
from powerup.integrations.errors import RateLimitedError
from powerup.integrations.trello.client import TrelloClient
from powerup.integrations.trello.limits import RESERVE, RateBudget
from powerup.sandbox.trello import RateLimits
from tests.cast import ADA
from tests.integrations.trello_clients import a_trello_world, client_of, the_client_of_ada
from tests.sandbox.trello_world import World, world

__all__ = ["a_trello_world", "the_client_of_ada"]


class Ticking:
    """A clock that is set by hand."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


def headers(remaining: int, whose: str = "token", interval: str = "10000") -> dict[str, str]:
    return {f"x-rate-limit-api-{whose}-remaining": str(remaining), f"x-rate-limit-api-{whose}-interval-ms": interval}


def test_the_last_calls_of_a_window_are_kept_for_people() -> None:
    clock = Ticking()
    budget = RateBudget(clock)
    budget.note(headers(RESERVE + 1))
    assert (budget.wait(write=True), budget.wait(write=False)) == (0, 0)
    budget.note(headers(RESERVE))
    assert (budget.wait(write=True), budget.wait(write=False)) == (10, 0)
    budget.note(headers(0))
    assert (budget.wait(write=True), budget.wait(write=False)) == (10, 10)
    clock.now += 4
    assert budget.wait(write=False) == 6
    budget.note(headers(99))
    assert budget.wait(write=True) == 0


def test_key_and_token_have_windows_of_their_own() -> None:
    clock = Ticking()
    budget = RateBudget(clock)
    budget.note(headers(0, "key"))
    budget.note(headers(50, "token"))
    assert budget.wait(write=False) == 10
    clock.now += 10
    assert budget.wait(write=True) == 0


@pytest.mark.parametrize("odd", [{}, headers(-1), {"x-rate-limit-api-token-remaining": "²"}, {"x-rate-limit-api-token-remaining": "none"}])
def test_headers_that_say_nothing_hold_nobody_back(odd: dict[str, str]) -> None:
    budget = RateBudget(Ticking())
    budget.note(odd)
    assert budget.wait(write=True) == 0


def test_an_odd_interval_does_not_hold_for_ever() -> None:
    budget = RateBudget(Ticking())
    budget.note(headers(0, interval="99999999999"))
    assert budget.wait(write=True) == 60
    budget.note(headers(0, interval="soon"))
    assert budget.wait(write=True) == 10


def test_a_held_back_write_was_not_sent(trello_world: World, ada: TrelloClient) -> None:
    ada.budget.note(headers(1))
    with pytest.raises(RateLimitedError) as caught:
        ada.comment(trello_world.card.id, "hello")
    assert (caught.value.sent, caught.value.code) == (False, Code.trello_unavailable)
    assert trello_world.trello.faults.requests.count() == 0
    assert ada.me().username == "ada"


def test_too_many_calls_wait_out_the_window() -> None:
    with world(limits=RateLimits(key=0, token=2, seconds=10.0)) as running:
        for client in client_of(running, running.token(ADA)):
            for _ in range(2):
                client.lists(running.board.id)
            for _ in range(2):
                with pytest.raises(RateLimitedError) as caught:
                    client.lists(running.board.id)
                assert caught.value.retry_after is not None
                assert 0 < caught.value.retry_after <= 12
                assert (caught.value.permanent, caught.value.code) == (False, Code.trello_unavailable)
