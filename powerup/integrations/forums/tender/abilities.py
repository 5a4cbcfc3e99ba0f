"""Who we are on a site and what it lets us do.

Tender says of an account only its state: supporters see queues and write internal comments ("Queues are completely hidden from non-support
users", https://help.tenderapp.com/kb/api/queues), everybody else is a customer.
"""

from collections.abc import Mapping
from urllib.parse import urlsplit

from powerup.integrations.errors import GoneError, IntegrationError
from powerup.integrations.forums.base import Check, Feature
from powerup.integrations.forums.tender.listing import discussions
from powerup.integrations.forums.tender.queues import Queues
from powerup.integrations.forums.tender.site import VENDOR, Site
from powerup.integrations.http import maybe

_FOR_SUPPORTERS = (Feature.internal_note, Feature.assign_person, Feature.assign_team, Feature.resolve, Feature.acknowledge)


def check(site: Site, cannot: Mapping[Feature, str]) -> Check:
    """What "Test connection" shows. Failures are problems in plain words here, not exceptions: that is its answer."""
    host, problems = urlsplit(site.base_url).hostname or site.base_url, list[str]()
    try:
        me = site.me()
        listed = discussions(site, 1).rows
        queues = Queues(site).all() if me.supporter else []
    except IntegrationError as error:
        missing = {feature: "Not known until the connection works." for feature in Feature}
        return Check(host, None, frozenset(), {**missing, **cannot}, (_explained(site, error),))
    missing = dict(cannot)
    if not me.supporter:
        missing.update(dict.fromkeys(_FOR_SUPPORTERS, f"{me.name} is no supporter of this site: use a supporter's token."))
        problems.append(f"{me.name} is no supporter of this site, so only some discussions are seen: enter a supporter's token.")
    elif not any(not queue.user_id for queue in queues):
        missing[Feature.assign_team] = "The site has no queues but those of persons: make one for each team under “Queues”."
    problems += _elsewhere(host, [maybe(row, "html_href", str, vendor=VENDOR) or "" for row in listed])
    return Check(host, me.name, frozenset(Feature) - missing.keys(), missing, tuple(problems))


def _elsewhere(host: str, links: list[str]) -> list[str]:
    """People copy the addresses that Tender itself gives: another host's would not be recognised."""
    hosts = {urlsplit(link).hostname for link in links if link}
    hosts.discard(None)
    if not hosts or host in hosts:
        return []
    return [f"Tender's own links lead to {min(str(one) for one in hosts)}, not to {host}: enter that as the address."]


def _explained(site: Site, error: IntegrationError) -> str:
    if isinstance(error, GoneError):
        return f"Tender has no site “{site.name}”: check the site's name."
    return error.detail
