"""Authors: whom RT knows, and on whose side they stand.

Staff are RT's privileged users (`Privileged` of `/user/{name}`, which any privileged account may read; no listing tells it), those
named in the settings, and the members of groups named there where our account may see these. RT makes an account for whoever writes
it a mail and never makes sure of an address, so none counts as verified.
"""

from dataclasses import dataclass

from powerup.integrations.errors import GoneError, NotPermittedError
from powerup.integrations.forums.base import Author, ForumConfig, Role
from powerup.integrations.forums.rt.query import where
from powerup.integrations.forums.rt.site import PAGE, VENDOR, Json, Site, id_of, segment
from powerup.integrations.http import each, maybe

NOBODY, SYSTEM = "Nobody", "RT_System"
_MOST_GROUP_PAGES = 20


@dataclass(frozen=True, slots=True)
class User:
    """An account of RT."""

    id: str
    name: str
    real_name: str
    privileged: bool


class People:
    """Knows each account after one look; lives as long as the adapter."""

    def __init__(self, site: Site, config: ForumConfig) -> None:
        self._site = site
        self._staff = {name.lower() for name in config.staff_usernames}
        self._groups = sorted(config.staff_groups)
        self._users: dict[str, User] = {}
        self._members: set[str] | None = None

    def author(self, name: str, *, is_customer: bool = False) -> Author:
        """Somebody by their name on RT; `is_customer` says it whatever else they are."""
        user = self.user(name)
        role = Role.staff if self.is_staff(user) and not is_customer else Role.customer
        # RT names whoever wrote a first mail after their address, which need not stand in channels for want of a name.
        return Author(user.id, user.name, user.real_name or user.name.split("@")[0] or user.name, role)

    def user(self, name: str) -> User:
        """The account of that name or number; one that was taken away is nobody in particular."""
        if name not in self._users:
            try:
                self._users[name] = _user(name, self._site.get(f"/user/{segment(name)}"))
            except GoneError:
                self._users[name] = User(f"gone:{name}", name, "", False)
        return self._users[name]

    def is_staff(self, user: User) -> bool:
        """Whether they are on our side, wherever they write."""
        named = user.name.lower() in self._staff
        return user.privileged or named or user.name == SYSTEM or (bool(self._groups) and user.id in self.members())

    def members(self) -> set[str]:
        """The ids of everybody in the groups of the settings that we may see."""
        if self._members is None:
            self._members = set()
            for name in self._groups:
                try:
                    self._members |= members_of(self._site, name)
                except (GoneError, NotPermittedError):
                    # "Test connection" tells of it; RT's own roles go on without.
                    continue
        return self._members


def members_of(site: Site, group: str) -> set[str]:
    """The ids of a group's users.

    Raises GoneError when there is no such group or we do not see it, NotPermittedError when we may not see who is in it.
    """
    query = where(("Name", "=", group), ("Domain", "=", "UserDefined"))
    rows = site.rows("/groups", {"query": query, "fields": "Name", "per_page": PAGE})
    # SQL compares in either case, and a filter may be ignored.
    ids = [id_of(row) for row in rows if (maybe(row, "Name", str, vendor=VENDOR) or "").lower() == group.lower()]
    if not ids:
        raise GoneError(f"Request Tracker knows no group “{group}”, or does not show it to our account.", permanent=True)
    found: set[str] = set()
    for page in range(1, _MOST_GROUP_PAGES + 1):
        params = {"users": 1, "groups": 0, "recursively": 1, "per_page": PAGE, "page": page}
        members = {id_of(row) for row in each(site.get(f"/group/{segment(ids[0])}/members", params), "items", vendor=VENDOR)}
        if members <= found:
            break
        found |= members
        if len(members) < PAGE:
            break
    return found


def _user(name: str, data: Json) -> User:
    """A user as told to anybody (`UserSummaryExtraInfo` may leave the name out) or to themselves; the number is always in a link."""
    links = each(data, "_hyperlinks", vendor=VENDOR)
    own = next((link for link in links if link.get("ref") == "self"), {})
    privileged = data.get("Privileged") in (1, "1", True)
    known = maybe(data, "Name", str, vendor=VENDOR) or name
    return User(id_of(own), known, maybe(data, "RealName", str, vendor=VENDOR) or "", privileged)
