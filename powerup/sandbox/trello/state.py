"""What the board page shows, in one reading: `GET /sandbox/state`."""

from typing import Any

from powerup.sandbox.trello.options import TrelloOptions
from powerup.sandbox.trello.rest.shapes import Shapes
from powerup.sandbox.trello.session import HOST_KEY, host_token
from powerup.sandbox.trello.store import Store
from powerup.sandbox.trello.store.models import Board, Card, Member

Shape = dict[str, Any]


class StateReader:
    """Reads the state for one person."""

    def __init__(self, store: Store, shapes: Shapes, options: TrelloOptions) -> None:
        self._store = store
        self._shapes = shapes
        self._options = options

    def read(self, member: Member | None, *, board: str = "", card: str = "") -> Shape:
        """Who looks, what there is, and the whole of one board: the named one, the named card's, or the first."""
        store = self._store
        with store.lock:
            boards = self._boards(member)
            found = self._chosen(boards, member, board, card)
            return {
                "revision": store.revision,
                "member": self.person(member) if member else None,
                "people": self.people(),
                "boards": [self._summary(one, member) for one in boards],
                "board": self._board(found, member) if found else None,
                "links": [{"label": label, "url": url} for label, url in self._links() if url],
                "powerUp": self._power_up(),
                "apiKey": HOST_KEY,
                "token": host_token(store, member).value if member else None,
            }

    def people(self) -> list[Shape]:
        """The cast; `key` is what /sandbox/session takes."""
        return [self.person(member) | {"key": member.key, "blurb": member.note} for member in self._store.shelves.members.values()]

    def person(self, member: Member) -> Shape:
        """One person."""
        return {"id": member.id, "username": member.username, "fullName": member.full_name, "initials": member.initials, "avatarUrl": None}

    def _boards(self, member: Member | None) -> list[Board]:
        member_id = member.id if member else None
        return [board for board in self._store.shelves.boards.values() if not board.closed and self._store.sees(member_id, board)]

    def _chosen(self, boards: list[Board], member: Member | None, board: str, card: str) -> Board | None:
        """The board to show; None when the one that was asked for may not be seen."""
        shelves = self._store.shelves
        if card:
            found = shelves.cards.get(shelves.card_short_links.get(card, card))
            return next((one for one in boards if found is not None and one.id == found.board_id), None)
        if board:
            return next((one for one in boards if board in (one.id, one.short_link)), None)
        mine = [one for one in boards if member is not None and member.id in one.roles]
        return next(iter(mine or boards), None)

    def _links(self) -> tuple[tuple[str, str], ...]:
        return ("Forum", self._options.forum_url), ("Slack", self._options.slack_url)

    def _power_up(self) -> Shape:
        power_up = self._options.power_up
        return {
            "idPlugin": power_up.id,
            "name": power_up.name,
            "connectorUrl": power_up.connector_url,
            "iconUrl": power_up.icon_url,
            "apiKey": power_up.api_key,
        }

    def _summary(self, board: Board, member: Member | None) -> Shape:
        shape = self._shapes.board(board)
        role = board.roles.get(member.id) if member else None
        return {name: shape[name] for name in ("id", "name", "shortLink", "url", "prefs")} | {"role": role}

    def _board(self, board: Board, member: Member | None) -> Shape:
        store, shapes = self._store, self._shapes
        organization = store.shelves.organizations.get(board.organization_id or "")
        power_up = self._options.power_up
        plugin = {"id": power_up.id, "name": power_up.name, "icon": power_up.icon_url or None, "connector": power_up.connector_url}
        lists = store.lists_of(board)
        open_lists = {one.id for one in lists}
        cards = [card for card in store.cards_of(board.id) if not card.closed and card.list_id in open_lists]
        cards.sort(key=lambda card: card.pos)
        return self._summary(board, member) | {
            "idOrganization": board.organization_id,
            "organization": shapes.organization(organization) if organization else None,
            "permission": "write" if store.writes(member.id if member else None, board) else "read",
            "memberships": [shapes.membership(board, id) for id in board.roles],
            "members": [self.person(store.member(id)) for id in board.roles],
            "labels": [shapes.label(label) for label in store.labels_of(board)],
            "lists": [shapes.list(one) for one in lists],
            "cards": [self._card(card) for card in cards],
            "plugins": [plugin] if board.power_up_enabled and power_up.connector_url else [],
            "powerUpEnabled": board.power_up_enabled,
        }

    def _card(self, card: Card) -> Shape:
        return self._shapes.card(card) | {"attachments": [self._shapes.attachment(one) for one in card.attachments]}
