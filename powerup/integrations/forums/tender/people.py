"""Who stands on which side: Tender's supporters, and those whom the settings name."""

import hashlib
from collections.abc import Mapping
from typing import Any

from powerup.integrations.forums.base import Author, ForumConfig, Role
from powerup.integrations.forums.tender.site import VENDOR
from powerup.integrations.forums.tender.urls import last_segment
from powerup.integrations.http import maybe

_NOBODY = "unknown"


class People:
    """Makes authors of what a discussion or comment says of its author.

    Tender has no user names and no groups: people have a name, which anybody may choose, and an e-mail address. So the settings name
    staff by address or by user number, never by name, and an address is never said to be verified: mail that comes in is not checked.
    """

    def __init__(self, config: ForumConfig) -> None:
        self._staff = frozenset(name.strip().lower() for name in config.staff_usernames)

    def author(self, item: Mapping[str, Any], *, customer_id: str | None) -> Author:
        """The author of a comment or, with `customer_id` None, of a discussion; whoever opened the thread is its customer."""
        external_id, name = self.identity(item), maybe(item, "author_name", str, vendor=VENDOR) or _NOBODY
        is_customer = external_id == customer_id
        role = Role.staff if not is_customer and self._is_staff(item) else Role.customer
        return Author(external_id, name, name, role)

    def identity(self, item: Mapping[str, Any]) -> str:
        """The user's number; somebody without an account is told by a hash of the address."""
        if user_id := last_segment(maybe(item, "user_href", str, vendor=VENDOR) or ""):
            return user_id
        email = (maybe(item, "author_email", str, vendor=VENDOR) or "").strip().lower()
        return f"guest:{hashlib.sha256(email.encode()).hexdigest()[:24]}" if email else _NOBODY

    def _is_staff(self, item: Mapping[str, Any]) -> bool:
        if item.get("user_is_supporter") is True:
            return True
        email = (maybe(item, "author_email", str, vendor=VENDOR) or "").strip().lower()
        return bool(email and email in self._staff) or self.identity(item) in self._staff
