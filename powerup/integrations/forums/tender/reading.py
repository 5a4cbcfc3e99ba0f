"""A whole thread: the discussion, every comment, and its queues, in Closeloop's words.

Sources: https://help.tenderapp.com/kb/api/discussions and recorded answers. `private_body` (facts for supporters), addresses of
machines and browsers are not read at all.
"""

from typing import Any

from powerup.integrations.errors import GoneError, VendorBrokenError
from powerup.integrations.forums.base import Message, Role, Thread, ThreadState, ThreadStub, Visibility
from powerup.integrations.forums.tender.attachments import attachments_of
from powerup.integrations.forums.tender.comments import all_comments, is_public, is_system, number_of
from powerup.integrations.forums.tender.finding import Finder
from powerup.integrations.forums.tender.markup import from_text, portable
from powerup.integrations.forums.tender.people import People
from powerup.integrations.forums.tender.queues import Queues
from powerup.integrations.forums.tender.site import VENDOR, Site
from powerup.integrations.forums.tender.urls import last_segment, thread_url
from powerup.integrations.http import maybe, maybe_moment, moment, need

Json = dict[str, Any]

_MOST_HOPS = 5


def opened(site: Site, finder: Finder, thread_id: str) -> tuple[str, Json]:
    """The API's number of a discussion and its JSON, after following `redirection_id`; raises GoneError when it was deleted.

    `redirection_id` is in every recorded answer, always null, and documented nowhere; by its name it leads to the discussion that
    this one became a part of.
    """
    api_id = finder.api_id(thread_id)
    for _ in range(_MOST_HOPS):
        discussion = need(site.get(f"/discussions/{api_id}"), "", dict, vendor=VENDOR)
        finder.learn(discussion)
        if maybe(discussion, "state", str, vendor=VENDOR) == "deleted":
            raise GoneError("This discussion was deleted on Tender.", permanent=True)
        target = discussion.get("redirection_id")
        following = last_segment(f"/{target}") if target else None
        if following is None or following == api_id:
            return api_id, discussion
        api_id = following
    raise VendorBrokenError("Tender sends us from one discussion to the next without an end.")


def stub_of(site: Site, finder: Finder, discussion: Json) -> ThreadStub:
    """A discussion, or one item of a listing, as a stub. `updated_at` moves with every change, `last_updated_at` only with replies."""
    number, created = finder.learn(discussion), moment(discussion, "created_at", vendor=VENDOR)
    changed = [maybe_moment(discussion, name, vendor=VENDOR) for name in ("updated_at", "last_updated_at")]
    return ThreadStub(
        external_id=number,
        url=url_of(site, discussion),
        subject=need(discussion, "title", str, vendor=VENDOR),
        created_at=created,
        changed_at=max([created, *(time for time in changed if time)]),
        message_count=maybe(discussion, "comments_count", int, vendor=VENDOR) or 0,
    )


def url_of(site: Site, discussion: Json) -> str:
    """Where people read a discussion."""
    html_href = maybe(discussion, "html_href", str, vendor=VENDOR) or ""
    return thread_url(site.base_url, html_href, str(need(discussion, "number", int, vendor=VENDOR)))


def message_id(thread_number: str, comment_number: int) -> str:
    """Comments have no id of their own: the discussion's number and theirs."""
    return f"{thread_number}#{comment_number}"


def read(site: Site, finder: Finder, people: People, queues: Queues, thread_id: str) -> Thread:
    """The thread with every message, in order."""
    api_id, discussion = opened(site, finder, thread_id)
    stub, rows = stub_of(site, finder, discussion), all_comments(site, api_id, discussion)
    if not rows:
        raise VendorBrokenError("Tender answered with a discussion that has no comments.")
    customer_id = people.identity(discussion)
    messages = tuple(_message(site, people, stub.external_id, row, customer_id) for row in rows)
    owners = queues.of(discussion)
    first = next((message.author for message in messages if message.author.external_id == customer_id), None)
    return Thread(
        external_id=stub.external_id,
        url=stub.url,
        subject=stub.subject,
        state=state_of(discussion),
        customer=first or people.author(discussion, customer_id=customer_id),
        created_at=stub.created_at,
        changed_at=max([stub.changed_at, *(message.created_at for message in messages)]),
        messages=messages,
        assigned_person=next((queue.name for queue in owners if queue.user_id), None),
        assigned_team=next((queue.name for queue in owners if not queue.user_id), None),
        private=discussion.get("public") is not True,
        opened_by_staff=people.author(rows[0], customer_id=None).role is Role.staff,
    )


def state_of(discussion: Json) -> ThreadState:
    """Tender's new, open and assigned are all open to us; there is no closed."""
    match maybe(discussion, "state", str, vendor=VENDOR):
        case "resolved":
            return ThreadState.resolved
        case "deleted":
            return ThreadState.deleted
        case _:
            return ThreadState.open


def _message(site: Site, people: People, thread_number: str, row: Json, customer_id: str) -> Message:
    formatted = maybe(row, "formatted_body", str, vendor=VENDOR)
    html = portable(formatted, site.base_url) if formatted else from_text(maybe(row, "body", str, vendor=VENDOR) or "")
    return Message(
        external_id=message_id(thread_number, number_of(row)),
        number=number_of(row),
        author=people.author(row, customer_id=customer_id),
        visibility=Visibility.public if is_public(row) else Visibility.internal,
        html=html,
        created_at=moment(row, "created_at", vendor=VENDOR),
        system=is_system(row),
        attachments=attachments_of(site.base_url, thread_number, row, html),
    )
