"""Who asks: the API key and token of a request, and what their member may see and change."""

import re
from dataclasses import dataclass
from typing import Any, TypeAlias

from flask import current_app, request

from powerup.sandbox.trello.options import TrelloOptions
from powerup.sandbox.trello.rest.params import Params
from powerup.sandbox.trello.session import HOST_KEY, current, host_token, is_own_page
from powerup.sandbox.trello.store import By, Store
from powerup.sandbox.trello.store.models import Board, Card, Label, TList, Token
from powerup.sandbox.trello.store.refusals import Refusal, invalid, not_found, not_permitted

Json: TypeAlias = dict[str, Any] | list[Any]
_PARAMS, _ASKER = "closeloop.sandbox.params", "closeloop.sandbox.asker"
_OAUTH = re.compile(r'oauth_(consumer_key|token)="([^"]*)"')


@dataclass(frozen=True)
class Asker:
    """The key and, when one was sent, the token of a request."""

    key: str
    token: Token | None

    @property
    def member_id(self) -> str | None:
        """For whom the token speaks."""
        return self.token.member_id if self.token else None

    def needs_token(self) -> Token:
        """The token; a refusal when none was sent."""
        if self.token is None:
            raise not_permitted()
        return self.token


def store() -> Store:
    """The state of the double that answers."""
    found = current_app.extensions["trello_store"]
    assert isinstance(found, Store)  # noqa: S101 - tells mypy
    return found


def options() -> TrelloOptions:
    """How the double that answers behaves."""
    found = current_app.extensions["trello_options"]
    assert isinstance(found, TrelloOptions)  # noqa: S101 - tells mypy
    return found


def params() -> Params:
    """The parameters of this request."""
    # In the environ, not in `g`: the inner requests of a batch share its `g`.
    found = request.environ.setdefault(_PARAMS, None) or Params.of_request()
    request.environ[_PARAMS] = found
    assert isinstance(found, Params)  # noqa: S101 - tells mypy
    return found


def credentials() -> tuple[str, str]:
    """Key and token as sent: in the Authorization header (preferred), the query or the body; empty when absent."""
    sent = dict(_OAUTH.findall(request.headers.get("Authorization", "")))
    return sent.get("consumer_key") or params().text("key"), sent.get("token") or params().text("token")


def identify() -> None:
    """Believe the credentials, or refuse them; remembered for the request."""
    key, value = credentials()
    if not key and not value and is_own_page(request):
        # Trello's web client too calls the REST API with the person's session and no key.
        member = current(request, store())
        key, value = HOST_KEY, host_token(store(), member).value if member else ""
    if key not in (options().power_up.api_key, HOST_KEY):
        raise Refusal(401, "invalid key")
    token = store().token(value) if value else None
    if value and (token is None or token.key != key):
        raise Refusal(401, "invalid token")
    request.environ[_ASKER] = Asker(key, token)
    needed = "read" if request.method in ("GET", "HEAD") else "write"
    if token is not None and needed not in token.scopes and "/tokens/" not in request.path:
        raise not_permitted()


def asker() -> Asker:
    """Who asks."""
    found = request.environ[_ASKER]
    assert isinstance(found, Asker)  # noqa: S101 - tells mypy
    return found


def by() -> By:
    """The asking member as the author of an action; a refusal without a token."""
    return By(asker().needs_token().member_id, request.headers.get("X-Trello-Client-Identifier", ""))


def seen(board: Board) -> Board:
    """The board, when the asker may look at it; otherwise it is not there."""
    if not store().sees(asker().member_id, board):
        raise not_found() if asker().token else not_permitted()
    return board


def writable(board: Board) -> Board:
    """The board, when the asker may change it."""
    if not store().writes(asker().needs_token().member_id, seen(board)):
        raise not_permitted()
    return board


def board_at(id: str, *, write: bool = False) -> Board:
    """The board with this id or short link, when it may be seen (or changed)."""
    board = store().board(_checked(id))
    return writable(board) if write else seen(board)


def list_at(id: str, *, write: bool = False) -> TList:
    """The list with this id, when its board may be seen (or changed)."""
    found = store().tlist(_checked(id))
    board_at(found.board_id, write=write)
    return found


def card_at(id: str, *, write: bool = False) -> Card:
    """The card with this id or short link, when its board may be seen (or changed)."""
    card = store().card(_checked(id))
    board_at(card.board_id, write=write)
    return card


def label_at(id: str, *, write: bool = False) -> Label:
    """The label with this id, when its board may be seen (or changed)."""
    label = store().label(_checked(id))
    board_at(label.board_id, write=write)
    return label


def _checked(id: str) -> str:
    if not re.fullmatch(r"[0-9a-f]{24}|[0-9A-Za-z]{8}", id):
        raise invalid("id")
    return id
