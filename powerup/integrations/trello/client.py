"""Trello's REST API, as far as Closeloop uses it."""

from powerup.integrations.http import HttpClient, HttpPolicy
from powerup.integrations.trello.boards import Boards
from powerup.integrations.trello.cards import Cards
from powerup.integrations.trello.hooks import Hooks
from powerup.integrations.trello.models import VENDOR


class TrelloClient(Boards, Cards, Hooks):
    """Acts in Trello as the account that a token belongs to; every answer is a frozen dataclass.

    Raises only IntegrationErrors: 401 is permanent and asks to reconnect, 404 is GoneError (deleted, or hidden from this account),
    429 says how long to wait; their codes are `trello_refused` and `trello_unavailable`. For one thread, as `http` is.
    """


def open_http(policy: HttpPolicy) -> HttpClient:
    """A connection for `TrelloClient` and `TrelloKeys`."""
    return HttpClient(policy, vendor=VENDOR)


__all__ = ["TrelloClient", "open_http"]
