"""Who we are on a site and what it lets us do.

Sources: `SiteController#basic_info` (readable without signing in even where the rest is not) and `#settings` (those meant for clients:
`assign_enabled` and `solved_enabled` in the plug-ins' settings.yml); discourse-assign's plugin.rb adds `can_assign` to the current user.
Not confirmed in source: the user's `whisperer`, the settings `whispers_allowed_groups` and, before it, `enable_whispers`. Whatever is
absent counts as "may not whisper", so that a wrong guess keeps a note unwritten, never public.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from powerup.integrations.errors import CredentialsRefusedError, GoneError, IntegrationError, NotPermittedError, VendorBrokenError
from powerup.integrations.forums.base import Check, Feature
from powerup.integrations.forums.discourse.emails import Emails
from powerup.integrations.forums.discourse.site import VENDOR, Site, segment
from powerup.integrations.http import each, maybe, need

Json = dict[str, Any]

_WRITING = (Feature.reply, Feature.internal_note, Feature.assign_person, Feature.assign_team, Feature.resolve, Feature.tag)
_UNRECOGNISED = "so customers are not recognised on other forums"
_OR_NO = "or choose “no” under “Recognise customers on other forums”."
_NEEDS_KEY = "We only read here: enter an API key and a username."


@dataclass(frozen=True, slots=True)
class Me:
    """The account that we act as."""

    external_id: int
    username: str
    admin: bool
    staff: bool
    whisperer: bool | None
    """None: this version does not say."""
    can_assign: bool | None


def me(site: Site) -> Me:
    """Our account; raises CredentialsRefusedError when the key is wrong and GoneError when there is no such username."""
    try:
        user = need(site.get("/session/current.json"), "current_user", dict, vendor=VENDOR)
    except (GoneError, NotPermittedError, VendorBrokenError):
        # A key limited in scope may not ask for its session; the profile says most of it.
        user = need(site.get(f"/u/{segment(site.username)}.json"), "user", dict, vendor=VENDOR)
    staff = any(user.get(name) is True for name in ("admin", "moderator", "staff"))
    return Me(
        external_id=need(user, "id", int, vendor=VENDOR),
        username=need(user, "username", str, vendor=VENDOR),
        admin=user.get("admin") is True,
        staff=staff,
        whisperer=_flag(user, "whisperer"),
        can_assign=_flag(user, "can_assign"),
    )


def can_whisper(site: Site) -> bool:
    """Whether a whisper would be one: anything short of a clear yes is a no."""
    if not site.signed_in:
        return False
    user = me(site)
    return _may_whisper(user, _settings(site) if user.whisperer is None else {})


def check(site: Site, cannot: Mapping[Feature, str], emails: Emails) -> Check:
    """What "Test connection" shows. Failures are problems in plain words here, not exceptions: that is its answer."""
    name, problems = urlsplit(site.base_url).hostname or site.base_url, list[str]()
    try:
        name = _introduction(site, problems) or name
        user = me(site) if site.signed_in else None
        each(site.get("/latest.json"), "topic_list.topics", vendor=VENDOR)
        settings = _settings(site)
        warnings = _warnings(emails, user, settings)
    except IntegrationError as error:
        problems.append(_explained(site, error))
        missing = {feature: "Not known until the connection works." for feature in Feature}
        return Check(name, None, frozenset(), missing, tuple(problems))
    missing = {**cannot, **_missing(user, settings)}
    if site.username and not site.signed_in:
        problems.append("A username without an API key reads as a passer-by: enter the key too.")
    return Check(name, user.username if user else None, frozenset(Feature) - missing.keys(), missing, tuple(problems), warnings)


def _introduction(site: Site, problems: list[str]) -> str | None:
    """The site's title, adding a problem when it has moved; None where a key limited in scope may not even ask for that."""
    try:
        info = site.answer("/site/basic-info.json")
    except NotPermittedError:
        if not site.signed_in:
            raise
        return None
    problems += _moved(site, info.url)
    return need(info.json(), "title", str, vendor=VENDOR)


def _missing(user: Me | None, settings: Json) -> dict[Feature, str]:
    if not user:
        return dict.fromkeys(_WRITING, _NEEDS_KEY)
    missing: dict[Feature, str] = {}
    if not _may_whisper(user, settings):
        missing[Feature.internal_note] = f"{user.username} may not whisper: an admin allows it under “whispers allowed groups”."
    if why := _no_assignments(user, settings):
        missing[Feature.assign_person] = missing[Feature.assign_team] = why
    if settings.get("tagging_enabled") is False:
        missing[Feature.tag] = "Tags are switched off on this site: an admin switches on “tagging enabled”."
    elif not user.staff:
        missing[Feature.tag] = f"{user.username} may not tag other people's threads: make it a moderator."
    if not user.staff and settings.get("solved_enabled") is not True:
        missing[Feature.resolve] = f"{user.username} may not close threads: make it a moderator, or install the Solved plug-in."
    return missing


def _no_assignments(user: Me, settings: Json) -> str:
    if settings.get("assign_enabled") is not True and user.can_assign is None:
        return "The Assign plug-in is not installed or switched off on this site."
    if user.can_assign is False or (user.can_assign is None and not user.staff):
        return f"{user.username} may not assign: an admin adds one of its groups to “assign allowed on groups”."
    return ""


def _warnings(emails: Emails, user: Me | None, settings: Json) -> tuple[str, ...]:
    """Why an admin's wish that customers be recognised will not come true."""
    if not emails.wanted:
        return ()
    if user is None:
        return (f"Nobody but staff may see e-mail addresses, {_UNRECOGNISED}: enter an admin's API key, {_OR_NO}",)
    if not user.admin and not (user.staff and settings.get("moderators_view_emails") is True):
        mend = "make it an admin, or let moderators see them (“moderators view emails”)"
        return (f"{user.username} may not see e-mail addresses, {_UNRECOGNISED}: {mend}, {_OR_NO}",)
    if not emails.may_look(user.username, user.external_id):
        return (f"The API key may not look up accounts, {_UNRECOGNISED}: make a key with the scope “Global”, {_OR_NO}",)
    return ()


def _may_whisper(user: Me, settings: Json) -> bool:
    if user.whisperer is not None:
        return user.whisperer
    return user.staff and (settings.get("enable_whispers") is True or bool(settings.get("whispers_allowed_groups")))


def _settings(site: Site) -> Json:
    """The settings for clients; {} where they are hidden from us, so that only what an account says of itself counts."""
    try:
        data = site.get("/site/settings.json")
    except (GoneError, NotPermittedError, VendorBrokenError):
        return {}
    return maybe(data, "", dict, vendor=VENDOR) or {}


def _flag(user: Json, name: str) -> bool | None:
    value = user.get(name)
    return value if isinstance(value, bool) else None


def _moved(site: Site, final: str) -> list[str]:
    """A redirect that reading follows and writing cannot."""
    here, there = urlsplit(site.base_url), urlsplit(final)
    if here.scheme == there.scheme:
        return []
    return [f"The site answers at {there.scheme}://{there.netloc}: enter that address, or replies will fail."]


def _explained(site: Site, error: IntegrationError) -> str:
    if isinstance(error, CredentialsRefusedError) and not site.signed_in:
        return "This site shows nothing to passers-by: enter an API key and a username."
    if isinstance(error, GoneError) and site.signed_in and not error.detail.startswith("There is no such page"):
        return f"There is no user “{site.username}” on this site, or no Discourse at this address: check both."
    return error.detail
