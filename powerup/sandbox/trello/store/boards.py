"""Boards, who is on them, and their lists."""

from collections.abc import Mapping

from powerup.sandbox.trello.store.base import BaseStore, By
from powerup.sandbox.trello.store.models import Board, Member, Organization, Role, TList, Visibility
from powerup.sandbox.trello.store.refusals import invalid, not_found

LABEL_COLORS = ("green", "yellow", "orange", "red", "purple", "blue")
"""A new board has a nameless label of each."""

_ROLE_CHANGES = {"admin": "makeAdminOfBoard", "normal": "makeNormalMemberOfBoard", "observer": "makeObserverOfBoard"}


class Boards(BaseStore):
    """Boards and lists."""

    def add_board(
        self,
        name: str,
        *,
        organization: Organization | None = None,
        members: Mapping[Member, Role] | None = None,
        visibility: Visibility = "private",
        desc: str = "",
        background: str = "blue",
        power_up: bool = True,
        id: str | None = None,
        short_link: str = "",
    ) -> Board:
        """Make an empty board, with the Power-Up enabled unless `power_up` says no."""
        with self.lock:
            board = Board(
                id or self.ids.new_id(),
                short_link or self.ids.short_link(),
                name,
                desc,
                organization.id if organization else None,
                visibility,
                background,
                power_up_enabled=power_up,
            )
            self.shelves.boards[board.id] = board
            self.shelves.board_cards[board.id] = {}
            for member, role in (members or {}).items():
                board.roles[member.id] = role
                board.membership_ids[member.id] = self.ids.new_id()
            self.changed(board.id)
            return board

    def set_role(self, board: Board, member: Member, role: Role | None, by: By | None = None) -> None:
        """Put a member on a board, change the role, or (None) take the member off; an action tells the webhooks."""
        with self.lock:
            before = board.roles.get(member.id)
            who = by or By(next((id for id, one in board.roles.items() if one == "admin"), member.id))
            if role == before:
                return
            if role is None:
                del board.roles[member.id], board.membership_ids[member.id]
                self.record("removeMemberFromBoard", who, board, idMember=member.id)
                return
            board.roles[member.id] = role
            board.membership_ids.setdefault(member.id, self.ids.new_id())
            if before is None:
                self.record("addMemberToBoard", who, board, idMemberAdded=member.id, memberType=role)
            else:
                self.record(_ROLE_CHANGES[role], who, board, idMember=member.id)

    def board(self, id_or_short_link: str) -> Board:
        """By id or short link; a refusal when there is none."""
        found = self.shelves.boards.get(id_or_short_link)
        found = found or next((board for board in self.shelves.boards.values() if board.short_link == id_or_short_link), None)
        if found is None:
            raise not_found()
        return found

    def update_board(self, board: Board, by: By, *, name: str | None = None, desc: str | None = None, closed: bool | None = None) -> None:
        """Rename, describe, close or reopen a board."""
        with self.lock:
            old: dict[str, object] = {}
            if name is not None and name != board.name:
                old["name"], board.name = board.name, name
            if desc is not None and desc != board.desc:
                old["desc"], board.desc = board.desc, desc
            if closed is not None and closed != board.closed:
                old["closed"], board.closed = board.closed, closed
            if old:
                self.record("updateBoard", by, board, board={key: getattr(board, key) for key in old}, old=old)

    def enable_power_up(self, board: Board, enabled: bool, by: By) -> None:
        """Enable or disable the Power-Up on a board; an action tells the webhooks."""
        with self.lock:
            if board.power_up_enabled != enabled:
                board.power_up_enabled = enabled
                self.record("enablePlugin" if enabled else "disablePlugin", by, board)

    def add_list(self, board: Board, name: str, *, closed: bool = False, id: str | None = None, by: By | None = None) -> TList:
        """Make a list at the right end of a board."""
        with self.lock:
            made = TList(id or self.ids.new_id(), board.id, name, self.next_pos(board.id), closed)
            self.shelves.lists[made.id] = made
            if by is None:
                self.changed(board.id)
            else:
                self.record("createList", by, board, list={"id": made.id, "name": made.name})
            return made

    def tlist(self, id: str) -> TList:
        """By id; a refusal when there is none."""
        if id not in self.shelves.lists:
            raise not_found()
        return self.shelves.lists[id]

    def lists_of(self, board: Board, *, filter: str = "open") -> tuple[TList, ...]:
        """The lists of a board from left to right; filter `open`, `closed`, `all` or `none`."""
        if filter not in ("open", "closed", "all", "none"):
            raise invalid("filter")
        found = [one for one in self.shelves.lists.values() if one.board_id == board.id]
        found = [one for one in found if filter == "all" or (filter == "closed") == one.closed] if filter != "none" else []
        return tuple(sorted(found, key=lambda one: one.pos))

    def update_list(self, found: TList, by: By, *, name: str | None = None, closed: bool | None = None, pos: float | None = None) -> None:
        """Rename, archive, restore or move a list within its board."""
        with self.lock:
            old: dict[str, object] = {}
            if name is not None and name != found.name:
                old["name"], found.name = found.name, name
            if closed is not None and closed != found.closed:
                old["closed"], found.closed = found.closed, closed
            if pos is not None and pos != found.pos:
                old["pos"], found.pos = found.pos, pos
            if old:
                new = {key: getattr(found, key) for key in old}
                self.record("updateList", by, self.board(found.board_id), list={"id": found.id, "name": found.name} | new, old=old)
