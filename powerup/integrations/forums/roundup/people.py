"""Authors: whom Roundup knows, and on whose side they stand.

A tracker's schema names its roles, and each user has some (`roles`, a text with commas). In the template "classic" whoever is no
administrator has the role "User", customers and staff alike; so staff are administrators (role "Admin"), whoever has one of the roles that
the settings name as groups, and those named there themselves. Others' roles are shown to those alone who may see that property: in
"classic", administrators. Roundup believes the address of a mail, so none counts as verified.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from powerup.integrations.forums.base import Author, ForumConfig, Role, batches
from powerup.integrations.forums.roundup.site import VENDOR, Site, ident, numbered
from powerup.integrations.http import maybe

ADMIN = "admin"
_BATCH = 100


@dataclass(frozen=True, slots=True)
class User:
    """An account of the tracker."""

    id: str
    username: str
    name: str
    roles: frozenset[str]


class People:
    """Knows each account after one look; lives as long as the adapter."""

    def __init__(self, site: Site, config: ForumConfig) -> None:
        self._site = site
        self._staff = {name.lower() for name in config.staff_usernames}
        self._roles = {name.lower() for name in config.staff_groups} | {ADMIN}
        self._users: dict[str, User] = {}

    def learn(self, wanted: Iterable[tuple[str, str]]) -> None:
        """Look these up, by number; the name is what a message says of its author, for an account that was retired."""
        unknown = {number: name for number, name in wanted if number not in self._users}
        for some in batches(sorted(unknown, key=int), _BATCH):
            fields = [("@fields", "username,realname,roles"), ("@verbose", "1")]
            for row in self._site.rows("/user", [*numbered(some), *fields]):
                number = ident(row, "id")
                username = maybe(row, "username", str, vendor=VENDOR) or unknown.get(number, "") or f"user{number}"
                name = maybe(row, "realname", str, vendor=VENDOR) or username
                self._users[number] = User(number, username, name, roles_in(row))
        for number, name in unknown.items():
            self._users.setdefault(number, User(number, name or f"user{number}", name or f"user{number}", frozenset()))

    def author(self, number: str, *, is_customer: bool = False) -> Author:
        """Somebody who was looked up; `is_customer` says it whatever else they are."""
        user = self._users[number]
        role = Role.staff if self.is_staff(number) and not is_customer else Role.customer
        return Author(user.id, user.username, user.name, role)

    def is_staff(self, number: str) -> bool:
        """Whether they are on our side, wherever they write; our own account always is."""
        user = self._users[number]
        ours = user.username.lower() in self._staff or user.username.lower() == self._site.username.lower()
        return ours or not self._roles.isdisjoint(user.roles)


def roles_in(row: object) -> frozenset[str]:
    """The roles of a user, in small letters; none where they are hidden from us."""
    given = maybe(row, "roles", str, vendor=VENDOR) or ""
    return frozenset(name.strip().lower() for name in given.split(",") if name.strip())
