"""A whole ticket with every comment, in Closeloop's words.

Side-loading (`include=users,groups`) is described at https://developer.zendesk.com/documentation/ticketing/using-the-zendesk-api/side_loading/.
A merge moves no comments: those of the merged ticket stay there. Here they are read along with the ticket that took it in, in the
order of time, so that nothing a customer wrote is lost (how both are recognised: `merging`).
"""

from powerup.integrations.errors import GoneError, NotPermittedError
from powerup.integrations.forums.base import Message, Thread, Visibility
from powerup.integrations.forums.zendesk.attachments import attachments_of
from powerup.integrations.forums.zendesk.comments import comment_pages, is_public, text_of
from powerup.integrations.forums.zendesk.markup import html_of, portable
from powerup.integrations.forums.zendesk.merging import farewell, is_merge, merged_into, taken_in
from powerup.integrations.forums.zendesk.people import People
from powerup.integrations.forums.zendesk.site import VENDOR, Json, Site
from powerup.integrations.forums.zendesk.tickets import state_of, subject_of, tags_of, ticket_answer
from powerup.integrations.forums.zendesk.urls import thread_url
from powerup.integrations.http import each, maybe, moment, need

_MOST_MERGES = 5
"""Merges that are followed one after the other, and merged tickets that are read along."""


def read(site: Site, people: People, thread_id: str) -> Thread:
    """The ticket, or the one that it was merged into, with every comment that we may see."""
    data = ticket_answer(site, thread_id, "users,groups")
    for _ in range(_MOST_MERGES):
        target = merged_into(site, thread_id, need(data, "ticket", dict, vendor=VENDOR))
        if target is None:
            break
        thread_id, data = target, ticket_answer(site, target, "users,groups")
    people.learn(data)
    ticket = need(data, "ticket", dict, vendor=VENDOR)
    thread_id = str(need(ticket, "id", int, vendor=VENDOR))
    comments, notices = _all_comments(site, people, thread_id)
    customer_id = need(ticket, "requester_id", int, vendor=VENDOR)
    assignee_id = maybe(ticket, "assignee_id", int, vendor=VENDOR)
    authors = [need(comment, "author_id", int, vendor=VENDOR) for comment in comments]
    people.fetch([customer_id, *authors, *([assignee_id] if assignee_id else [])])
    messages = tuple(_message(site, people, comment, number, customer_id, notices) for number, comment in enumerate(comments, 1))
    return Thread(
        external_id=thread_id,
        url=thread_url(site.base_url, thread_id),
        subject=subject_of(ticket),
        state=state_of(ticket),
        customer=people.author(customer_id, customer_id=customer_id),
        created_at=moment(ticket, "created_at", vendor=VENDOR),
        changed_at=max([moment(ticket, "updated_at", vendor=VENDOR), *(message.created_at for message in messages)]),
        messages=messages,
        assigned_person=people.username(assignee_id) if assignee_id else None,
        assigned_team=_group(data, ticket),
        tags=tags_of(ticket),
        # No ticket is for the public. This one is not even for a customer: all its comments are internal.
        private=ticket.get("is_public") is False,
        opened_by_staff=bool(authors) and people.is_staff(authors[0]),
    )


def _all_comments(site: Site, people: People, thread_id: str) -> tuple[list[Json], set[int]]:
    """The ticket's comments and those of the tickets merged into it, by time; and which of them only tell of a merge."""
    comments = _comments(site, people, thread_id)
    merged = taken_in(site, thread_id, comments)
    notices = set(merged.notices)
    for number in merged.threads[:_MOST_MERGES]:
        try:
            theirs = _comments(site, people, number)
        except (GoneError, NotPermittedError):
            continue
        notices |= {last} if (last := farewell(theirs, thread_id)) is not None else set()
        comments += theirs
    # Numbers of comments grow with time; times alone are to the second.
    each_once = {need(comment, "id", int, vendor=VENDOR): comment for comment in comments}
    ordered = sorted(each_once, key=lambda number: (need(each_once[number], "created_at", str, vendor=VENDOR), number))
    return [each_once[number] for number in ordered], notices


def _comments(site: Site, people: People, thread_id: str) -> list[Json]:
    found: list[Json] = []
    for data in comment_pages(site, thread_id):
        people.learn(data)
        found += each(data, "comments", vendor=VENDOR)
    return found


def _message(site: Site, people: People, comment: Json, number: int, customer_id: int, notices: set[int]) -> Message:
    comment_id = need(comment, "id", int, vendor=VENDOR)
    html = maybe(comment, "html_body", str, vendor=VENDOR)
    html = portable(html, site.base_url) if html is not None else html_of(text_of(comment))
    return Message(
        external_id=str(comment_id),
        number=number,
        author=people.author(need(comment, "author_id", int, vendor=VENDOR), customer_id=customer_id),
        visibility=Visibility.public if is_public(comment) else Visibility.internal,
        html=html,
        created_at=moment(comment, "created_at", vendor=VENDOR),
        system=comment_id in notices or _is_system(comment),
        attachments=attachments_of(comment, html),
    )


def _is_system(comment: Json) -> bool:
    """A line of a merge, a trigger or an automation, whoever it is said to be by."""
    via = comment.get("via")
    # A channel is a word, or (rarely) the number of one.
    return is_merge(via) or (isinstance(via, dict) and via.get("channel") in ("rule", "system"))


def _group(data: Json, ticket: Json) -> str | None:
    number = maybe(ticket, "group_id", int, vendor=VENDOR)
    groups = each(data, "groups", vendor=VENDOR) if data.get("groups") is not None else []
    return next((need(group, "name", str, vendor=VENDOR) for group in groups if group.get("id") == number), None) if number else None
