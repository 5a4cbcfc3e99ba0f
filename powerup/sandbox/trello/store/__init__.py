"""The state of a Trello double. Seed it like this (every `add_*` takes an optional `id=`, 24 hex digits):

    store.add_organization(name, display_name="") -> Organization
    store.add_member(username, full_name, organizations=(organization, ...), note="") -> Member
    store.add_board(name, organization=None, members={member: "admin" | "normal" | "observer"},
                    visibility="private" | "org" | "public", desc="", background="blue", power_up=True) -> Board
    store.set_role(board, member, role | None)
    store.add_list(board, name, closed=False) -> TList
    store.add_label(board, name, color=None) -> Label
    store.add_card(list, name, by=member, desc="", labels=(label, ...), members=(member, ...), urls=(url, ...),
                   comments=((member, text), ...), due=None, closed=False, at=None) -> Card
    store.attach(card, url, By(member.id), name="") -> Attachment
    store.comment(card, text, By(member.id), at=None) -> Action
    store.update_card(card, By(member.id), name=..., desc=..., closed=...);  store.move_card(card, to_list, By(member.id))
    store.move_list(list, board, By(member.id));  store.update_label(label, By(member.id), name=..., color=...)
    store.make_token(member, api_key, scopes=("read", "write"), expiration="never") -> Token   (.value is the token)
    store.clear()

Everything is safe to call from any thread; take `store.lock` to do several things as one.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from powerup.sandbox.trello.store.base import By
from powerup.sandbox.trello.store.boards import Boards
from powerup.sandbox.trello.store.cards import Cards
from powerup.sandbox.trello.store.grants import Grants
from powerup.sandbox.trello.store.hangings import Hangings
from powerup.sandbox.trello.store.models import Card, Label, Member, TList
from powerup.sandbox.trello.store.moves import Moves
from powerup.sandbox.trello.store.people import People
from powerup.sandbox.trello.store.refusals import Refusal, invalid

__all__ = ["By", "Refusal", "Store"]


class Store(People, Boards, Cards, Moves, Hangings, Grants):
    """Everything that a Trello has; in memory."""

    def add_card(
        self,
        on: TList,
        name: str,
        *,
        by: Member | By,
        desc: str = "",
        labels: Iterable[Label] = (),
        members: Iterable[Member] = (),
        urls: Iterable[str] = (),
        comments: Iterable[tuple[Member, str]] = (),
        at: datetime | None = None,
        **fields: Any,
    ) -> Card:
        """Make a card with all that hangs on it. A URL is a second action after createCard, as in Trello."""
        who = by if isinstance(by, By) else By(by.id)
        with self.lock:
            board = self.board(on.board_id)
            label_ids = [label.id for label in labels]
            if any(self.label(id).board_id != board.id for id in label_ids):
                raise invalid("idLabels")
            card = self.create_card(on, board, who, at=at, name=name, desc=desc, label_ids=label_ids, **fields)
            self.set_card_members(card, members, who)
            for url in urls:
                self.attach(card, url, who, at=at)
            for member, text in comments:
                self.comment(card, text, By(member.id), at=at)
            return card
