"""REST's and webhooks' JSON. Keys as in the examples of https://docs.github.com/en/rest and of github.com/octokit/webhooks."""

import re
from typing import TYPE_CHECKING, Any

from powerup.sandbox.desk.models import Person, Post, Thread
from powerup.sandbox.github.rows import node_id, stamp

if TYPE_CHECKING:
    from powerup.sandbox.github.double import GithubDouble

Json = dict[str, Any]
_OWN_LINK = re.compile(r'(href|src)="/(?!/)')
_ASSET = re.compile(r'(?:https?://[^/"]+)?/user-attachments/assets/([0-9a-f-]{36})')


class Shapes:
    """Rows of the store as GitHub tells of them."""

    def __init__(self, double: "GithubDouble") -> None:
        self._double = double

    @property
    def _rows(self) -> Any:
        return self._double.rows

    def user(self, person: Person | None) -> Json | None:
        """An account; None for one that was deleted."""
        if person is None or person.extra.get("ghost"):
            return None
        home = f"{self._double.url}/api/v3/users/{person.username}"
        return {
            "login": person.username,
            "id": person.id,
            "node_id": node_id("U", person.id),
            "avatar_url": f"{self._double.url}/avatars/u/{person.id}?v=4",
            "gravatar_id": "",
            "url": home,
            "html_url": f"{self._double.url}/{person.username}",
            "followers_url": f"{home}/followers",
            "following_url": f"{home}/following{{/other_user}}",
            "gists_url": f"{home}/gists{{/gist_id}}",
            "starred_url": f"{home}/starred{{/owner}}{{/repo}}",
            "subscriptions_url": f"{home}/subscriptions",
            "organizations_url": f"{home}/orgs",
            "repos_url": f"{home}/repos",
            "events_url": f"{home}/events{{/privacy}}",
            "received_events_url": f"{home}/received_events",
            "type": person.extra.get("type", "User"),
            "site_admin": False,
        }

    def label(self, name: str) -> Json:
        """A label of the repository."""
        number = self._rows.label_number(name)
        return {
            "id": number,
            "node_id": node_id("LA", number),
            "url": f"{self._double.api_url}/labels/{name}",
            "name": name,
            "color": "c5def5",
            "default": False,
            "description": None,
        }

    def issue(self, thread: Thread, *, media: str = "full") -> Json:
        """An issue, or a pull request as the issues' API shows it."""
        home = f"{self._double.api_url}/issues/{thread.id}"
        pull = bool(thread.extra.get("pull_request"))
        assignees = [self.user(person) for person in self._rows.assignees(thread)]
        first = self._rows.first(thread)
        found = {
            "url": home,
            "repository_url": self._double.api_url,
            "labels_url": f"{home}/labels{{/name}}",
            "comments_url": f"{home}/comments",
            "events_url": f"{home}/events",
            "html_url": f"{self._double.base_url()}/{'pull' if pull else 'issues'}/{thread.id}",
            "id": 1_000_000 + thread.id,
            "node_id": node_id("I", thread.id),
            "number": thread.id,
            "title": thread.subject,
            "user": self.user(self._double.store.author(thread)),
            "labels": [self.label(name) for name in self._rows.labels(thread)],
            "state": "open" if thread.state == "open" else "closed",
            "locked": bool(thread.extra.get("locked")),
            "assignee": assignees[0] if assignees else None,
            "assignees": assignees,
            "milestone": None,
            "comments": len(self._rows.comments(thread)),
            "created_at": stamp(thread.created_at),
            "updated_at": stamp(self._rows.updated_at(thread)),
            "closed_at": None if thread.state == "open" else stamp(thread.updated_at),
            "author_association": self._rows.association(self._double.store.author(thread)),
            "active_lock_reason": None,
            **self.text(first, media),
            "reactions": self._reactions(home),
            "performed_via_github_app": None,
            "state_reason": self.state_reason(thread),
        }
        if pull:
            found["pull_request"] = {"url": f"{self._double.api_url}/pulls/{thread.id}", "html_url": found["html_url"], "merged_at": None}
        return found

    def comment(self, thread: Thread, post: Post, *, media: str = "full") -> Json:
        """A comment on an issue."""
        page = "pull" if thread.extra.get("pull_request") else "issues"
        home = f"{self._double.api_url}/issues/comments/{post.id}"
        author = self._double.store.author(post)
        return {
            "url": home,
            "html_url": f"{self._double.base_url()}/{page}/{thread.id}#issuecomment-{post.id}",
            "issue_url": f"{self._double.api_url}/issues/{thread.id}",
            "id": post.id,
            "node_id": node_id("IC", post.id),
            "user": self.user(author),
            "created_at": stamp(post.created_at),
            "updated_at": stamp(post.edited_at or post.created_at),
            "author_association": self._rows.association(author),
            "performed_via_github_app": None,
            **self.text(post, media),
            "reactions": self._reactions(home),
        }

    def state_reason(self, thread: Thread) -> str | None:
        """Why an issue is closed."""
        if thread.state == "open":
            return None
        return str(thread.extra.get("state_reason") or ("completed" if thread.state == "resolved" else "not_planned"))

    def text(self, post: Post | None, media: str) -> Json:
        """A text in the forms that a media type asks for; `None` for an issue without one."""
        if post is None:
            return {"body": None}
        forms = {"body": self.markdown(post), "body_html": self.html(post), "body_text": post.text}
        wanted = {"full": list(forms), "html": ["body_html"], "text": ["body_text"]}.get(media, ["body"])
        return {name: forms[name] for name in wanted}

    def markdown(self, post: Post) -> str:
        """The source, with its uploads as their author's browser put them in."""
        links = [self._upload(number, markdown=True) for number in post.file_ids if not self._is_in(number, post.text)]
        return "\n\n".join([post.text, *links])

    def html(self, post: Post) -> str:
        """The source rendered: absolute links, comments gone, pictures under signed addresses."""
        links = [self._upload(number, markdown=False) for number in post.file_ids if not self._is_in(number, post.html)]
        absolute = _OWN_LINK.sub(rf'\1="{self._double.url}/', post.html + "".join(links))
        return _ASSET.sub(lambda found: self._double.uploads.signed(found[1]) or found[0], absolute)

    def repository(self, *, viewer: Person | None, full: bool = False) -> Json:
        """The repository; `permissions` are the viewer's, and nobody's without a token."""
        found: Json = {
            "id": 1296269,
            "node_id": "R_kgDOABPHjQ",
            "name": self._double.name,
            "full_name": f"{self._double.owner}/{self._double.name}",
            "private": self._double.is_private,
            "owner": {"login": self._double.owner, "id": 9000, "type": "Organization", "site_admin": False},
            "html_url": f"{self._double.url}/{self._double.owner}/{self._double.name}",
            "description": None,
            "fork": False,
            "url": self._double.api_url,
            "has_issues": self._double.has_issues,
            "has_discussions": self._double.has_discussions,
            "archived": self._double.is_archived,
            "visibility": "private" if self._double.is_private else "public",
        }
        if full and viewer:
            may = self._rows.may_triage(viewer)
            found["permissions"] = {"admin": False, "maintain": False, "push": may, "triage": may, "pull": True}
        return found

    def discussion(self, thread: Thread) -> Json:
        """A discussion as webhooks show it; REST has none."""
        first = self._rows.first(thread)
        return {
            "repository_url": self._double.api_url,
            "category": {"id": 1, "name": "Q&A", "slug": "q-a", "is_answerable": self._double.is_answerable(thread)},
            "answer_html_url": None,
            "answer_chosen_at": None,
            "answer_chosen_by": None,
            "html_url": f"{self._double.base_url()}/discussions/{thread.id}",
            "id": 2_000_000 + thread.id,
            "node_id": node_id("D", thread.id),
            "number": thread.id,
            "title": thread.subject,
            "user": self.user(self._double.store.author(thread)),
            "state": "open" if thread.state == "open" else "closed",
            "locked": bool(thread.extra.get("locked")),
            "comments": len(self._rows.comments(thread)),
            "created_at": stamp(thread.created_at),
            "updated_at": stamp(self._rows.updated_at(thread)),
            "author_association": self._rows.association(self._double.store.author(thread)),
            "active_lock_reason": None,
            "body": first.text if first else "",
        }

    def discussion_comment(self, thread: Thread, post: Post) -> Json:
        """A comment on a discussion as webhooks show it."""
        author = self._double.store.author(post)
        return {
            "id": post.id,
            "node_id": node_id("DC", post.id),
            "html_url": f"{self._double.base_url()}/discussions/{thread.id}#discussioncomment-{post.id}",
            "parent_id": post.extra.get("parent"),
            "child_comment_count": 0,
            "repository_url": f"{self._double.owner}/{self._double.name}",
            "discussion_id": 2_000_000 + thread.id,
            "author_association": self._rows.association(author),
            "user": self.user(author),
            "created_at": stamp(post.created_at),
            "updated_at": stamp(post.edited_at or post.created_at),
            "body": post.text,
        }

    def _upload(self, number: int, *, markdown: bool) -> str:
        file = self._double.store.files[number]
        path, image = f"{self._double.url}{self._double.file_path(file)}", file.content_type.startswith("image/")
        if markdown:
            return f"{'!' if image else ''}[{file.name}]({path})"
        inner = f'<img src="{path}" alt="{file.name}" style="max-width: 100%;">' if image else file.name
        return f'<p><a href="{path}">{inner}</a></p>'

    def _is_in(self, number: int, text: str) -> bool:
        return self._double.file_path(self._double.store.files[number]) in text

    def _reactions(self, home: str) -> Json:
        names = ("+1", "-1", "laugh", "hooray", "confused", "heart", "rocket", "eyes")
        return {"url": f"{home}/reactions", "total_count": 0, **dict.fromkeys(names, 0)}
