"""Who we are on a site and what it lets us do.

RT tells nobody their rights; but a ticket's `_hyperlinks` name what may be done with it (`RT::REST2::Resource::Ticket`): `correspond`
with the right ReplyToTicket, `comment` with CommentOnTicket, and a `lifecycle` link for each status that we may give it.
"""

from collections.abc import Mapping
from urllib.parse import urlsplit

from powerup.integrations.errors import GoneError, IntegrationError, NotPermittedError
from powerup.integrations.forums.base import Check, Feature, ForumConfig
from powerup.integrations.forums.rt.people import members_of
from powerup.integrations.forums.rt.query import TICKETS
from powerup.integrations.forums.rt.reading import ticket_json
from powerup.integrations.forums.rt.site import VENDOR, Json, Site, id_of, segment
from powerup.integrations.forums.rt.writing import unset
from powerup.integrations.http import each, maybe, need

_CHANGES = (Feature.assign_person, Feature.assign_team, Feature.resolve, Feature.tag)


def check(site: Site, config: ForumConfig, cannot: Mapping[Feature, str]) -> Check:
    """What "Test connection" shows. Failures are problems in plain words here, not exceptions: that is its answer."""
    name, problems = urlsplit(site.base_url).hostname or site.base_url, list[str]()
    try:
        version = need(site.get("/rt"), "Version", str, vendor=VENDOR)
        me = site.me()
        username = need(me, "Name", str, vendor=VENDOR)
        missing = {**unset(site), **_missing(site, username), **cannot}
        problems += _problems(site, config, me, username)
    except IntegrationError as error:
        unknown = dict.fromkeys(Feature, "Not known until the connection works.")
        return Check(name, None, frozenset(), {**unknown, **cannot}, (error.detail,))
    return Check(f"{name} (RT {version.split('+')[0]})", username, frozenset(Feature) - missing.keys(), missing, tuple(problems))


def _problems(site: Site, config: ForumConfig, me: Json, username: str) -> list[str]:
    found = []
    if me.get("Privileged") not in (1, "1", True):
        found.append(f"{username} is no privileged user: an administrator ticks “Let this user be granted rights” for it.")
    if site.intake and not _has_queue(site, site.intake):
        found.append(f"There is no queue “{site.intake}”, or {username} may not see it: correct the queue of new tickets in the settings.")
    for group in sorted(config.staff_groups):
        try:
            members_of(site, group)
        except GoneError as error:
            found.append(f"{error.detail} Its members count as staff only where they are privileged users.")
        except NotPermittedError:
            found.append(f"{username} may not see who is in “{group}” (right AdminGroupMembership): only privileged users count as staff.")
    return found


def _missing(site: Site, username: str) -> dict[Feature, str]:
    """What the newest active ticket does not offer us; nothing is known while there is no ticket."""
    query = f"{TICKETS} AND Status = '__Active__'"
    rows = site.rows("/tickets", {"query": query, "orderby": "LastUpdated", "order": "DESC", "per_page": 1})
    if not rows:
        return {}
    links = each(ticket_json(site, id_of(rows[0])), "_hyperlinks", vendor=VENDOR)
    offered = {maybe(link, "ref", str, vendor=VENDOR) for link in links}
    missing: dict[Feature, str] = {}
    if "correspond" not in offered:
        missing[Feature.reply] = f"{username} may not reply: an administrator gives it the right ReplyToTicket on the queues."
    if "comment" not in offered:
        missing[Feature.internal_note] = f"{username} may not comment: an administrator gives it the right CommentOnTicket on the queues."
    if "lifecycle" not in offered:
        why = f"{username} may not change tickets: an administrator gives it the right ModifyTicket on the queues."
        missing.update(dict.fromkeys(_CHANGES, why))
    return missing


def _has_queue(site: Site, name: str) -> bool:
    # Asked for by its name: a list of queues has holes where we may not see one. RT finds no name with a slash in an address.
    try:
        return "/" in name or bool(site.get(f"/queue/{segment(name)}"))
    except (GoneError, NotPermittedError):
        return False
