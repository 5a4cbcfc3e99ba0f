"""Who we are on a tracker and what it lets us do. Roundup tells nobody their permissions: a write that is not allowed says so itself."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from powerup.integrations.errors import IntegrationError
from powerup.integrations.forums.base import Check, Feature, ForumConfig
from powerup.integrations.forums.roundup.listing import fetch
from powerup.integrations.forums.roundup.marking import no_status, statuses
from powerup.integrations.forums.roundup.site import VENDOR, Site
from powerup.integrations.http import need


def check(site: Site, config: ForumConfig, cannot: Mapping[Feature, str]) -> Check:
    """What "Test connection" shows. Failures are problems in plain words here, not exceptions: that is its answer."""
    try:
        name = urlsplit(site.base_url).hostname or site.base_url
        username = need(site.account(), "username", str, vendor=VENDOR)
        # A tracker without one of the properties that we show refuses the list, in words that name it.
        fetch(site, 0)
        names = statuses(site)
        warnings = _warnings(site, config, username)
    except IntegrationError as error:
        unknown = dict.fromkeys(Feature, "Not known until the connection works.")
        return Check(site.base_url, None, frozenset(), {**unknown, **cannot}, (error.detail,))
    missing = dict(cannot)
    if site.resolved.lower() not in {status.lower() for status in names.values()}:
        missing[Feature.resolve] = no_status(site, names)
    return Check(name, username, frozenset(Feature) - missing.keys(), missing, warnings=warnings)


def _warnings(site: Site, config: ForumConfig, username: str) -> tuple[str, ...]:
    rows = site.rows("/user", [("@fields", "username,roles"), ("@verbose", "1"), ("@page_size", "5")])
    others = [row for row in rows if row.get("username") != username]
    if not others or any("roles" in row for row in others):
        return ()
    if config.staff_usernames and not config.staff_groups:
        return ()
    return (
        f"{username} may not see other people's roles, so nobody counts as staff by a role: name the staff by user name, "
        "or let an administrator give it the permission View on the property “roles” of users.",
    )
