"""The write API: `/api/v3`, each answer in an envelope."""

import re
import uuid
from typing import TYPE_CHECKING, Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from markdown_it import MarkdownIt

from powerup.sandbox.common.cooking import cook
from powerup.sandbox.desk.models import Person, Post
from powerup.sandbox.desk.store import NewPost
from powerup.sandbox.nodebb import people_json, post_json, topic_json
from powerup.sandbox.nodebb.access import caller, envelope, envelope_error, forbidden, guarded, thread_to_call, writer
from powerup.sandbox.nodebb.options import PRIVATE_CID, Queued

if TYPE_CHECKING:
    from powerup.sandbox.nodebb.double import NodeBBDouble

_MARKDOWN = MarkdownIt("js-default", {"html": False, "breaks": True, "xhtmlOut": True, "langPrefix": "language-", "linkify": False})
_CLEANED = re.compile(r"[,/#!$^*;:{}=_`<>'\"~()?|]")
_MEMBERS_A_PAGE = 20


def add_post(double: "NodeBBDouble", thread_id: int, username: str, text: str) -> Post:
    """Write a message as NodeBB does: HTML in it is text, comments too."""
    html = cook(text) if double.options.raw_html else _MARKDOWN.render(text)
    return double.store.add_post(thread_id, NewPost(username, text.rstrip(), html=html))


def blueprint(double: "NodeBBDouble") -> Blueprint:
    """Everything below `/api/v3`."""
    routes, bp = _Routes(double), Blueprint("nodebb_write", __name__, url_prefix="/api/v3")
    for rule, method, view in (
        ("/categories", "GET", routes.categories),
        ("/topics/", "POST", routes.create),
        ("/topics/<key>", "GET", routes.topic),
        ("/topics/<key>", "POST", routes.reply),
        ("/topics/<key>/tags", "PUT", routes.set_tags),
        ("/topics/<key>/tags", "PATCH", routes.add_tags),
        ("/topics/<key>/lock", "PUT", routes.lock),
        ("/topics/<key>/lock", "DELETE", routes.lock),
        ("/posts/<int:number>", "GET", routes.post),
        ("/posts/<int:number>/raw", "GET", routes.raw),
        ("/users/<int:uid>", "GET", routes.user),
        ("/groups/<slug>/members", "GET", routes.members),
        ("/<path:path>", "GET", routes.nothing),
    ):
        bp.add_url_rule(rule, f"{method} {rule}", guarded(view), methods=[method])
    return bp


class _Routes:
    def __init__(self, double: "NodeBBDouble") -> None:
        self._double = double

    def categories(self) -> ResponseReturnValue:
        """All that the caller may see, and the pool of what other servers sent."""
        with self._double.store.lock:
            person = caller(self._double, guests=True)
            names = self._double.categories()
            shown = {cid: name for cid, name in names.items() if cid != PRIVATE_CID or (person and person.staff)}
            pool = {**topic_json.category(self._double, -1, "Uncategorized"), "slug": "../world", "topic_count": 0}
            return envelope({"categories": [pool, *(topic_json.category(self._double, cid, name) for cid, name in shown.items())]})

    def topic(self, key: str) -> ResponseReturnValue:
        """A topic without its posts."""
        with self._double.store.lock:
            person = caller(self._double, guests=True)
            return envelope(topic_json.topic(self._double, thread_to_call(self._double, person, key)))

    def create(self) -> ResponseReturnValue:
        """A new topic."""
        person, fields = writer(self._double), self._fields()
        names = self._double.categories()
        if fields.get("cid") not in names:
            raise envelope_error(400, "Category does not exist")
        self._ensure_writable(person, str(fields.get("content", "")))
        text = str(fields["content"])
        first = NewPost(person.username, text, html=_MARKDOWN.render(text))
        category = names[fields["cid"]]
        thread = self._double.store.open_thread(
            str(fields.get("title", "")), first, category=category, tags=self._kept(fields.get("tags") or [])
        )
        post = self._double.store.posts[thread.post_ids[0]]
        main = post_json.written(self._double, thread, post)
        return envelope({**topic_json.listed(self._double, thread, person, 0), "mainPost": main})

    def reply(self, key: str) -> ResponseReturnValue:
        """A new post; or a place in the queue, with status 200 all the same."""
        person = writer(self._double)
        with self._double.store.lock:
            thread = thread_to_call(self._double, person, key)
            text = str(self._fields().get("content", ""))
            if not text:
                raise envelope_error(400, "Invalid Data")
            if self._double.options.post_queue and not self._double.moderates(person):
                number = f"reply-{uuid.uuid4().hex[:8]}"
                self._double.queue.append(Queued(number, thread.id, person.username, text, self._double.store.now()))
                message = "Your post has been placed in a queue to be approved by a moderator."
                return envelope({"queued": True, "id": number, "message": message})
            if thread.state == "closed" and not self._double.moderates(person):
                raise envelope_error(400, "Topic locked")
            self._ensure_writable(person, text)
            post = add_post(self._double, thread.id, person.username, text)
            return envelope(post_json.written(self._double, thread, post))

    def set_tags(self, key: str) -> ResponseReturnValue:
        """Exactly these; what is too long is cut, what is too short or not allowed left out, in silence."""
        return self._tagged(key, replace=True)

    def add_tags(self, key: str) -> ResponseReturnValue:
        """These too, beyond the limit if need be: only those that are added are counted."""
        return self._tagged(key, replace=False)

    def lock(self, key: str) -> ResponseReturnValue:
        """Lock and unlock; both as often as one likes."""
        person = writer(self._double)
        with self._double.store.lock:
            thread = thread_to_call(self._double, person, key)
            if not self._double.moderates(person):
                raise forbidden()
            self._double.store.change(thread.id, state="closed" if request.method == "PUT" else "open")
            return envelope(None)

    def post(self, number: int) -> ResponseReturnValue:
        """A post; its `content` is the Markdown here."""
        with self._double.store.lock:
            post, person = self._post(number)
            thread = self._double.store.threads[post.thread_id]
            shown = post_json.shown_post(self._double, thread, post, person, post.number - 1)
            keys = (
                "tid", "pid", "uid", "timestamp", "deleted", "upvotes", "downvotes", "deleterUid", "edited", "bookmarks", "announces",
                "votes", "timestampISO", "editedISO", "attachments", "uploads", "upvoted", "downvoted",
            )  # fmt: skip
            return envelope({**{key: shown[key] for key in keys}, "content": post.text, "replies": 0})

    def raw(self, number: int) -> ResponseReturnValue:
        """A post's Markdown."""
        post, _ = self._post(number)
        return envelope({"content": post.text})

    def user(self, uid: int) -> ResponseReturnValue:
        """An account."""
        viewer, person = caller(self._double, guests=True), self._double.person_number(uid)
        if person is None:
            raise envelope_error(404, "User does not exist")
        return envelope(people_json.profile(self._double, person, viewer))

    def members(self, slug: str) -> ResponseReturnValue:
        """Twenty of a group."""
        caller(self._double, guests=True)
        if not self._double.options.show_groups:
            raise forbidden()
        people = self._group(slug)
        if people is None:
            raise envelope_error(404, "Group does not exist")
        after = request.args.get("after", 0, int)
        users = [people_json.member(self._double, one) for one in people[after : after + _MEMBERS_A_PAGE]]
        return envelope({"users": users, "nextStart": after + _MEMBERS_A_PAGE, "matchCount": None, "timing": None})

    def nothing(self, path: str) -> ResponseReturnValue:
        """Any other call."""
        raise envelope_error(404, "Invalid API call")

    def _tagged(self, key: str, *, replace: bool) -> ResponseReturnValue:
        person = writer(self._double)
        with self._double.store.lock:
            thread = thread_to_call(self._double, person, key)
            if not self._double.moderates(person):
                raise forbidden()
            given = list(dict.fromkeys(str(name) for name in self._fields().get("tags") or []))
            if len(given) > self._double.options.max_tags:
                raise envelope_error(400, f"Too many tags. Topics can't have more than {self._double.options.max_tags} tag(s)")
            kept = self._kept(given)
            target = kept if replace else [*thread.tags, *(name for name in kept if name not in thread.tags)]
            self._double.store.change(thread.id, tags=target)
            return envelope(topic_json.tags(target))

    def _kept(self, names: list[str]) -> list[str]:
        options = self._double.options
        cleaned = [_CLEANED.sub("", name.strip().lower())[: options.max_tag_length].strip().strip(".-") for name in names]
        fit = [name for name in cleaned if len(name) >= options.min_tag_length]
        return list(dict.fromkeys(name for name in fit if not options.tag_whitelist or name in options.tag_whitelist))

    def _ensure_writable(self, person: Person, text: str) -> None:
        options = self._double.options
        if options.post_delay and not self._double.moderates(person):
            why = f"You can only post once every {options.post_delay} second(s) - please wait before posting again"
            raise envelope_error(400, why)
        if len(text.strip()) < options.min_post_length:
            why = f"Please enter a longer post. Posts should contain at least {options.min_post_length} character(s)."
            raise envelope_error(400, why)

    def _post(self, number: int) -> tuple[Post, Person | None]:
        person, post = caller(self._double, guests=True), self._double.store.posts.get(number)
        if post is None or not self._double.may_read(person, self._double.store.threads[post.thread_id]):
            raise envelope_error(404, "Post does not exist")
        return post, person

    def _group(self, slug: str) -> list[Person] | None:
        store = self._double.store
        if slug == "administrators":
            return []
        if slug == "global-moderators":
            return [one for one in store.people.values() if self._double.moderates(one)]
        team = next((one for one in store.teams.values() if one.name.lower().replace(" ", "-") == slug), None)
        return [person for name in team.members if (person := store.person(name))] if team else None

    def _fields(self) -> dict[str, Any]:
        data = request.get_json(silent=True)
        return data if isinstance(data, dict) else {}
