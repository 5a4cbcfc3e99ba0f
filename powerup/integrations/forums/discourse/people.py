"""Who stands on which side: Discourse's own staff, configured names, and members of configured groups."""

from collections.abc import Mapping
from typing import Any

from powerup.integrations.errors import GoneError, NotPermittedError
from powerup.integrations.forums.base import Author, ForumConfig, Role
from powerup.integrations.forums.discourse.emails import Emails
from powerup.integrations.forums.discourse.site import VENDOR, Site, segment
from powerup.integrations.forums.discourse.urls import absolute
from powerup.integrations.http import each, maybe

_MEMBERS_A_PAGE = 100
_MOST_MEMBERS = 5_000
_AVATAR_SIZE = "90"


class People:
    """Makes authors of Discourse's users. Members of staff groups are fetched once in the life of an adapter."""

    def __init__(self, site: Site, config: ForumConfig, emails: Emails) -> None:
        self._site = site
        self._emails = emails
        self._names = frozenset(name.lower() for name in config.staff_usernames)
        self._groups = frozenset(group.lower() for group in config.staff_groups)
        self._members: frozenset[str] | None = None

    def author(self, user: Mapping[str, Any], *, customer_id: str | None) -> Author:
        """The author in a post or a `created_by`; whoever opened the thread is its customer, staff or not, and the only
        one whose e-mail address is asked for.

        A post holds its author's id as `user_id`, a user object as `id`; an account that was deleted has neither.
        """
        in_post = "post_number" in user
        number = maybe(user, "user_id" if in_post else "id", int, vendor=VENDOR)
        external_id = "deleted" if number is None else str(number)
        username = maybe(user, "username", str, vendor=VENDOR) or "deleted"
        name = maybe(user, "name", str, vendor=VENDOR) or maybe(user, "display_username", str, vendor=VENDOR) or username
        is_customer = external_id == customer_id
        role = Role.staff if not is_customer and (number == -1 or self._is_staff(user, username)) else Role.customer
        email = self._emails.verified(external_id) if is_customer else None
        return Author(external_id, username, name, role, self._avatar(user), email)

    def _is_staff(self, user: Mapping[str, Any], username: str) -> bool:
        if any(user.get(flag) is True for flag in ("moderator", "admin", "staff")) or username.lower() in self._names:
            return True
        group = user.get("primary_group_name")
        if isinstance(group, str) and group.lower() in self._groups:
            return True
        return username.lower() in self._group_members()

    def _group_members(self) -> frozenset[str]:
        if self._members is None:
            self._members = frozenset(name for group in sorted(self._groups) for name in self._of_group(group))
        return self._members

    def _of_group(self, group: str) -> list[str]:
        """GET /groups/{name}/members.json?limit&offset; a group that is gone or hidden has no members that we know of."""
        names: list[str] = []
        while len(names) < _MOST_MEMBERS:
            params = {"limit": _MEMBERS_A_PAGE, "offset": len(names)}
            try:
                data = self._site.get(f"/groups/{segment(group)}/members.json", params)
            except (GoneError, NotPermittedError):
                return names
            found = [str(member.get("username", "")).lower() for member in each(data, "members", vendor=VENDOR)]
            names += found
            total = maybe(data, "meta.total", int, vendor=VENDOR)
            if not found or (len(found) < _MEMBERS_A_PAGE if total is None else len(names) >= total):
                break
        return names

    def _avatar(self, user: Mapping[str, Any]) -> str | None:
        template = maybe(user, "avatar_template", str, vendor=VENDOR)
        return absolute(self._site.base_url, template.replace("{size}", _AVATAR_SIZE)) or None if template else None
