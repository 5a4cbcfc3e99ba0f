"""Who stands on which side: administrators, global moderators, configured names, and members of configured groups.

Source: `groupsAPI.listMembers` (src/api/groups.js): 20 members a page by `after`, refused to accounts without the global privileges
"View Groups" and "Search Users". The two system groups are shown to everybody since installation (`groups.show` in src/install.js).
A post says nothing of its author's rights; the groups beside a name are only those that the author chose to show.
"""

import re
from collections.abc import Mapping
from html import unescape
from typing import Any

from powerup.integrations.errors import CredentialsRefusedError, GoneError, NotPermittedError
from powerup.integrations.forums.base import Author, ForumConfig, Role
from powerup.integrations.forums.nodebb.site import VENDOR, Site, flag, maybe_ident, segment
from powerup.integrations.forums.nodebb.urls import absolute
from powerup.integrations.http import each, maybe, need

_SYSTEM_GROUPS = ("administrators", "global-moderators")
_MEMBERS_A_PAGE = 20
_MOST_MEMBERS = 2_000
_NOBODY = {"[[global:guest]]": "guest", "[[global:former-user]]": "deleted"}


class People:
    """Makes authors of NodeBB's users. Members of staff groups are fetched once in the life of an adapter."""

    def __init__(self, site: Site, config: ForumConfig) -> None:
        self._site = site
        self._names = frozenset(name.lower() for name in config.staff_usernames)
        self._groups = (*_SYSTEM_GROUPS, *sorted(slug_of(group) for group in config.staff_groups))
        self._staff: frozenset[str] | None = None

    def author(self, user: Mapping[str, Any], *, customer_id: str | None) -> Author:
        """The author of a post; whoever opened the thread is its customer, staff or not."""
        username = unescape(maybe(user, "username", str, vendor=VENDOR) or "")
        username = _NOBODY.get(username, username) or "guest"
        external_id = maybe_ident(user, "uid") or f"guest:{username}"
        name = unescape(maybe(user, "fullname", str, vendor=VENDOR) or maybe(user, "displayname", str, vendor=VENDOR) or username)
        role = Role.staff if external_id != customer_id and self._is_staff(external_id, username) else Role.customer
        picture = maybe(user, "picture", str, vendor=VENDOR)
        avatar = absolute(self._site.base_url, picture) or None if picture else None
        return Author(external_id, username, _NOBODY.get(name, name), role, avatar)

    def verified_email(self, uid: str) -> str | None:
        """The address that NodeBB had confirmed; None where it is not, or hidden from our account (only global moderators see all)."""
        if not self._site.signed_in or not uid.isdigit():
            return None
        try:
            user = need(self._site.fetch(f"/users/{segment(uid)}"), "", dict, vendor=VENDOR)
        except (GoneError, NotPermittedError, CredentialsRefusedError):
            return None
        email = maybe(user, "email", str, vendor=VENDOR) or ""
        return email if flag(user, "email:confirmed") and "@" in email else None

    def refused_groups(self) -> bool:
        """Whether the site does not tell us who its administrators are."""
        return self._members("administrators") is None

    def _is_staff(self, uid: str, username: str) -> bool:
        if uid.startswith("guest:"):
            return False
        if self._staff is None:
            self._staff = frozenset(member for group in self._groups for member in self._members(group) or ())
        return username.lower() in self._names or uid in self._staff

    def _members(self, group: str) -> list[str] | None:
        """User numbers; None for a group that is gone or hidden from us."""
        found: list[str] = []
        for after in range(0, _MOST_MEMBERS, _MEMBERS_A_PAGE):
            try:
                data = self._site.fetch(f"/groups/{segment(group)}/members", {"after": after})
            except (GoneError, NotPermittedError, CredentialsRefusedError):
                return found or None
            users = each(data, "users", vendor=VENDOR)
            found += [uid for user in users if (uid := maybe_ident(user, "uid"))]
            if len(users) < _MEMBERS_A_PAGE:
                break
        return found


def slug_of(group: str) -> str:
    """A group's name as it stands in its address: "Support Team" is support-team."""
    return re.sub(r"-+", "-", re.sub(r"[^\w-]+", "-", group.strip().lower())).strip("-")
