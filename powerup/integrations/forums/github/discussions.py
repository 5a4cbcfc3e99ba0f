"""Discussions by GraphQL, read whole: there is no REST for them.

Source: https://docs.github.com/en/graphql/guides/using-the-graphql-api-for-discussions. Comments have replies, one level deep; a thread
here is one row, so all are put in the order of time. A deleted comment that had replies stays with `deletedAt`.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from powerup.integrations.errors import GoneError, VendorBrokenError
from powerup.integrations.forums.base import Message, Thread, ThreadState, ThreadStub, Visibility
from powerup.integrations.forums.github import queries
from powerup.integrations.forums.github.files import attachments_in
from powerup.integrations.forums.github.ids import DISCUSSION, Which
from powerup.integrations.forums.github.markup import portable
from powerup.integrations.forums.github.people import People, is_bot
from powerup.integrations.forums.github.settings import Settings
from powerup.integrations.github import VENDOR, GitHub
from powerup.integrations.http import each, maybe, maybe_moment, moment, need

Json = dict[str, Any]

_MOST_PAGES = 400
_HIDDEN = frozenset({"spam", "abuse"})
"""Reasons for hiding a comment that take it away; "off-topic", "outdated", "resolved" and "duplicate" only fold it up."""


def discussion_json(client: GitHub, number: int) -> tuple[Json, list[Json], bool]:
    """The discussion, its comments and replies in the order of time, and whether the repository is private."""
    page, private = _page(client, number, None)
    discussion, notes = page, [*_notes(client, page)]
    for _ in range(_MOST_PAGES):
        after = _after(page, "comments")
        if after is None:
            break
        page, _ = _page(client, number, after)
        notes += _notes(client, page)
    else:
        raise VendorBrokenError("GitHub answered with a discussion that does not come to an end.")
    return discussion, sorted(notes, key=lambda note: moment(note, "createdAt", vendor=VENDOR)), private


def stub_of(discussion: Json) -> ThreadStub:
    """One discussion of a listing; replies to comments are not in its count."""
    return ThreadStub(
        external_id=Which(DISCUSSION, need(discussion, "number", int, vendor=VENDOR)).thread_id,
        url=need(discussion, "url", str, vendor=VENDOR),
        subject=need(discussion, "title", str, vendor=VENDOR),
        created_at=moment(discussion, "createdAt", vendor=VENDOR),
        changed_at=moment(discussion, "updatedAt", vendor=VENDOR),
        message_count=need(discussion, "comments.totalCount", int, vendor=VENDOR) + 1,
    )


def read(client: GitHub, people: People, settings: Settings, number: int) -> Thread:
    """The discussion with every comment and reply."""
    discussion, notes, private = discussion_json(client, number)
    customer, labels = people.opener(discussion), labels_of(discussion)
    thread_id, url = Which(DISCUSSION, number).thread_id, need(discussion, "url", str, vendor=VENDOR)
    messages = [_message(client, people, discussion, 1, customer.external_id, thread_id)]
    messages += [_message(client, people, note, place, customer.external_id) for place, note in enumerate(notes, 2)]
    answer = maybe(discussion, "answer.id", str, vendor=VENDOR)
    touched: list[datetime] = [message.edited_at or message.created_at for message in messages]
    return Thread(
        external_id=thread_id,
        url=url,
        subject=need(discussion, "title", str, vendor=VENDOR),
        state=state_of(discussion),
        customer=customer,
        created_at=messages[0].created_at,
        changed_at=max([moment(discussion, "updatedAt", vendor=VENDOR), *touched]),
        messages=tuple(messages),
        assigned_team=settings.team_in(labels),
        answer_number=next((message.number for message in messages if message.external_id == answer), None),
        tags=tuple(label for label in labels if not settings.is_team(label)),
        private=private,
        opened_by_staff=people.is_staff(discussion),
    )


def state_of(discussion: Json) -> ThreadState:
    """Answered, or closed as resolved, is resolved; closed for another reason is closed."""
    if maybe(discussion, "answer", dict, vendor=VENDOR):
        return ThreadState.resolved
    if discussion.get("closed") is not True:
        return ThreadState.open
    return ThreadState.resolved if discussion.get("stateReason") == "RESOLVED" else ThreadState.closed


def labels_of(discussion: Json) -> tuple[str, ...]:
    """Label names."""
    nodes = maybe(discussion, "labels.nodes", list, vendor=VENDOR) or []
    return tuple(need(label, "name", str, vendor=VENDOR) for label in nodes)


def named(client: GitHub, number: int) -> dict[str, Any]:
    """The variables that every query about one discussion has."""
    return {"owner": client.repository.owner, "name": client.repository.name, "number": number}


def gone() -> GoneError:
    """What GitHub answers with `null` instead of an error."""
    return GoneError("GitHub says that this discussion does not exist, or hides it from us.", permanent=True)


def _page(client: GitHub, number: int, after: str | None) -> tuple[Json, bool]:
    data = client.graphql(queries.DISCUSSION, {**named(client, number), "after": after})
    discussion = maybe(data, "repository.discussion", dict, vendor=VENDOR)
    if discussion is None:
        raise gone()
    if need(discussion, "number", int, vendor=VENDOR) != number:
        raise VendorBrokenError("GitHub answered with another discussion than the one that was asked for.")
    return discussion, maybe(data, "repository.isPrivate", bool, vendor=VENDOR) is True


def _notes(client: GitHub, page: Json) -> Iterator[Json]:
    for comment in each(page, "comments.nodes", vendor=VENDOR):
        yield comment
        yield from each(comment, "replies.nodes", vendor=VENDOR)
        after = _after(comment, "replies")
        for _ in range(_MOST_PAGES):
            if after is None:
                break
            data = client.graphql(queries.REPLIES_OF, {"id": need(comment, "id", str, vendor=VENDOR), "after": after})
            more = need(data, "node", dict, vendor=VENDOR)
            yield from each(more, "replies.nodes", vendor=VENDOR)
            after = _after(more, "replies")


def _after(page: Mapping[str, Any], name: str) -> str | None:
    if maybe(page, f"{name}.pageInfo.hasNextPage", bool, vendor=VENDOR) is not True:
        return None
    return need(page, f"{name}.pageInfo.endCursor", str, vendor=VENDOR)


def _message(client: GitHub, people: People, note: Json, place: int, customer_id: str, first: str | None = None) -> Message:
    node = need(note, "id", str, vendor=VENDOR)
    html = portable(need(note, "bodyHTML", str, vendor=VENDOR), need(note, "url", str, vendor=VENDOR))
    hidden = note.get("isMinimized") is True and str(note.get("minimizedReason") or "").lower() in _HIDDEN
    deleted = bool(note.get("deletedAt")) or hidden
    author = people.author(note, customer_id=customer_id)
    return Message(
        external_id=first or node,
        number=place,
        author=author,
        visibility=Visibility.public,
        html="" if deleted else html,
        created_at=moment(note, "createdAt", vendor=VENDOR),
        edited_at=maybe_moment(note, "lastEditedAt", vendor=VENDOR),
        deleted=deleted,
        system=is_bot(note) and author.external_id != customer_id,
        attachments=() if deleted else attachments_in(html, f"n{node}", client.repository),
    )
