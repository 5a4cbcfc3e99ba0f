"""Pages for people: look at the desk as a customer or as staff, write as either. They work without script."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import Blueprint, Flask, Response, abort, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from powerup.sandbox.common.cooking import clean
from powerup.sandbox.common.forum_pages import age, asset
from powerup.sandbox.desk.models import Person, Post, StoredFile, Thread
from powerup.sandbox.desk.store import DeskStore, NewPost

if TYPE_CHECKING:
    from powerup.sandbox.desk.double import DeskDouble

_CSP = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
)


@dataclass(frozen=True, slots=True)
class ThreadRow:
    """A line of the list."""

    thread: Thread
    author: Person
    path: str
    replies: int


@dataclass(frozen=True, slots=True)
class PostRow:
    """A message of a thread."""

    post: Post
    author: Person
    html: Markup
    files: list[StoredFile]


def install(app: Flask, double: "DeskDouble") -> None:
    """Give `app` its pages."""
    pages = _Pages(double)
    bp = Blueprint("desk_pages", __name__, template_folder="templates")
    bp.add_app_template_filter(age)
    bp.add_url_rule("/sandbox/forum/<name>", view_func=asset)
    bp.add_url_rule("/sandbox/revision", "revision", pages.revision)
    bp.add_url_rule("/sandbox/files/<int:number>/<path:name>", "file", pages.file)
    bp.add_url_rule("/", "front", pages.front)
    bp.add_url_rule("/new", "new", pages.new)
    bp.add_url_rule("/view-as", "view_as", pages.view_as, methods=["POST"])
    bp.add_url_rule("/threads", "open", pages.open, methods=["POST"])
    bp.add_url_rule("/threads/<int:number>/replies", "reply", pages.reply, methods=["POST"])
    bp.add_url_rule(double.page_rule, "thread", pages.thread)
    app.register_blueprint(bp)


class _Pages:
    def __init__(self, double: "DeskDouble") -> None:
        self._double = double

    @property
    def _store(self) -> DeskStore:
        return self._double.store

    def revision(self) -> ResponseReturnValue:
        """Another number after every change; the pages refresh by it."""
        return {"revision": self._store.revision}

    def front(self) -> ResponseReturnValue:
        """All threads, latest activity first; private ones for staff."""
        with self._store.lock:
            shown = [one for one in self._store.threads.values() if not (one.deleted_at or one.merged_into)]
            shown = sorted((one for one in shown if _as_staff() or not one.private), key=lambda one: one.active_at, reverse=True)
            return self._page("desk/list.html", rows=[self._row(thread) for thread in shown])

    def thread(self, number: int, **_: object) -> ResponseReturnValue:
        """One thread."""
        with self._store.lock:
            return self._thread_page(self._thread(number))

    def reply(self, number: int) -> ResponseReturnValue:
        """Write as the customer who opened the thread, or as staff (perhaps a note)."""
        _from_here()
        text = request.form.get("text", "").strip()
        with self._store.lock:
            thread = self._thread(number)
            me = self._me(thread)
            if not text or (thread.state == "closed" and not me.staff):
                problem = "This thread is closed." if text else "Write something first."
                return self._thread_page(thread, problem=problem, draft=text), 422
            internal = me.staff and self._double.has_notes and bool(request.form.get("internal"))
            post = self._store.add_post(thread.id, NewPost(me.username, text, internal=internal))
            return redirect(f"{self._double.page_path(thread)}#post_{post.number}", 303)

    def new(self) -> ResponseReturnValue:
        """The form for a new thread."""
        return self._page("desk/new.html", problem="", values={})

    def open(self) -> ResponseReturnValue:
        """Open a thread as a customer, known or new."""
        _from_here()
        values = {name: request.form.get(name, "").strip() for name in ("username", "subject", "text")}
        known = self._store.person(values["username"])
        problem = ""
        if not all(values.values()):
            problem = "A name, a subject and a text are needed."
        elif not values["username"].replace(".", "").replace("_", "").replace("-", "").isalnum():
            problem = "A user name has letters, digits, dots, hyphens and underscores."
        elif known and known.staff:
            problem = "That is a member of staff. Choose a customer's name."
        if problem:
            return self._page("desk/new.html", problem=problem, values=values), 422
        thread = self._store.open_thread(values["subject"], NewPost(values["username"], values["text"]))
        return redirect(self._double.page_path(thread), 303)

    def view_as(self) -> ResponseReturnValue:
        """Look as a customer or as staff from now on."""
        _from_here()
        back = request.form.get("back", "/")
        # "//host" would leave the desk.
        answer = redirect(back if back.startswith("/") and not back.startswith(("//", "/\\")) else "/", 303)
        answer.set_cookie("forum_side", "staff" if request.form.get("side") == "staff" else "customer", httponly=True, samesite="Lax")
        return answer

    def file(self, number: int, name: str) -> ResponseReturnValue:
        """An upload, for whoever looks at these pages."""
        stored = self._store.files.get(number)
        if stored is None:
            abort(404)
        shown = stored.content_type in ("image/png", "image/jpeg", "image/gif")
        answer = Response(stored.body, mimetype=stored.content_type if shown else "application/octet-stream")
        answer.headers["X-Content-Type-Options"] = "nosniff"
        return answer

    def _thread_page(self, thread: Thread, *, problem: str = "", draft: str = "") -> Response:
        posts = [self._post_row(post) for post in self._store.posts_of(thread.id, internal=_as_staff())]
        customer = self._store.author(thread)
        return self._page(
            "desk/thread.html", thread=thread, posts=posts, me=self._me(thread), customer=customer, problem=problem, draft=draft
        )

    def _page(self, template: str, **values: object) -> Response:
        frame = {"desk": self._double, "staff": _as_staff(), "now": self._store.now(), "path": request.path}
        answer = make_response(render_template(template, **frame, **values))
        answer.headers["Content-Security-Policy"] = _CSP
        answer.headers["Referrer-Policy"] = "same-origin"
        answer.headers["X-Content-Type-Options"] = "nosniff"
        answer.headers["Cache-Control"] = "no-store"
        return answer

    def _row(self, thread: Thread) -> ThreadRow:
        talk = [post for post in self._store.posts_of(thread.id, internal=False) if not post.system]
        return ThreadRow(thread, self._store.author(thread), self._double.page_path(thread), max(len(talk) - 1, 0))

    def _post_row(self, post: Post) -> PostRow:
        files = [self._store.files[number] for number in post.file_ids]
        # Filtered just now: the story plays desks that were careless.
        return PostRow(post, self._store.author(post), Markup(clean(post.html)), files)  # noqa: S704

    def _thread(self, number: int) -> Thread:
        thread = self._store.threads.get(number)
        if thread is None or thread.deleted_at:
            abort(404)
        return self._thread(thread.merged_into) if thread.merged_into else thread

    def _me(self, thread: Thread) -> Person:
        """Who the person at the screen plays in this thread."""
        if not _as_staff():
            return self._store.author(thread)
        staff = [person for person in self._store.people.values() if person.staff]
        return next((person for person in staff if person.username != self._double.acting_as), staff[0])


def _as_staff() -> bool:
    return request.cookies.get("forum_side") == "staff"


def _from_here() -> None:
    """Forms of other sites may not write here."""
    origin = request.headers.get("Origin")
    if origin is not None and origin != request.host_url.rstrip("/"):
        abort(403)
