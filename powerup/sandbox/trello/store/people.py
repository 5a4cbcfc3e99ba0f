"""Workspaces and members."""

from powerup.sandbox.trello.store.base import BaseStore
from powerup.sandbox.trello.store.models import Board, Member, Organization
from powerup.sandbox.trello.store.refusals import not_found


class People(BaseStore):
    """Who there is, and who sees what."""

    def add_organization(self, name: str, display_name: str = "", *, id: str | None = None) -> Organization:
        """Make a workspace; `name` is the short name in its address."""
        with self.lock:
            organization = Organization(id or self.ids.new_id(), name, display_name or name)
            self.shelves.organizations[organization.id] = organization
            self.changed(None)
            return organization

    def add_member(
        self, username: str, full_name: str, *, organizations: tuple[Organization, ...] = (), note: str = "", id: str | None = None
    ) -> Member:
        """Make a person, a member of these workspaces; `note` says who that is in the story.

        The first name, in small letters, is the `key` by which the sandbox's controls call them, unless it is taken.
        """
        with self.lock:
            words = full_name.split() or [username]
            initials = "".join(word[0] for word in words[:2]).upper()
            taken = {other.key for other in self.shelves.members.values()}
            key = words[0].casefold() if words[0].casefold() not in taken else username
            member = Member(id or self.ids.new_id(), username, full_name, initials, key, note)
            self.shelves.members[member.id] = member
            for organization in organizations:
                organization.member_ids.append(member.id)
            self.changed(None)
            return member

    def member(self, id_or_username: str) -> Member:
        """By id, user name or key; a refusal when there is none."""
        found = self.shelves.members.get(id_or_username)
        everybody = self.shelves.members.values()
        found = found or next((member for member in everybody if id_or_username in (member.username, member.key)), None)
        if found is None:
            raise not_found()
        return found

    def organization(self, id_or_name: str) -> Organization:
        """By id or short name; a refusal when there is none."""
        found = self.shelves.organizations.get(id_or_name)
        found = found or next((one for one in self.shelves.organizations.values() if one.name == id_or_name), None)
        if found is None:
            raise not_found()
        return found

    def organizations_of(self, member_id: str) -> list[Organization]:
        """The workspaces that a member belongs to."""
        return [organization for organization in self.shelves.organizations.values() if member_id in organization.member_ids]

    def sees(self, member_id: str | None, board: Board) -> bool:
        """Whether a member (None: nobody signed in) may look at a board."""
        if board.visibility == "public" or member_id in board.roles:
            return True
        if board.visibility != "org" or board.organization_id is None:
            return False
        return member_id in self.shelves.organizations[board.organization_id].member_ids

    def writes(self, member_id: str | None, board: Board) -> bool:
        """Whether a member may change a board: its admins and normal members, not observers and visitors."""
        return member_id is not None and board.roles.get(member_id) in ("admin", "normal")
