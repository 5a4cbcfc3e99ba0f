"""Owners, solved tickets and tags. Each looks first and writes only what differs.

Sources: https://developer.zendesk.com/api-reference/ticketing/tickets/tickets/#update-ticket (`assignee_id`, `group_id`, `status`),
…/groups/groups/#list-assignable-groups, …/groups/group_memberships/, …/users/users/#list-users (`role[]`),
…/ticket-management/tags/ (PUT adds and DELETE removes, both with `updated_stamp` and `safe_update`: 409 when the ticket changed since).
"""

import re
from collections.abc import Sequence
from typing import Any

from powerup.integrations.errors import RejectedError
from powerup.integrations.forums.base import ThreadState
from powerup.integrations.forums.zendesk.site import VENDOR, ConflictError, InvalidChangeError, Json, Site, ticket_path
from powerup.integrations.forums.zendesk.tickets import closed, is_closed_refusal, state_of, tags_of, ticket_json, update
from powerup.integrations.http import each, maybe, need

_MOST_PAGES = 30
_TRIES = 3
_NO_TAG_SIGNS = re.compile(r"[^\w/:.\-]+", re.UNICODE)


def assign(site: Site, thread_id: str, *, person: str | None, team: str | None) -> None:
    """Give the ticket to an agent, a group, or both. An agent is always of a group: without a team it is theirs."""
    ticket = ticket_json(site, thread_id)
    now = maybe(ticket, "assignee_id", int, vendor=VENDOR), maybe(ticket, "group_id", int, vendor=VENDOR)
    wanted = _owner(site, person, team, now[1])
    if wanted == now:
        return
    if state_of(ticket) is ThreadState.closed:
        raise closed()
    update(site, thread_id, {"assignee_id": wanted[0], "group_id": wanted[1]}, idempotent=True)


def resolve(site: Site, thread_id: str) -> None:
    """Set the status to solved; a solved or closed ticket stays as it is.

    Zendesk wants an assignee for what is solved: where there is none, it is our own agent.
    """
    ticket = ticket_json(site, thread_id)
    if state_of(ticket) is not ThreadState.open:
        return
    try:
        update(site, thread_id, {"status": "solved"}, idempotent=True)
    except InvalidChangeError as error:
        if ticket.get("assignee_id") is not None or not any("assignee" in name for name in (*error.fields, error.detail.lower())):
            raise
        update(site, thread_id, {"status": "solved", "assignee_id": site.my_id()}, idempotent=True)


def tag(site: Site, thread_id: str, *, add: Sequence[str], remove: Sequence[str]) -> None:
    """Add and remove tags; no other tag is touched, whatever happens meanwhile."""
    adding, removing = _as_tags(add), _as_tags(remove)
    _change_tags(site, thread_id, "PUT", lambda has: [name for name in adding if name not in has])
    _change_tags(site, thread_id, "DELETE", lambda has: [name for name in removing if name in has and name not in adding])


def tag_name(text: str) -> str:
    """A tag as Zendesk keeps it: lower case and in one piece (https://support.zendesk.com/hc/en-us/articles/4408835059482)."""
    return _NO_TAG_SIGNS.sub("_", " ".join(text.split()).lower()).strip("_")


def _change_tags(site: Site, thread_id: str, method: str, missing: Any) -> None:
    for attempt in range(1, _TRIES + 1):
        ticket = ticket_json(site, thread_id)
        names = missing({name.lower() for name in tags_of(ticket)})
        if not names:
            return
        if state_of(ticket) is ThreadState.closed:
            raise closed()
        body = {"tags": names, "updated_stamp": need(ticket, "updated_at", str, vendor=VENDOR), "safe_update": "true"}
        try:
            site.send(method, f"{ticket_path(thread_id)}/tags.json", body, idempotent=True)
            return
        except ConflictError:
            if attempt == _TRIES:
                raise
        except InvalidChangeError as error:
            if is_closed_refusal(error):
                raise closed() from None
            raise


def _as_tags(names: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(name for name in map(tag_name, names) if name))


def _owner(site: Site, person: str | None, team: str | None, group_now: int | None) -> tuple[int | None, int | None]:
    group = _group_id(site, team) if team else None
    if not person:
        return None, group
    agent = _agent_id(site, person)
    groups = _groups_of(site, agent)
    if group is not None and group not in groups:
        raise RejectedError(f"“{person}” is not in Zendesk's group “{team}”: add them there, or assign the team alone.", permanent=True)
    if not groups:
        raise RejectedError(f"“{person}” is in no group of Zendesk, and only members of a group can own tickets.", permanent=True)
    return agent, group if group is not None else group_now if group_now in groups else groups[0]


def _agent_id(site: Site, person: str) -> int:
    """The one active agent with this e-mail address, number, alias or name."""
    wanted, by_name = person.strip().lower(), set[int]()
    for data in site.pages("/users.json", [("role[]", "agent"), ("role[]", "admin")], most=_MOST_PAGES):
        for user in each(data, "users", vendor=VENDOR):
            # The filter is not taken for granted: a customer of that name must never own a ticket.
            if user.get("role") not in ("agent", "admin") or user.get("active") is False or user.get("suspended") is True:
                continue
            number = need(user, "id", int, vendor=VENDOR)
            if wanted in (str(user.get("email") or "").lower(), str(number)):
                return number
            if wanted in (str(user.get("alias") or "").lower(), str(user.get("name") or "").lower()):
                by_name.add(number)
    if len(by_name) == 1:
        return by_name.pop()
    if by_name:
        raise RejectedError(f"Zendesk has several agents called “{person}”: enter the e-mail address instead.", permanent=True)
    raise RejectedError(f"Zendesk has no agent “{person}”: enter the e-mail address, or the name as it stands there.", permanent=True)


def _group_id(site: Site, team: str) -> int:
    wanted = team.strip().lower()
    for data in site.pages("/groups/assignable.json", most=_MOST_PAGES):
        for group in each(data, "groups", vendor=VENDOR):
            names = (need(group, "name", str, vendor=VENDOR).strip().lower(), str(need(group, "id", int, vendor=VENDOR)))
            if wanted in names and group.get("deleted") is not True:
                return need(group, "id", int, vendor=VENDOR)
    raise RejectedError(f"Zendesk has no group “{team}” to which our agent may assign.", permanent=True)


def _groups_of(site: Site, agent: int) -> list[int]:
    """The groups of an agent, their default one first."""
    found: list[Json] = []
    for data in site.pages(f"/users/{agent}/group_memberships.json", most=_MOST_PAGES):
        found += each(data, "group_memberships", vendor=VENDOR)
    found.sort(key=lambda membership: membership.get("default") is not True)
    return [need(membership, "group_id", int, vendor=VENDOR) for membership in found]
