"""Who we are on a site and what it lets us do.

Recorded from NodeBB 4.11.0: `/api/self` (with `isAdmin`, `isGlobalModerator`, `isModerator`) and `/api/config` (`siteTitle`, escaped for
HTML in places; `searchEnabled`). Only a category's moderators may lock its threads and tag those of others (`privsTopics.canTag`,
`privsTopics.isOwnerOrAdminOrMod` in src/privileges/topics.js).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from html import unescape
from urllib.parse import urlsplit

from powerup.integrations.errors import CredentialsRefusedError, GoneError, IntegrationError
from powerup.integrations.forums.base import Check, Feature, ForumConfig
from powerup.integrations.forums.nodebb.people import People
from powerup.integrations.forums.nodebb.scope import Scope
from powerup.integrations.forums.nodebb.site import VENDOR, Json, Site, flag
from powerup.integrations.http import each, maybe, need

_WRITING = (Feature.reply, Feature.resolve, Feature.tag)
_MODERATION = ("isAdmin", "isGlobalModerator", "isModerator", "isAdminOrGlobalModeratorOrModerator")


@dataclass(frozen=True, slots=True)
class Me:
    """The account that we act as. `moderates`: it may lock and tag, in one category at least."""

    username: str
    moderates: bool


def me(site: Site) -> Me:
    """Our account; raises CredentialsRefusedError when the token is wrong."""
    user = need(site.read("/self"), "", dict, vendor=VENDOR)
    return Me(unescape(need(user, "username", str, vendor=VENDOR)), any(flag(user, name) for name in _MODERATION))


def check(site: Site, people: People, scope: Scope, config: ForumConfig, cannot: Mapping[Feature, str]) -> Check:
    """What "Test connection" shows. Failures are problems in plain words here, not exceptions: that is its answer."""
    name, problems = urlsplit(site.base_url).hostname or site.base_url, list[str]()
    try:
        settings = need(site.read("/config"), "", dict, vendor=VENDOR)
        name = unescape(maybe(settings, "siteTitle", str, vendor=VENDOR) or name)
        user = me(site) if site.signed_in else None
        each(site.read("/recent"), "topics", vendor=VENDOR)
        problems += _troubles(site, people, scope, config)
    except IntegrationError as error:
        problems.append(_explained(site, error))
        missing = {feature: "Not known until the connection works." for feature in Feature}
        return Check(name, None, frozenset(), missing, tuple(problems))
    missing = {**cannot, **_missing(user, settings)}
    return Check(name, user.username if user else None, frozenset(Feature) - missing.keys(), missing, tuple(problems))


def _missing(user: Me | None, settings: Json) -> dict[Feature, str]:
    missing: dict[Feature, str] = {}
    if settings.get("searchEnabled") is False:
        missing[Feature.search] = "No search plug-in is active on this site: an admin activates one, such as nodebb-plugin-dbsearch."
    if not user:
        return {**missing, **dict.fromkeys(_WRITING, "We only read here: enter a token.")}
    if not user.moderates:
        why = f"{user.username} moderates no category: make it a moderator of those that are tickets, or a global moderator."
        missing[Feature.resolve] = missing[Feature.tag] = why
    return missing


def _troubles(site: Site, people: People, scope: Scope, config: ForumConfig) -> list[str]:
    problems = [f"“{text}” names no category: enter the number in its address (5 for /category/5/support)." for text in scope.nonsense]
    uid = config.credentials.get("uid", "").strip()
    if uid and not site.signed_in:
        problems.append("A user number without a token reads as a passer-by: enter the token too.")
    if uid and not uid.isdigit():
        problems.append("The user number must be digits: it is in the account's address below /uid/.")
    if not config.staff_usernames and people.refused_groups():
        problems.append(
            "We may not see who the administrators are, so their answers would count as customers'. Give our account the global "
            "privileges “View Groups” and “Search Users”, or enter the usernames of your staff."
        )
    return problems


def _explained(site: Site, error: IntegrationError) -> str:
    if isinstance(error, CredentialsRefusedError) and not site.signed_in:
        return "This site shows nothing to passers-by: enter a token."
    if isinstance(error, GoneError):
        return "There is no NodeBB at this address: check it."
    return error.detail
