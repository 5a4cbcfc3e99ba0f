"""Owners, ends and keywords. Each can be sent twice and happens once.

Source: `patch_element` and `props_from_args` in `roundup/rest.py` of 2.6.0: an empty text takes a link away (null is not even looked at),
`@op=add` puts a second copy of what is there already; so whole values are written, to the state that they were made from.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from powerup.integrations.errors import NotPermittedError, RejectedError
from powerup.integrations.forums.base import ThreadState
from powerup.integrations.forums.roundup.changing import change
from powerup.integrations.forums.roundup.reading import issue_json, state_of
from powerup.integrations.forums.roundup.site import VENDOR, Json, Site, ident, idents, maybe_ident
from powerup.integrations.http import need

_NAMES = [("@fields", "name"), ("@verbose", "1")]


def assign(site: Site, thread_id: str, *, person: str | None) -> None:
    """Make the person the one that the issue is assigned to; None: nobody."""
    issue_json(site, thread_id)
    wanted = _user_id(site, person) if person else ""
    change(site, thread_id, lambda issue: None if (maybe_ident(issue, "assignedto") or "") == wanted else {"assignedto": wanted})


def resolve(site: Site, thread_id: str) -> None:
    """Give it the status that the settings name; an issue that has ended already is left as it is."""
    issue_json(site, thread_id)
    names = statuses(site)
    wanted = next((number for number, name in names.items() if name.lower() == site.resolved.lower()), None)

    def decide(issue: Json) -> Mapping[str, Any] | None:
        if state_of(site, names.get(maybe_ident(issue, "status") or "")) is not ThreadState.open:
            return None
        if wanted is None:
            raise NotPermittedError(no_status(site, names), permanent=True)
        return {"status": wanted}

    change(site, thread_id, decide)


def tag(site: Site, thread_id: str, *, add: Sequence[str], remove: Sequence[str]) -> None:
    """Change the keywords, leaving others alone."""
    issue_json(site, thread_id)
    gone = {name.lower() for name in remove}
    wanted = [name for name in dict.fromkeys(add) if name.lower() not in gone]
    known = _keywords(site)
    if any(name.lower() not in known for name in wanted):
        for name in wanted:
            if name.lower() not in known:
                _make(site, name)
        known = _keywords(site)
    taken = {known[name] for name in gone if name in known}
    given = [known[name.lower()] for name in wanted if name.lower() in known]

    def decide(issue: Json) -> Mapping[str, Any] | None:
        before = idents(issue, "keyword")
        after = sorted({*(one for one in before if one not in taken), *given}, key=int)
        return None if after == before else {"keyword": after}

    change(site, thread_id, decide)


def statuses(site: Site) -> dict[str, str]:
    """Number -> name of each status."""
    return {ident(row, "id"): need(row, "name", str, vendor=VENDOR) for row in site.rows("/status", _NAMES)}


def no_status(site: Site, names: Mapping[str, str]) -> str:
    """That the status for what is resolved does not exist, and which there are."""
    there = ", ".join(f"“{name}”" for name in names.values())
    return f"This tracker has no status “{site.resolved}”: name one of {there} as the status of what is resolved in the settings."


def _keywords(site: Site) -> dict[str, str]:
    """Name in small letters -> number."""
    return {need(row, "name", str, vendor=VENDOR).lower(): ident(row, "id") for row in site.rows("/keyword", _NAMES)}


def _make(site: Site, name: str) -> None:
    try:
        site.create("/keyword", {"name": name})
    except RejectedError as error:
        # Somebody else made it meanwhile.
        if error.http_status != 409:
            raise


def _user_id(site: Site, name: str) -> str:
    # The filter finds names that contain this one, in either case.
    rows = site.rows("/user", [("username", name), ("@fields", "username"), ("@verbose", "1")])
    named = {need(row, "username", str, vendor=VENDOR): ident(row, "id") for row in rows}
    found = named.get(name) or next((number for known, number in named.items() if known.lower() == name.lower()), None)
    if found is None:
        raise RejectedError(f"Roundup knows no user “{name}”, or does not show them to our account.", permanent=True)
    return found
