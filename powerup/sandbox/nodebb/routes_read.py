"""The read API: the JSON behind each page, and uploads."""

from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, jsonify, redirect, request
from flask.typing import ResponseReturnValue

from powerup.sandbox.common.cooking import plain
from powerup.sandbox.desk.models import Person, Post, Thread
from powerup.sandbox.nodebb import people_json, post_json, topic_json
from powerup.sandbox.nodebb.access import RefusedError, busy, guarded, missing_page, reader, thread_to_read
from powerup.sandbox.nodebb.page_json import feed, page_asked, page_count, pagination, tail

if TYPE_CHECKING:
    from powerup.sandbox.nodebb.double import NodeBBDouble

Json = dict[str, Any]


def blueprint(double: "NodeBBDouble") -> Blueprint:
    """Everything below `/api` but `/api/v3`."""
    routes, bp = _Routes(double), Blueprint("nodebb_read", __name__)
    bp.before_app_request(lambda: busy(double) if request.path.startswith("/api/") else None)
    for rule, view in (
        ("/api/config", routes.config),
        ("/api/self", routes.own),
        ("/api/recent", routes.recent),
        ("/api/category/<int:cid>", routes.category),
        ("/api/topic/<key>", routes.topic),
        ("/api/search", routes.search),
        ("/api/post-queue", routes.queue),
        ("/api/<path:path>", routes.nothing),
        ("/assets/uploads/files/<name>", routes.upload),
        ("/topic/<int:number>", routes.page),
        ("/topic/<int:number>/<slug>/<int:place>", routes.page),
    ):
        bp.add_url_rule(rule, rule, guarded(view))
    return bp


class _Routes:
    def __init__(self, double: "NodeBBDouble") -> None:
        self._double = double

    def config(self) -> Json:
        """What a page's scripts need to know; open to everybody."""
        options = self._double.options
        return {
            "relative_path": "",
            "upload_url": "/assets/uploads",
            "siteTitle": self._double.store.title,
            "browserTitle": self._double.store.title,
            "maintenanceMode": False,
            "postQueue": int(options.post_queue),
            "minimumPostLength": options.min_post_length,
            "maximumPostLength": 32767,
            "minimumTagsPerTopic": 0,
            "maximumTagsPerTopic": options.max_tags,
            "minimumTagLength": options.min_tag_length,
            "maximumTagLength": options.max_tag_length,
            "usePagination": False,
            "topicsPerPage": options.per_page,
            "postsPerPage": options.per_page,
            "topicPostSort": "oldest_to_newest",
            "loggedIn": False,
            "uid": -1,
            "csrf_token": False,
            "searchEnabled": options.search,
        }

    def own(self) -> ResponseReturnValue:
        """The account that asks."""
        person = reader(self._double)
        if person is None:
            return jsonify("not-authorized"), 401
        return people_json.own(self._double, person)

    def recent(self) -> Json:
        """The most recently active of the whole site, but never more than so many. Of the filters only `cid` works here."""
        with self._double.store.lock:
            viewer = self._reader()
            wanted = set(request.args.getlist("cid"))
            threads = self._readable(viewer)[: self._double.options.recent_max]
            threads = [one for one in threads if not wanted or str(self._double.cid_of(one)) in wanted]
            return {**self._page_of(threads, viewer), "tids": [one.id for one in threads], **self._list_tail(viewer, "recent")}

    def category(self, cid: int) -> Json:
        """One category: pinned topics first, then by activity."""
        with self._double.store.lock:
            viewer, names = self._reader(), self._double.categories()
            if cid not in names:
                raise missing_page()
            inside = [one for one in self._readable(viewer) if self._double.cid_of(one) == cid]
            inside.sort(key=lambda one: not one.extra.get("pinned"))
            whole = topic_json.category(self._double, cid, names[cid])
            listing = self._page_of(inside, viewer)
            del listing["topicCount"]
            privileges = {"topics:read": True, "read": True, "cid": str(cid), "uid": viewer.id if viewer else 0}
            own = {"tagWhitelist": self._double.options.tag_whitelist, "children": [], "privileges": privileges}
            return {**whole, **own, **listing, **self._list_tail(viewer, "category")}

    def topic(self, key: str) -> Json:
        """One page of a topic. Newest first, the main post still leads page 1, and indexes count from the newest."""
        with self._double.store.lock:
            viewer = reader(self._double)
            thread = thread_to_read(self._double, viewer, key)
            posts, size, page = topic_json.posts_of(self._double, thread), self._double.options.per_page, page_asked()
            numbered: list[tuple[int, Post]] = list(enumerate(posts))
            if request.args.get("sort") == "newest_to_oldest" and posts:
                numbered = [(0, posts[0]), *enumerate(reversed(posts[1:]), 1)]
            shown = [
                post_json.shown_post(self._double, thread, post, viewer, index) for index, post in numbered[(page - 1) * size : page * size]
            ]
            self._copy_answer(thread, shown)
            opener = people_json.brief(self._double.store.author(thread))
            cid = self._double.cid_of(thread)
            return {
                **topic_json.topic(self._double, thread),
                "posts": shown,
                "category": topic_json.category(self._double, cid, self._double.categories()[cid]),
                **self._site_of_topic(thread, viewer),
                "author": {name: opener[name] for name in ("username", "userslug", "uid", "displayname", "isLocal")},
                "pagination": pagination(page, page_count(len(posts), size)),
                **feed(viewer, f"/topic/{thread.id}"),
                **tail(self._double, viewer, "topic"),
            }

    def search(self) -> Json:
        """Topics whose title matches, then posts; no such page without a search plug-in."""
        with self._double.store.lock:
            viewer = self._reader()
            if not self._double.options.search:
                raise missing_page()
            term = request.args.get("term", "").lower()
            hits: list[tuple[Thread, Post]] = []
            for thread in self._readable(viewer):
                posts = [post for post in topic_json.posts_of(self._double, thread) if not post.deleted_at]
                titled = term in thread.subject.lower()
                hits += [(thread, post) for post in posts if (titled and post is posts[0]) or term in plain(post.html).lower()]
            hits = hits[: min(request.args.get("itemsPerPage", 10, int), 100)]
            return {
                "posts": [post_json.summary(self._double, thread, post) for thread, post in hits],
                "matchCount": len(hits),
                "pageCount": 1,
                "time": "0.01",
                "pagination": pagination(1, 1),
                "multiplePages": False,
                "search_query": term,
                "term": term,
                **tail(self._double, viewer, "search"),
            }

    def queue(self) -> Json:
        """What waits for approval: their own to people, everything to moderators."""
        person = reader(self._double)
        if person is None:
            raise missing_page()
        mine = [one for one in self._double.queue if self._double.moderates(person) or one.username == person.username]
        posts = [
            {
                "id": one.id,
                "uid": self._double.store.people[one.username.lower()].id,
                "type": "reply",
                "data": {"tid": str(one.thread_id), "content": f"<p>{plain(one.text)}</p>", "rawContent": one.text},
            }
            for one in mine
        ]
        return {"title": "[[pages:post-queue]]", "posts": posts, "pagination": pagination(1, 1), **tail(self._double, person, "post-queue")}

    def nothing(self, path: str) -> ResponseReturnValue:
        """Any other page."""
        raise missing_page()

    def upload(self, name: str) -> ResponseReturnValue:
        """A file. A token does not count: NodeBB looks for a session only."""
        file = self._double.file_named(name)
        if self._double.options.private_uploads:
            return jsonify("not-allowed"), 403
        if file is None:
            raise missing_page()
        return Response(file.body, mimetype=file.content_type, headers={"X-Content-Type-Options": "nosniff"})

    def page(self, number: int, **_: object) -> ResponseReturnValue:
        """A topic's page for people under its other addresses."""
        thread = self._double.store.threads.get(number)
        if thread is None:
            raise missing_page()
        return redirect(self._double.page_path(thread))

    def _reader(self) -> Person | None:
        viewer = reader(self._double)
        if viewer is None and not self._double.options.guests_read:
            answer = jsonify("not-authorized")
            answer.status_code = 401
            raise RefusedError(answer)
        return viewer

    def _readable(self, viewer: Person | None) -> list[Thread]:
        """As a sorted set gives them: by time, and by the id as a text where that is equal."""
        threads = [one for one in self._double.store.threads.values() if self._double.may_read(viewer, one)]
        return sorted(threads, key=lambda one: (topic_json.ms(one.active_at), str(one.id)), reverse=True)

    def _page_of(self, threads: list[Thread], viewer: Person | None) -> Json:
        size, page = self._double.options.per_page, page_asked()
        start = (page - 1) * size
        rows = [topic_json.listed(self._double, one, viewer, start + at) for at, one in enumerate(threads[start : start + size])]
        paging = pagination(page, page_count(len(threads), size))
        return {"nextStart": start + size, "topicCount": len(threads), "topics": rows, "pagination": paging}

    def _list_tail(self, viewer: Person | None, name: str) -> Json:
        return {"title": f"[[pages:{name}]]", "breadcrumbs": [], **feed(viewer, f"/{name}"), **tail(self._double, viewer, name)}

    def _copy_answer(self, thread: Thread, shown: list[Json]) -> None:
        """nodebb-plugin-question-and-answer shows the answer a second time, after the question."""
        answer = next((post for post in shown if post["pid"] == thread.answer_id), None)
        if thread.state == "resolved" and answer and shown[0]["index"] == 0 and len(shown) > 1 and shown[1] is not answer:
            shown.insert(1, {**answer, "allowDupe": True, "navigatorIgnore": True, "isAnswer": True})

    def _site_of_topic(self, thread: Thread, viewer: Person | None) -> Json:
        moderates = self._double.moderates(viewer)
        privileges = {"topics:reply": viewer is not None and (moderates or thread.state != "closed"), "isAdminOrMod": moderates}
        empty = ("thread_tools", "postSharing", "related", "icons", "crossposts", "breadcrumbs")
        none = ("bookmark", "deleter", "merger", "forker")
        zero = ("reputation:disabled", "downvote:disabled", "feeds:disableRSS", "signatures:hideDuplicates", "postEditDuration")
        return {
            "tagWhitelist": self._double.options.tag_whitelist,
            "minTags": 0,
            "maxTags": self._double.options.max_tags,
            **{name: [] for name in empty},
            **dict.fromkeys(none),
            **dict.fromkeys(zero, 0),
            "isFollowing": False,
            "isNotFollowing": True,
            "isIgnoring": False,
            "unreplied": len(thread.post_ids) == 1,
            "privileges": privileges,
            "privateUploads": self._double.options.private_uploads,
            "postIndex": 1,
        }
