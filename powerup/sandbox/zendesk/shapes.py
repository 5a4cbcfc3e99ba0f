"""What the desk holds, as Zendesk's JSON.

Sources: the samples at https://developer.zendesk.com/api-reference/ticketing/tickets/tickets/, …/tickets/ticket_comments/,
…/tickets/ticket_audits/, …/tickets/ticket-attachments/, …/users/users/, …/users/user_identities/ and …/groups/groups/.
"""

import hashlib
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from powerup.sandbox.common.cooking import plain
from powerup.sandbox.desk.models import Person, Post, StoredFile, Team, Thread

if TYPE_CHECKING:
    from powerup.sandbox.zendesk.double import ZendeskDouble

Json = dict[str, Any]

USERS, GROUPS, AUDITS = 20_978_000, 98_700, 900_000
"""What is added to the numbers of the store, so that none is taken for another."""
EVERYBODY = GROUPS
"""The group that every agent is in."""


def second(moment: datetime) -> str:
    """A time as the API gives it: to the second."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class Shapes:
    """Makes JSON of rows; called under the store's lock."""

    def __init__(self, double: "ZendeskDouble") -> None:
        self._double = double

    def ticket(self, thread: Thread, *, count: bool = False) -> Json:
        """A ticket; `comment_count` is side-loaded on demand."""
        store = self._double.store
        posts = self._double.comments_of(thread)
        first = posts[0] if posts else None
        shape: Json = {
            "url": f"{self._double.url}/api/v2/tickets/{thread.id}.json",
            "id": thread.id,
            "external_id": None,
            "via": {"channel": "web", "source": {"from": {}, "to": {}, "rel": None}},
            "created_at": second(thread.created_at),
            "updated_at": second(thread.updated_at),
            "generated_timestamp": int(thread.extra.get("generated", 0)),
            "type": None,
            "subject": thread.subject,
            "raw_subject": thread.subject,
            "description": plain(first.html) if first else "",
            "priority": None,
            "status": self.status(thread),
            "recipient": None,
            "requester_id": self.user_id(thread.username),
            "submitter_id": self.user_id(thread.username),
            "assignee_id": self.user_id(thread.assigned_person) if thread.assigned_person else None,
            "organization_id": None,
            "group_id": self.group_id(thread),
            "collaborator_ids": [],
            "follower_ids": [],
            "email_cc_ids": [],
            "forum_topic_id": None,
            "problem_id": None,
            "has_incidents": False,
            "is_public": any(not post.internal for post in posts),
            "due_at": None,
            "tags": sorted(thread.tags),
            "custom_fields": [],
            "satisfaction_rating": None,
            "sharing_agreement_ids": [],
            "fields": [],
            "followup_ids": [],
            "brand_id": 1,
            "allow_channelback": False,
            "allow_attachments": True,
            "from_messaging_channel": False,
        }
        return {**shape, "comment_count": len(posts)} if count and store else shape

    def status(self, thread: Thread) -> str:
        """New until an agent owns or answers it."""
        if thread.deleted_at:
            return "deleted"
        if thread.state != "open":
            return {"resolved": "solved"}.get(thread.state, thread.state)
        touched = thread.assigned_person or any(self._double.store.author(post).staff for post in self._double.comments_of(thread)[1:])
        return str(thread.extra.get("status") or ("open" if touched else "new"))

    def group_id(self, thread: Thread) -> int | None:
        """Whoever owns a ticket does so as a member of a group."""
        team = self._double.store.teams.get((thread.assigned_team or "").lower())
        return GROUPS + team.id if team else EVERYBODY if thread.assigned_person else None

    def user_id(self, username: str) -> int:
        """The number of an account."""
        return USERS + self._double.store.people[username.lower()].id

    def user(self, person: Person) -> Json:
        """An account; an address that anybody gave counts as verified as soon as any identity is."""
        role = "end-user" if not person.staff else str(person.extra.get("role") or "agent")
        return {
            "id": USERS + person.id,
            "url": f"{self._double.url}/api/v2/users/{USERS + person.id}.json",
            "name": person.name,
            "email": person.email,
            "created_at": second(person.created_at or self._double.store.now()),
            "updated_at": second(person.created_at or self._double.store.now()),
            "time_zone": "Berlin",
            "phone": None,
            "photo": None,
            "locale": "en-US",
            "organization_id": None,
            "role": role,
            "verified": person.email_verified or bool(person.extra.get("other_identity")),
            "external_id": None,
            "tags": [],
            "alias": person.username,
            "active": True,
            "shared": False,
            "shared_agent": False,
            "last_login_at": None,
            "two_factor_auth_enabled": False,
            "signature": None,
            "details": None,
            "notes": None,
            "role_type": {"admin": 4}.get(role),
            "custom_role_id": None,
            "moderator": role != "end-user",
            "ticket_restriction": person.extra.get("ticket_restriction") if person.staff else "requested",
            "only_private_comments": person.username in self._double.light_agents,
            "restricted_agent": role != "admin",
            "suspended": bool(person.extra.get("suspended")),
            "default_group_id": EVERYBODY if person.staff else None,
            "report_csv": False,
            "user_fields": {},
        }

    def identities(self, person: Person) -> list[Json]:
        """How somebody is known."""
        base: Json = {"user_id": USERS + person.id, "primary": True, "undeliverable_count": 0, "deliverable_state": "deliverable"}
        found: list[Json] = [{**base, "id": person.id, "type": "email", "value": person.email, "verified": person.email_verified}]
        if other := person.extra.get("other_identity"):
            found.append({**base, "id": person.id + 500, "type": "twitter", "value": other, "verified": True, "primary": False})
        return found

    def group(self, team: Team | None) -> Json:
        """A group; None: the one that every agent is in."""
        number = GROUPS + team.id if team else EVERYBODY
        return {
            "id": number,
            "url": f"{self._double.url}/api/v2/groups/{number}.json",
            "name": team.name if team else "Agents",
            "description": "",
            "default": team is None,
            "is_public": True,
            "deleted": False,
            "created_at": "2026-01-05T09:00:00Z",
            "updated_at": "2026-01-05T09:00:00Z",
        }

    def comment(self, post: Post) -> Json:
        """A comment of a ticket."""
        html = self._html(post)
        return {
            "id": post.id,
            "type": "Comment",
            "author_id": self.user_id(post.username),
            "body": post.text,
            "html_body": f'<div class="zd-comment" dir="auto">{html}</div>',
            "plain_body": plain(post.html),
            "public": not post.internal,
            "attachments": [self.attachment(self._double.store.files[number]) for number in post.file_ids],
            "audit_id": AUDITS + post.id,
            "via": {"channel": "web", "source": {"from": {}, "to": {}, "rel": None}},
            "created_at": second(post.created_at),
            "metadata": self._metadata(post) if self._double.comments_have_metadata else {"system": {}},
        }

    def audit(self, post: Post) -> Json:
        """The audit of a comment. That of a merge names the tickets that it took in."""
        event = {key: value for key, value in self.comment(post).items() if key not in ("created_at", "metadata")}
        merged = post.extra.get("merged")
        source: Json = {"from": {"ticket_ids": merged}, "to": {}, "rel": "merge"} if merged else {"from": {}, "to": {}, "rel": None}
        return {
            "id": AUDITS + post.id,
            "ticket_id": post.thread_id,
            "created_at": second(post.created_at),
            "author_id": self.user_id(post.username),
            "metadata": self._metadata(post),
            "events": [event],
            "via": {"channel": "web", "source": source},
        }

    def attachment(self, file: StoredFile) -> Json:
        """A file; inline when it is a picture in the text."""
        return {
            "url": f"{self._double.url}/api/v2/attachments/{file.id}.json",
            "id": file.id,
            "file_name": file.name,
            "content_url": self._double.content_url(file),
            "mapped_content_url": self._double.content_url(file),
            "content_type": file.content_type,
            "size": len(file.body),
            "width": None,
            "height": None,
            "inline": False,
            "deleted": False,
            "malware_access_override": False,
            "malware_scan_result": "malware_found" if file.id in self._double.malware else "malware_not_found",
            "thumbnails": [],
        }

    def _html(self, post: Post) -> str:
        """What stands on the desk's own pages by a path has an address here."""
        html = post.html
        for number in post.file_ids:
            file = self._double.store.files[number]
            html = html.replace(self._double.file_path(file), self._double.content_url(file))
        return html

    def _metadata(self, post: Post) -> Json:
        return {"system": {"client": "sandbox", "ip_address": "192.0.2.7"}, "custom": dict(post.extra.get("metadata") or {})}


def token_of(file: StoredFile) -> str:
    """The secret part of a file's address."""
    return hashlib.sha256(f"attachment {file.id} {file.name}".encode()).hexdigest()[:24]
