"""Replies: a message is made first and then put into the issue, each in a request of its own.

Our marker is the message's `messageid`, which Roundup uses as the Message-Id of the mails that it sends of it, and shows nowhere
(`send_message` in `roundup/roundupdb.py` of 2.6.0 makes one only where there is none). So a message that was made, and whose answer or
whose place in the issue was lost, is found again whichever step broke off. `creator` says who was signed in, and nobody can forge it
(`author`, which is shown, can be chosen; without one Roundup cannot put the message into an issue at all: a 409 about "nosy").
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from powerup.integrations.errors import IntegrationError, OvertakenError
from powerup.integrations.forums.base import Draft, Posted
from powerup.integrations.forums.roundup.changing import change
from powerup.integrations.forums.roundup.reading import issue_json, messages
from powerup.integrations.forums.roundup.site import VENDOR, Json, Site, ident, idents
from powerup.integrations.forums.roundup.urls import message_url
from powerup.integrations.http import need

_ODD = re.compile(r"[^A-Za-z0-9-]")


def post(site: Site, thread_id: str, draft: Draft, *, look_first: bool) -> Posted:
    """Write the draft as it was typed: Roundup shows plain text."""
    before = idents(issue_json(site, thread_id), "messages")
    found = find(site, thread_id, draft, before) if look_first else None
    if found not in before:
        _refuse_overtaken(site, before, draft.after)
    message_id = found or _make(site, thread_id, draft)
    if message_id not in before:
        _put(site, thread_id, message_id, draft.after)
    return Posted(message_id, message_url(site.base_url, thread_id, message_id), found_again=found is not None)


def message_name(marker: str, thread_id: str) -> str:
    """The marker as a Message-Id (RFC 5322), another one for each marker and issue: a message in no issue does not say where it belongs."""
    return f"<{_ODD.sub(lambda odd: f'.{ord(odd[0]):x}.', marker)}.issue{thread_id}@closeloop.invalid>"


def find(site: Site, thread_id: str, draft: Draft, present: Sequence[str]) -> str | None:
    """The message of our own with the draft's marker: the one in the issue, else one that says the same and is in no issue yet."""
    name, mine = message_name(draft.marker, thread_id), site.me()
    params = [("messageid:", name), ("@fields", "messageid,creator,content"), ("@verbose", "3"), ("@sort", "id")]
    rows = [row for row in site.rows("/msg", params) if row.get("messageid") == name and ident(row, "creator") == mine]
    ours = [ident(row, "id") for row in rows]
    left = [ident(row, "id") for row in rows if row.get("content") == draft.text]
    return next((one for one in ours if one in present), left[0] if left else None)


def _make(site: Site, thread_id: str, draft: Draft) -> str:
    # "." is Roundup's word for now: its clock counts.
    fields = {"content": draft.text, "author": site.me(), "date": ".", "messageid": message_name(draft.marker, thread_id)}
    return site.create("/msg", fields)


def _put(site: Site, thread_id: str, message_id: str, after: str | None) -> None:
    """Put it into the issue as this stands now: should somebody write meanwhile, the ETag stops us, and we look again."""

    def decide(issue: Json) -> Mapping[str, Any] | None:
        now = idents(issue, "messages")
        if message_id in now:
            return None
        _refuse_overtaken(site, now, after)
        return {"messages": sorted([*now, message_id], key=int)}

    try:
        change(site, thread_id, decide)
    except OvertakenError:
        _take_back(site, message_id)
        raise


def _refuse_overtaken(site: Site, present: list[str], after: str | None) -> None:
    """Numbers grow with time: what is higher than what the writer saw is newer."""
    if after is None:
        return
    seen = int(after) if after.isascii() and after.isdigit() else 0
    newer = messages(site, [one for one in present if int(one) > seen])
    mine = site.me() if newer else ""
    if any(ident(row, "creator") != mine for row in newer):
        raise OvertakenError("Somebody else has written in this issue meanwhile. Read it again first.", permanent=True)


def _take_back(site: Site, message_id: str) -> None:
    """Retire a message that came into no issue. Where our account may not, it stays unseen: no page leads to it."""
    try:
        etag = need(site.get(f"/msg/{message_id}", [("@fields", "creation")]), "@etag", str, vendor=VENDOR)
        site.retire(f"/msg/{message_id}", etag=etag)
    except IntegrationError:
        return
