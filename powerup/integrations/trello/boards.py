"""Members, boards and what boards consist of."""

from powerup.integrations.http import each, maybe
from powerup.integrations.trello.caller import Caller, part
from powerup.integrations.trello.models import VENDOR, Board, Card, FullCard, Label, Member, Membership, Organization, TrelloList

BOARD_FIELDS = "id,name,url,idOrganization,closed"
CARD_FIELDS = "id,shortLink,name,url,idBoard,idList,closed"
FULL_CARD_FIELDS = "id,name,desc,url,idList,pos,labels,idMembers,closed"


class Boards(Caller):
    """Reads boards. Calls below `/members/me/` do not count against the strict limit of `/members/`."""

    def me(self) -> Member:
        """Whose token this is."""
        return self._call("GET", "/members/me", Member.read, params={"fields": "id,username,fullName,idOrganizations"})

    def my_boards(self) -> tuple[Board, ...]:
        """The open boards that this account belongs to."""
        params = {"filter": "open", "fields": BOARD_FIELDS, "organization": "true"}
        return self._all("/members/me/boards", Board.read, params)

    def board(self, board_id: str) -> Board:
        """One board, with the name of its workspace where we may see it."""
        params = {"fields": BOARD_FIELDS, "organization": "true"}
        return self._call("GET", f"/boards/{part(board_id)}", Board.read, params=params)

    def organization(self, organization_id: str) -> Organization:
        """One Trello workspace."""
        return self._call("GET", f"/organizations/{part(organization_id)}", Organization.read)

    def memberships(self, board_id: str) -> tuple[Membership, ...]:
        """Who belongs to the board now; people who left the workspace or never accepted are no members."""

        def read(answer: object) -> tuple[Membership, ...]:
            rows = each(answer, "", vendor=VENDOR)
            gone = [maybe(row, "deactivated", bool, vendor=VENDOR) or maybe(row, "unconfirmed", bool, vendor=VENDOR) for row in rows]
            return tuple(Membership.read(row) for row, left in zip(rows, gone, strict=True) if not left)

        return self._call("GET", f"/boards/{part(board_id)}/memberships", read, params={"filter": "all"})

    def lists(self, board_id: str) -> tuple[TrelloList, ...]:
        """The board's open lists, from left to right."""
        params = {"filter": "open", "fields": "id,name,pos"}
        return tuple(sorted(self._all(f"/boards/{part(board_id)}/lists", TrelloList.read, params), key=lambda column: column.pos))

    def cards(self, board_id: str) -> tuple[Card, ...]:
        """The board's open cards."""
        return self._all(f"/boards/{part(board_id)}/cards", Card.read, {"fields": CARD_FIELDS})

    def cards_in_full(self, board_id: str) -> tuple[FullCard, ...]:
        """The board's open cards (on open lists) with their descriptions, labels and people, in one request."""
        return self._all(f"/boards/{part(board_id)}/cards", FullCard.read, {"fields": FULL_CARD_FIELDS})

    def members_of_board(self, board_id: str) -> tuple[Member, ...]:
        """The people on the board by name; who may do what there is in `memberships`."""
        return self._all(f"/boards/{part(board_id)}/members", Member.read, {"fields": "id,username,fullName"})

    def labels(self, board_id: str) -> tuple[Label, ...]:
        """The board's labels."""
        return self._all(f"/boards/{part(board_id)}/labels", Label.read, {"fields": "id,name,color", "limit": 1000})

    def create_label(self, board_id: str, name: str, color: str | None) -> Label:
        """A new label; a second one of the same name is possible, so look first."""
        # Trello wants the field even for a label without colour.
        return self._call("POST", "/labels", Label.read, body={"name": name, "color": color or "", "idBoard": part(board_id)})

    def ensure_label(self, board_id: str, name: str, color: str | None) -> Label:
        """The board's label of this name, made when there is none; one that people gave another colour is still the same.

        Trello takes a second label of the same name, so that two who ask at once may make two. Both then get the older one: ids begin
        with the time of their making (support.atlassian.com/trello/docs/getting-the-time-a-card-or-board-was-created).
        """
        if found := self._oldest_label(board_id, name):
            return found
        made = self.create_label(board_id, name, color)
        return self._oldest_label(board_id, name) or made

    def _oldest_label(self, board_id: str, name: str) -> Label | None:
        same = [label for label in self.labels(board_id) if label.name == name]
        return min(same, key=lambda label: label.id, default=None)

    def search_cards(self, query: str, board_ids: tuple[str, ...] | list[str], limit: int = 10) -> tuple[Card, ...]:
        """Cards that Trello's search finds on these boards. Its index lags behind and its limit is strict: not for looking first."""
        params: dict[str, str | int] = {
            "query": query,
            "idBoards": ",".join(part(board_id) for board_id in board_ids),
            "modelTypes": "cards",
            "card_fields": CARD_FIELDS,
            "cards_limit": max(1, min(limit, 1000)),
            "partial": "true",
        }
        if not query.strip() or not board_ids:
            return ()
        return self._call(
            "GET", "/search", lambda answer: tuple(Card.read(row) for row in each(answer, "cards", vendor=VENDOR)), params=params
        )
