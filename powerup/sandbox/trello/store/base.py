"""The shelves of the store, their lock, and the record of what happened; each noun's file adds its own acts."""

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from powerup import clock
from powerup.sandbox.trello.store.ids import IdSource
from powerup.sandbox.trello.store.models import (
    Action,
    Board,
    Card,
    Label,
    Member,
    Organization,
    PluginDatum,
    TList,
    Token,
    Webhook,
)


@dataclass(frozen=True)
class Change:
    """One thing the board page may have to draw again."""

    revision: int
    board_id: str | None
    card_id: str | None
    kind: str


@dataclass(frozen=True)
class By:
    """Who acts: a member, and the client identifier of the request."""

    member_id: str
    client: str = ""


@dataclass(eq=False)
class Shelves:
    """Everything the store holds; thrown away as a whole by a reset."""

    organizations: dict[str, Organization] = field(default_factory=dict)
    members: dict[str, Member] = field(default_factory=dict)
    boards: dict[str, Board] = field(default_factory=dict)
    lists: dict[str, TList] = field(default_factory=dict)
    cards: dict[str, Card] = field(default_factory=dict)
    labels: dict[str, Label] = field(default_factory=dict)
    actions: dict[str, Action] = field(default_factory=dict)
    tokens: dict[str, Token] = field(default_factory=dict)
    webhooks: dict[str, Webhook] = field(default_factory=dict)
    plugin_data: dict[tuple[str, str, str, str], PluginDatum] = field(default_factory=dict)
    card_short_links: dict[str, str] = field(default_factory=dict)
    board_cards: dict[str, dict[str, Card]] = field(default_factory=dict)
    card_actions: dict[str, list[Action]] = field(default_factory=dict)
    board_actions: dict[str, list[Action]] = field(default_factory=dict)


class BaseStore:
    """Holds the shelves. All reading and writing happens under `lock`, which may be taken again by its holder."""

    def __init__(self, id_seed: int | None = None) -> None:
        self.lock = threading.RLock()
        self.on_action: Callable[[Action], None] = lambda action: None
        """Called under the lock with each action; the webhooks listen here."""
        self._id_seed = id_seed
        self._news = threading.Condition(self.lock)
        self._changes: deque[Change] = deque(maxlen=2_000)
        self._revision = 0
        self._closing = False
        self._empty()

    def _empty(self) -> None:
        self.ids = IdSource(self._id_seed)
        self.shelves = Shelves()
        self._last_pos: dict[str, float] = {}

    def clear(self) -> None:
        """Forget everything; revisions go on, so that a page that waits learns of it."""
        with self.lock:
            self._empty()
            self.changed(None, kind="reset")

    def close(self) -> None:
        """Let everybody who waits for changes go."""
        with self.lock:
            self._closing = True
            self._news.notify_all()

    @property
    def revision(self) -> int:
        """Grows with every change."""
        return self._revision

    def changed(self, board_id: str | None, card_id: str | None = None, kind: str = "data") -> None:
        """Tell the board page that something is different."""
        self._revision += 1
        self._changes.append(Change(self._revision, board_id, card_id, kind))
        self._news.notify_all()

    def wait_for_changes(self, since: int, seconds: float) -> tuple[int, list[Change]]:
        """The revision and the changes after `since`; waits up to `seconds` when there are none yet."""
        deadline = time.monotonic() + seconds
        with self.lock:
            while self._revision <= since and not self._closing:
                left = deadline - time.monotonic()
                if left <= 0 or not self._news.wait(left):
                    break
            return self._revision, [change for change in self._changes if change.revision > since]

    def record(
        self, type: str, by: By, board: Board | None, card: Card | None = None, at: datetime | None = None, /, **data: Any
    ) -> Action:
        """Write down an action with this data (board and card are added); tell the webhooks and the board page."""
        body: dict[str, Any] = dict(data)
        if card is not None:
            body["card"] = {"id": card.id, "name": card.name, "idShort": card.short_id, "shortLink": card.short_link} | body.get("card", {})
        if board is not None:
            body["board"] = {"id": board.id, "name": board.name, "shortLink": board.short_link} | body.get("board", {})
        action = Action(self.ids.new_id(), type, by.member_id, at or clock.now(), board.id if board else None, body, by.client)
        self.shelves.actions[action.id] = action
        if board is not None:
            self.shelves.board_actions.setdefault(board.id, []).append(action)
        if card is not None:
            card.last_activity_at = action.at
            self.shelves.card_actions.setdefault(card.id, []).append(action)
        self.changed(action.board_id, card.id if card else None, type)
        self.on_action(action)
        return action

    def next_pos(self, shelf: str) -> float:
        """A position after all others of a list or board; Trello's steps are 16384 wide."""
        self._last_pos[shelf] = self._last_pos.get(shelf, 0.0) + 16384.0
        return self._last_pos[shelf]

    def cards_of(self, board_id: str) -> Iterator[Card]:
        """Every card of a board, archived ones too."""
        return iter(self.shelves.board_cards.get(board_id, {}).values())
