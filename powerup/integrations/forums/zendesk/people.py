"""Who stands on which side: Zendesk's own roles, and configured names.

Source: https://developer.zendesk.com/api-reference/ticketing/users/users/ (`role` is `end-user`, `agent` or `admin`; `alias` is set by
staff; `verified` says that *any* identity of the user is verified, so that the address itself is looked up in
https://developer.zendesk.com/api-reference/ticketing/users/user_identities/). Only agents can be members of a group: configured
groups therefore add nobody whom the role does not name already.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from powerup.integrations.errors import GoneError, NotPermittedError
from powerup.integrations.forums.base import Author, ForumConfig, Role, batches
from powerup.integrations.forums.zendesk.site import VENDOR, Json, Site
from powerup.integrations.http import each, maybe, need

_STAFF = ("agent", "admin")
_SYSTEM = -1
"""The author of what Zendesk itself writes."""
_MOST_LOOKED_UP = 500
_MOST_IDENTITIES = 10
"""Customers of whom we ask in one job whether their address is verified: each costs a request."""


class People:
    """Makes authors of Zendesk's users; each is fetched once in the life of an adapter."""

    def __init__(self, site: Site, config: ForumConfig) -> None:
        self._site = site
        self._names = frozenset(name.lower() for name in config.staff_usernames)
        self._users: dict[int, Json] = {}
        self._verified: dict[int, str | None] = {}

    def learn(self, data: Mapping[str, Any]) -> None:
        """Remember the users who came along with an answer (`include=users`)."""
        if data.get("users") is not None:
            self._users.update({need(user, "id", int, vendor=VENDOR): user for user in each(data, "users", vendor=VENDOR)})

    def fetch(self, ids: Iterable[int]) -> None:
        """Ask for those of whom nothing is known yet; whoever was deleted stays unknown."""
        unknown = sorted({number for number in ids if number > 0} - self._users.keys())[:_MOST_LOOKED_UP]
        for some in batches([str(number) for number in unknown], 100):
            self.learn(self._site.get("/users/show_many.json", {"ids": ",".join(some)}))

    def author(self, number: int, *, customer_id: int | None) -> Author:
        """The author; whoever the ticket is for is its customer, staff or not."""
        user = self._users.get(number)
        if user is None:
            system = number == _SYSTEM
            name = VENDOR if system else "deleted"
            return Author(str(number), name, name, Role.staff if system and number != customer_id else Role.customer)
        role = Role.staff if self.is_staff(number) and number != customer_id else Role.customer
        name = maybe(user, "name", str, vendor=VENDOR) or username_of(user)
        return Author(str(number), username_of(user), name, role, _avatar(user), self._verified_email(number, user))

    def is_staff(self, number: int) -> bool:
        """Whether somebody belongs to the staff, whoever they are in this ticket."""
        user = self._users.get(number)
        if user is None:
            return number == _SYSTEM
        # Not by the name: customers choose theirs. Addresses are unique, and an alias is given by staff.
        called = {str(user.get(key) or "").lower() for key in ("id", "email", "alias")}
        return user.get("role") in _STAFF or not self._names.isdisjoint(called)

    def username(self, number: int) -> str | None:
        """How somebody known is called; None for those deleted."""
        user = self._users.get(number)
        return username_of(user) if user else None

    def _verified_email(self, number: int, user: Json) -> str | None:
        email = maybe(user, "email", str, vendor=VENDOR)
        if user.get("role") in _STAFF or user.get("verified") is not True or not email:
            return None
        if number not in self._verified:
            if len(self._verified) >= _MOST_IDENTITIES:
                return None
            self._verified[number] = email if self._is_verified(number, email) else None
        return self._verified[number]

    def _is_verified(self, number: int, email: str) -> bool:
        try:
            identities = each(self._site.get(f"/users/{number}/identities.json"), "identities", vendor=VENDOR)
        except (GoneError, NotPermittedError):
            return False
        return any(
            item.get("type") == "email" and item.get("verified") is True and str(item.get("value")).lower() == email.lower()
            for item in identities
        )


def username_of(user: Mapping[str, Any]) -> str:
    """Zendesk has no user names: the alias that staff gave, else the name."""
    return maybe(user, "alias", str, vendor=VENDOR) or maybe(user, "name", str, vendor=VENDOR) or str(user.get("id") or "deleted")


def _avatar(user: Json) -> str | None:
    photo = maybe(user, "photo", dict, vendor=VENDOR) or {}
    url = maybe(photo, "thumbnails.0.content_url", str, vendor=VENDOR) or maybe(photo, "content_url", str, vendor=VENDOR) or ""
    return url if url.startswith(("https://", "http://")) else None
