"""Who stands on which side: the repository's own people, configured names, and members of configured teams of the organisation.

Sources: `author_association` (https://docs.github.com/en/graphql/reference/enums#commentauthorassociation): OWNER, MEMBER and COLLABORATOR
are the repository's own; CONTRIBUTOR merely once had a commit taken. Team members:
https://docs.github.com/en/rest/teams/members (needs the scope `read:org`).
"""

from collections.abc import Mapping
from typing import Any

from powerup.integrations.errors import GoneError, NotPermittedError
from powerup.integrations.forums.base import Author, ForumConfig, Role
from powerup.integrations.github import VENDOR, GitHub
from powerup.integrations.github.client import segment
from powerup.integrations.http import maybe

_OWN = frozenset({"OWNER", "MEMBER", "COLLABORATOR"})
GHOST = "ghost"
"""How GitHub shows an account that was deleted."""


class People:
    """Makes authors of GitHub's users, REST or GraphQL. Members of teams are fetched at most once in the life of an adapter."""

    def __init__(self, client: GitHub, config: ForumConfig) -> None:
        self._client = client
        self._names = frozenset(name.lower() for name in config.staff_usernames)
        self._teams = frozenset(name.lower() for name in config.staff_groups)
        self._members: frozenset[str] | None = None

    def opener(self, item: Mapping[str, Any]) -> Author:
        """Whoever opened the thread: its customer, whatever they are elsewhere."""
        return self.author(item, customer_id=_identity(_user(item)))

    def is_staff(self, item: Mapping[str, Any]) -> bool:
        """Whether the author of an issue, a discussion or a comment is one of ours."""
        user = _user(item)
        association = item.get("author_association") or item.get("authorAssociation")
        login = _login(user).lower()
        return association in _OWN or login in self._names or (not is_bot(item) and login in self._team_members())

    def author(self, item: Mapping[str, Any], *, customer_id: str | None) -> Author:
        """The author of an issue, a discussion or a comment."""
        user = _user(item)
        external_id, login = _identity(user), _login(user)
        # A bot speaks for whoever installed it, unless it opened the thread: then it speaks for a customer.
        ours = external_id != customer_id and (is_bot(item) or self.is_staff(item))
        avatar = maybe(user, "avatar_url", str, vendor=VENDOR) or maybe(user, "avatarUrl", str, vendor=VENDOR)
        return Author(external_id, login, maybe(user, "name", str, vendor=VENDOR) or login, Role.staff if ours else Role.customer, avatar)

    def _team_members(self) -> frozenset[str]:
        if self._members is None:
            teams = sorted(self._teams) if self._client.signed_in else []
            self._members = frozenset(name for team in teams for name in self._of_team(team))
        return self._members

    def _of_team(self, team: str) -> list[str]:
        """GET /orgs/{org}/teams/{slug}/members; a team that is hidden, or an owner that is no organisation, has no members that we know."""
        path = f"/orgs/{segment(self._client.repository.owner)}/teams/{segment(team.replace(' ', '-'))}/members"
        try:
            return [(maybe(member, "login", str, vendor=VENDOR) or "").lower() for member in self._client.all(path)]
        except (GoneError, NotPermittedError):
            return []


def is_bot(item: Mapping[str, Any]) -> bool:
    """Whether a program wrote it: such lines are no answer and no question of a person."""
    user = _user(item)
    return "Bot" in (user.get("type"), user.get("__typename"))


def login_of(item: Mapping[str, Any]) -> str:
    """The author's username; GitHub compares them without regard to case."""
    return _login(_user(item))


def _user(item: Mapping[str, Any]) -> Mapping[str, Any]:
    return maybe(item, "user", dict, vendor=VENDOR) or maybe(item, "author", dict, vendor=VENDOR) or {}


def _login(user: Mapping[str, Any]) -> str:
    return maybe(user, "login", str, vendor=VENDOR) or GHOST


def _identity(user: Mapping[str, Any]) -> str:
    """REST's `id` is GraphQL's `databaseId`."""
    number = maybe(user, "id", int, vendor=VENDOR) if "databaseId" not in user else maybe(user, "databaseId", int, vendor=VENDOR)
    return GHOST if number is None else str(number)
