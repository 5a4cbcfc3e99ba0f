"""Pages for people: look at the forum as a customer or as staff, write as either. They work without script."""

from collections.abc import Callable
from functools import wraps
from urllib.parse import urlsplit

from flask import Blueprint, abort, g, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from powerup.sandbox.common.forum_pages import age, asset
from powerup.sandbox.discourse.models import PostType, Topic, User
from powerup.sandbox.discourse.page_rows import list_rows, post_rows
from powerup.sandbox.discourse.store import ForumStore, NewPost, NewTopic
from powerup.sandbox.discourse.viewing import Viewer, posts_of

bp = Blueprint("pages", __name__)
bp.add_app_template_filter(age)
_CSP = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
)


def page(view: Callable[..., ResponseReturnValue]) -> Callable[..., ResponseReturnValue]:
    """Holds the store still while the page is made and sends it with its headers."""

    @wraps(view)
    def locked(**values: object) -> ResponseReturnValue:
        with g.store.lock:
            answer = make_response(view(**values))
        answer.headers["Content-Security-Policy"] = _CSP
        answer.headers["Referrer-Policy"] = "same-origin"
        answer.headers["X-Content-Type-Options"] = "nosniff"
        answer.headers["Cache-Control"] = "no-store"
        return answer

    return locked


@bp.get("/")
@bp.get("/latest")
@page
def front() -> ResponseReturnValue:
    """All topics, latest activity first."""
    store: ForumStore = g.store
    staff = _as_staff()
    return render_template("list.html", rows=list_rows(store, staff=staff), **_frame(store))


@bp.get("/t/<int:topic_id>")
@page
def short_address(topic_id: int) -> ResponseReturnValue:
    """The full address."""
    return redirect(_address(_topic(g.store, topic_id)), 301)


@bp.get("/t/<slug>/<int:topic_id>/<int:number>")
@page
def at_post(slug: str, topic_id: int, number: int) -> ResponseReturnValue:
    """One post's place on its topic's page."""
    return redirect(f"{_address(_topic(g.store, topic_id))}#post_{number}", 302)


@bp.get("/t/<slug>/<int:topic_id>")
@page
def thread(slug: str, topic_id: int) -> ResponseReturnValue:
    """One topic."""
    store: ForumStore = g.store
    topic = _topic(store, topic_id)
    if slug != topic.slug:
        return redirect(_address(topic), 301)
    me = _me(store, topic)
    posts = posts_of(store, topic, Viewer(me))
    customer = store.author(topic)
    return render_template(
        "topic.html", topic=topic, posts=post_rows(store, posts), me=me, customer=customer, problem="", draft="", **_frame(store)
    )


@bp.post("/t/<slug>/<int:topic_id>/replies")
@page
def reply(slug: str, topic_id: int) -> ResponseReturnValue:
    """Write as the customer who opened the topic, or as staff (perhaps a whisper)."""
    store: ForumStore = g.store
    _from_here()
    topic = _topic(store, topic_id)
    raw = request.form.get("raw", "").strip()
    me = _me(store, topic)
    if not raw or (topic.closed and not me.staff):
        problem = "Write something first." if not raw else "This topic is closed."
        values = {"topic": topic, "posts": post_rows(store, posts_of(store, topic, Viewer(me))), "me": me, "customer": store.author(topic)}
        return render_template("topic.html", problem=problem, draft=raw, **values, **_frame(store)), 422
    kind = PostType.whisper if me.staff and request.form.get("whisper") else PostType.regular
    post = store.add_post(topic.id, NewPost(me.username, raw, type=kind))
    return redirect(f"{_address(topic)}#post_{post.number}", 303)


@bp.get("/new")
@page
def new_topic() -> ResponseReturnValue:
    """The form for a new topic."""
    return render_template("new.html", problem="", values={}, **_frame(g.store))


@bp.post("/topics")
@page
def open_topic() -> ResponseReturnValue:
    """Open a topic as a customer, known or new."""
    store: ForumStore = g.store
    _from_here()
    values = {name: request.form.get(name, "").strip() for name in ("username", "title", "raw")}
    known = store.user(values["username"])
    problem = ""
    if not all(values.values()):
        problem = "A name, a title and a text are needed."
    elif not values["username"].replace(".", "").replace("_", "").replace("-", "").isalnum():
        problem = "A user name has letters, digits, dots, hyphens and underscores."
    elif known and known.staff:
        problem = "That is a member of staff. Choose a customer's name."
    if problem:
        return render_template("new.html", problem=problem, values=values, **_frame(store)), 422
    topic = store.add_topic(NewTopic(values["title"], NewPost(values["username"], values["raw"])))
    return redirect(_address(topic), 303)


@bp.get("/u/<username>")
@page
def person(username: str) -> ResponseReturnValue:
    """A user and their topics."""
    store: ForumStore = g.store
    user = store.user(username) or abort(404)
    rows = [row for row in list_rows(store, staff=_as_staff()) if row.author.id == user.id]
    return render_template("user.html", user=user, rows=rows, **_frame(store))


@bp.post("/view-as")
@page
def view_as() -> ResponseReturnValue:
    """Look as a customer or as staff from now on."""
    _from_here()
    back = urlsplit(request.form.get("back", "/")).path
    # "//host" would leave the forum.
    answer = redirect(back if back.startswith("/") and not back.startswith("//") else "/", 303)
    side = "staff" if request.form.get("side") == "staff" else "customer"
    answer.set_cookie("forum_side", side, httponly=True, samesite="Lax")
    return answer


bp.add_url_rule("/sandbox/forum/<name>", view_func=asset)


def _frame(store: ForumStore) -> dict[str, object]:
    return {"site": store.options.title, "staff": _as_staff(), "now": store.now(), "path": request.path, "revision": store.revision}


def _as_staff() -> bool:
    return request.cookies.get("forum_side") == "staff"


def _me(store: ForumStore, topic: Topic) -> User:
    """Who the person at the screen plays on this topic."""
    if not _as_staff():
        return store.author(topic)
    return next((user for user in store.rows.users.values() if user.staff and user.id > 0), store.rows.users["system"])


def _topic(store: ForumStore, topic_id: int) -> Topic:
    topic = store.rows.topics.get(topic_id)
    if topic is None or topic.deleted_at:
        abort(404)
    return topic


def _address(topic: Topic) -> str:
    return f"/t/{topic.slug}/{topic.id}"


def _from_here() -> None:
    """Forms of other sites may not write here."""
    origin = request.headers.get("Origin")
    if origin is not None and origin != request.host_url.rstrip("/"):
        abort(403)
