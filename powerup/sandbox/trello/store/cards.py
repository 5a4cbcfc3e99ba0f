"""Cards: made, changed, archived, deleted, found."""

import re
import time
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from powerup import clock
from powerup.sandbox.trello.store.base import BaseStore, By
from powerup.sandbox.trello.store.models import Board, Card, Member, TList
from powerup.sandbox.trello.store.refusals import not_found

_PLAIN = ("name", "desc", "closed", "due", "start", "due_complete", "pos")
_JSON_NAMES = {"due_complete": "dueComplete"}


class Cards(BaseStore):
    """Cards without what hangs on them."""

    def create_card(self, on: TList, board: Board, by: By, *, at: datetime | None = None, id: str | None = None, **fields: Any) -> Card:
        """Make a card and record createCard; `fields` are attributes of Card."""
        with self.lock:
            board.last_short_id += 1
            fields.setdefault("pos", self.next_pos(on.id))
            card = Card(
                id=id or self.ids.new_id(),
                short_link=fields.pop("short_link", "") or self.ids.short_link(),
                short_id=board.last_short_id,
                board_id=board.id,
                list_id=on.id,
                name=fields.pop("name", ""),
                desc=fields.pop("desc", ""),
                last_activity_at=at or clock.now(),
                changed_at=time.monotonic(),
                **fields,
            )
            self.shelves.cards[card.id] = card
            self.shelves.board_cards[board.id][card.id] = card
            self.shelves.card_short_links[card.short_link] = card.id
            self.record("createCard", by, board, card, at, list={"id": on.id, "name": on.name})
            return card

    def card(self, id_or_short_link: str) -> Card:
        """By id or short link; a refusal when there is none."""
        card = self.shelves.cards.get(self.shelves.card_short_links.get(id_or_short_link, id_or_short_link))
        if card is None:
            raise not_found()
        return card

    def update_card(self, card: Card, by: By, **fields: Any) -> None:
        """Change plain attributes; one updateCard action for each that is different, as Trello does."""
        with self.lock:
            for name in _PLAIN:
                old = getattr(card, name)
                if name not in fields or fields[name] == old:
                    continue
                setattr(card, name, fields[name])
                if name in ("name", "desc"):
                    self._word_changed(card, f"{old}\n{card.desc}" if name == "name" else f"{card.name}\n{old}")
                key = _JSON_NAMES.get(name, name)
                self.record("updateCard", by, self.shelves.boards[card.board_id], card, card={key: fields[name]}, old={key: old})

    def delete_card(self, card: Card, by: By) -> None:
        """Delete for good; the action still names the card."""
        with self.lock:
            board = self.shelves.boards[card.board_id]
            self.shelves.cards.pop(card.id)
            self.shelves.board_cards[board.id].pop(card.id)
            self.shelves.card_short_links.pop(card.short_link)
            data = {"id": card.id, "idShort": card.short_id, "shortLink": card.short_link}
            self.record("deleteCard", by, board, None, None, list={"id": card.list_id}, card=data)
            self.shelves.card_actions.pop(card.id, None)

    def set_card_members(self, card: Card, members: Iterable[Member], by: By) -> None:
        """Exactly these people are on the card."""
        with self.lock:
            wanted = {member.id: member for member in members}
            board = self.shelves.boards[card.board_id]
            for id in [id for id in wanted if id not in card.member_ids]:
                card.member_ids.append(id)
                self.record("addMemberToCard", by, board, card, idMember=id, member={"id": id, "name": wanted[id].full_name})
            for id in [id for id in card.member_ids if id not in wanted]:
                card.member_ids.remove(id)
                gone = {"id": id, "name": self.shelves.members[id].full_name}
                self.record("removeMemberFromCard", by, board, card, idMember=id, member=gone)

    def search(self, query: str, visible: Iterable[Board], lag_seconds: float, *, partial: bool) -> list[Card]:
        """Open cards whose indexed text has all words (or, `partial`, their beginnings); the index learns of a change so late."""
        needles = re.findall(r"\w+", query.casefold())
        patterns = [re.compile(rf"\b{needle}" if partial else rf"\b{needle}\b") for needle in needles]
        hits = []
        for board in visible:
            for card in self.cards_of(board.id):
                if time.monotonic() - card.changed_at >= lag_seconds:
                    card.indexed = f"{card.name}\n{card.desc}".casefold()
                if patterns and not card.closed and all(pattern.search(card.indexed) for pattern in patterns):
                    hits.append(card)
        return sorted(hits, key=lambda card: card.last_activity_at, reverse=True)

    def _word_changed(self, card: Card, before: str) -> None:
        card.indexed = before.casefold()
        card.changed_at = time.monotonic()
