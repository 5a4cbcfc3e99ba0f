"""Rows of the store in Tender's JSON, field by field as recorded."""

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from powerup.sandbox.common.slugs import slug_of
from powerup.sandbox.desk.models import Person, Post, Team, Thread
from powerup.sandbox.tender import numbers

if TYPE_CHECKING:
    from powerup.sandbox.tender.double import TenderDouble

Json = dict[str, Any]

_PAGES = "{-opt|?|page,user_email}{-join|&|page,user_email}"
_STATES = "{-opt|/|state}{state}" + _PAGES


class Shapes:
    """Makes JSON; asks the double for what changes."""

    def __init__(self, double: "TenderDouble") -> None:
        self._double = double

    def discussion(self, thread: Thread) -> Json:
        """One item of a listing; the detail has `comments` too."""
        store, href = self._double.store, self._double.api(f"/discussions/{numbers.DISCUSSION + thread.id}")
        posts = store.posts_of(thread.id) or [store.posts[number] for number in thread.post_ids]
        talk = [post for post in posts if not (post.internal or post.system)]
        author, last = store.author(thread), next(reversed(talk or posts), None)
        last_author = store.author(last) if last else author
        merged = thread.merged_into
        return {
            "title": thread.subject,
            "permalink": slug_of(thread.subject),
            "number": thread.id,
            "author_email": author.email,
            "author_name": author.name,
            "public": not thread.private,
            "via": "web",
            "unread": False,
            "unresponded": not any(store.author(post).staff for post in talk),
            "redirection_id": numbers.DISCUSSION + merged if merged else None,
            "private_body": "<ul><li>Browser: Chrome 120</li><li>Plan: for supporters' eyes only</li></ul>",
            "extras": {"browser": "Chrome 120"},
            "comments_count": len(talk),
            "avg_response_time": 0,
            "state": self.state(thread),
            "watchers_count": 1,
            "hidden": False,
            "company_id": None,
            "activity_filter_stamp": None,
            "spawned_from_comment_id": None,
            "suggested_faqs": [],
            "cached_queue_list": self._double.queue_ids(thread),
            "last_user_id": numbers.USER + last_author.id,
            "last_comment_id": numbers.COMMENT + (last.id if last else 0),
            "last_via": "web",
            "last_author_email": last_author.email,
            "last_author_name": last_author.name,
            "created_at": iso(thread.created_at),
            "updated_at": iso(thread.updated_at),
            "last_updated_at": iso(thread.active_at),
            "html_href": self._double.url + self._double.page_path(thread),
            "href": href,
            "user_href": self._user_href(author),
            "category_href": self._double.api(f"/categories/{numbers.CATEGORY}"),
            "comments_href": f"{href}/comments{{?page}}",
            "queue_href": f"{href}/queue?queue={{queue_id}}",
            "unqueue_href": f"{href}/unqueue?queue={{queue_id}}",
            **{f"{action}_href": f"{href}/{action}" for action in ("toggle", "resolve", "unresolve", "acknowledge")},
            **{f"{action}_href": f"{href}/{action}" for action in ("unacknowledge", "restore")},
            "change_category_href": f"{href}/change_category?to={{category_id}}",
        }

    def state(self, thread: Thread) -> str:
        """Recorded: "open" although somebody has it."""
        if thread.deleted_at:
            return "deleted"
        if thread.state in ("resolved", "closed"):
            return "resolved"
        store = self._double.store
        answered = any(store.author(post).staff for post in store.posts_of(thread.id, internal=False) if not post.system)
        return "open" if answered or thread.assigned_person or thread.assigned_team else "new"

    def comment(self, thread: Thread, post: Post) -> Json:
        """One comment. Addresses of machines are there as Tender has them; nobody may show them."""
        author = self._double.store.author(post)
        page = self._double.url + self._double.page_path(thread)
        return {
            "user_href": self._user_href(author),
            "body": post.text,
            "user_is_supporter": author.staff,
            "resolution": post.extra.get("resolution"),
            "internal": post.internal,
            "user_ip": None if post.system else "192.0.2.10",
            "referrer": None if post.system else page,
            "html_href": page,
            "author_email": author.email,
            "author_name": author.name,
            "created_at": iso(post.created_at),
            "system_message": post.system,
            "user_agent": None if post.system else "Mozilla/5.0 (X11; Linux x86_64)",
            "number": post.number,
            "assets": [self._asset(number) for number in post.file_ids],
            "via": "web",
            "formatted_body": f"<div>{re.sub('<!--.*?-->', '', post.html, flags=re.DOTALL)}</div>",
        }

    def user(self, person: Person) -> Json:
        """An account."""
        created = iso(person.created_at or datetime(2020, 1, 1, tzinfo=UTC))
        return {
            "activated_at": created if person.email_verified else None,
            "avatar_url": "https://secure.gravatar.com/avatar/00000000000000000000000000000000?s=32&d=",
            "company_id": None,
            "created_at": created,
            "discussions_href": f"{self._user_href(person)}/discussions{_PAGES}",
            "email": person.email,
            "enable_email_notifications": True,
            "external_id": person.email,
            "href": self._user_href(person),
            "name": person.name,
            "openid_url": None,
            "public_facing": person.staff,
            "state": "support" if person.staff else "user",
            "title": None,
            "trusted": person.staff,
            "updated_at": created,
        }

    def queue(self, owner: Person | Team) -> Json:
        """A supporter's own queue, or a team's."""
        is_person = isinstance(owner, Person)
        number = (numbers.PERSON_QUEUE if is_person else numbers.TEAM_QUEUE) + owner.id
        href = self._double.api(f"/queues/{number}")
        return {
            "name": owner.name,
            "permalink": slug_of(owner.name),
            "show_order": "last_updated",
            "show_states": ["new", "open", "assigned"],
            "notification_ids": [],
            "user_id": numbers.USER + owner.id if is_person else None,
            "created_at": "2020-01-01T00:00:00Z",
            "updated_at": "2020-01-01T00:00:00Z",
            "html_href": f"{self._double.url}/dashboard/queues/{number}",
            "href": href,
            "discussions_href": f"{href}/discussions{_PAGES}",
        }

    def category(self) -> Json:
        """The one category of this site."""
        href = self._double.api(f"/categories/{numbers.CATEGORY}")
        none = ("accept_email", "last_comment_id", "last_discussion_id", "last_discussion_permalink", "last_updated_at")
        return {
            **dict.fromkeys((*none, "last_user_email", "last_user_id", "last_user_name")),
            **dict.fromkeys(("beta", "force_readonly", "important"), False),
            **dict.fromkeys(("created_at", "updated_at", "heartbeat_on"), "2020-01-01T00:00:00Z"),
            **dict.fromkeys(("summary", "formatted_summary"), ""),
            "autoresponder_id": 0,
            "mail_template_id": 0,
            "code": "0" * 40,
            "discussions_href": f"{href}/discussions{_STATES}",
            "href": href,
            "html_href": f"{self._double.url}/discussions/problems",
            "name": "Problems",
            "permalink": "problems",
            "public": True,
            "visible": True,
        }

    def _asset(self, number: int) -> Json:
        file = self._double.store.files[number]
        home = self._double.stored_elsewhere or self._double.url
        return {"filename": file.name, "download_path": home + self._double.file_path(file)}

    def _user_href(self, person: Person) -> str:
        return self._double.api(f"/users/{numbers.USER + person.id}")


def iso(moment: datetime) -> str:
    """To the second, as Tender writes times."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
