"""Who we are in a Zendesk and what it lets us do.

Source: https://developer.zendesk.com/api-reference/ticketing/users/users/ (`role`; `only_private_comments` of light agents;
`ticket_restriction` names what of the tickets an agent sees) and …/account-configuration/brands/.
"""

from collections.abc import Mapping

from powerup.integrations.errors import GoneError, IntegrationError, NotPermittedError
from powerup.integrations.forums.base import Check, Feature
from powerup.integrations.forums.zendesk.people import username_of
from powerup.integrations.forums.zendesk.site import VENDOR, Json, Site
from powerup.integrations.http import each, maybe, need

_WRITING = (Feature.reply, Feature.internal_note, Feature.assign_person, Feature.assign_team, Feature.resolve, Feature.tag)


def check(site: Site, cannot: Mapping[Feature, str]) -> Check:
    """What "Test connection" shows. Failures are problems in plain words here, not exceptions: that is its answer."""
    try:
        if not site.signed_in:
            return _failed(site, "Enter an agent's e-mail address and an API token: Zendesk shows tickets to nobody else.")
        user = site.me()
        if user.get("role") not in ("agent", "admin"):
            return _failed(site, f"{username_of(user)} is a customer there, not an agent: enter the address of an agent.")
        each(site.get("/tickets.json", {"page[size]": "1"}), "tickets", vendor=VENDOR)
        name = _name(site)
    except IntegrationError as error:
        return _failed(site, error.detail)
    missing = {**cannot, **_missing(user)}
    return Check(name, username_of(user), frozenset(Feature) - missing.keys(), missing, warnings=tuple(_warnings(user)))


def _failed(site: Site, problem: str) -> Check:
    missing = {feature: "Not known until the connection works." for feature in Feature}
    return Check(site.host, None, frozenset(), missing, (problem,))


def _missing(user: Json) -> dict[Feature, str]:
    who = username_of(user)
    if user.get("only_private_comments") is not True:
        return {}
    light = f"{who} is a light agent, who may only write internal notes: an admin gives it another role."
    return {feature: light for feature in _WRITING if feature is not Feature.internal_note}


def _warnings(user: Json) -> list[str]:
    found, who = [], username_of(user)
    if maybe(user, "ticket_restriction", str, vendor=VENDOR):
        found.append(f"{who} may not see all tickets: an admin sets “Tickets: all” in its role, or customers are overlooked.")
    if user.get("role") != "admin":
        found.append(f"{who} is no admin: changes are found, but not that a ticket was deleted. An admin's account finds that too.")
    return found


def _name(site: Site) -> str:
    """The default brand's name; where brands are hidden from us, the host."""
    try:
        brands = each(site.get("/brands.json"), "brands", vendor=VENDOR)
    except (GoneError, NotPermittedError):
        return site.host
    return next((need(brand, "name", str, vendor=VENDOR) for brand in brands if brand.get("default") is True), site.host)
