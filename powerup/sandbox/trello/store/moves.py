"""Cards and lists go from one place to another, of the same or of another board."""

from typing import Any

from powerup.sandbox.trello.store.base import BaseStore, By
from powerup.sandbox.trello.store.models import Board, Card, TList


class Moves(BaseStore):
    """Moves. Between boards two actions tell of one: `...FromBoard` on the old board, `...ToBoard` on the new one."""

    def move_card(self, card: Card, to: TList, by: By, pos: float | None = None) -> None:
        """Put a card on another list, of this or of another board; at its end unless `pos` says where."""
        with self.lock:
            before, card.list_id = self.shelves.lists[card.list_id], to.id
            card.pos = self.next_pos(to.id) if pos is None else pos
            old_board, board = self.shelves.boards[card.board_id], self.shelves.boards[to.board_id]
            if old_board is board:
                if before is not to:
                    moved = {"listBefore": _named(before), "listAfter": _named(to)}
                    self.record("updateCard", by, board, card, card={"idList": to.id}, old={"idList": before.id}, **moved)
                return
            self.record("moveCardFromBoard", by, old_board, card, boardTarget={"id": board.id}, list=_named(before))
            self._take_over(card, board)
            self.record("moveCardToBoard", by, board, card, boardSource={"id": old_board.id}, list=_named(to))

    def move_list(self, found: TList, board: Board, by: By) -> None:
        """Put a list with all its cards at the right end of another board. Whether Trello tells of its cards too is not documented."""
        with self.lock:
            old_board = self.shelves.boards[found.board_id]
            if old_board is board:
                return
            self.record("moveListFromBoard", by, old_board, boardTarget={"id": board.id}, list=_named(found))
            found.board_id, found.pos = board.id, self.next_pos(board.id)
            for card in [card for card in self.cards_of(old_board.id) if card.list_id == found.id]:
                self._take_over(card, board)
            self.record("moveListToBoard", by, board, boardSource={"id": old_board.id}, list=_named(found))

    def _take_over(self, card: Card, board: Board) -> None:
        """The card belongs to this board now, with the labels of the same name and colour and the people that the board has too.

        Trello's documents do not say what becomes of the rest; here it is dropped. Labels of the old board would make no sense, and
        somebody who may not see the board cannot work on its cards.
        """
        self.shelves.board_cards[card.board_id].pop(card.id)
        self.shelves.board_cards[board.id][card.id] = card
        card.board_id = board.id
        labels = self.shelves.labels
        worn = [(labels[id].name, labels[id].color) for id in card.label_ids]
        here = {(label.name, label.color): label.id for label in reversed(labels.values()) if label.board_id == board.id}
        card.label_ids = [here[look] for look in worn if look in here]
        card.member_ids = [id for id in card.member_ids if id in board.roles]


def _named(found: TList) -> dict[str, Any]:
    return {"id": found.id, "name": found.name}
