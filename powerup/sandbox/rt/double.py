"""A Request Tracker on a port of its own. Threads are tickets, teams are queues (and groups of the same name)."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from email.utils import format_datetime
from typing import ClassVar

from flask import Blueprint, Response, redirect, request

from powerup.sandbox.desk.double import DeskDouble
from powerup.sandbox.desk.hooks import Message
from powerup.sandbox.desk.models import Post, Thread
from powerup.sandbox.desk.store import Event
from powerup.sandbox.rt.journal import Journal
from powerup.sandbox.rt.routes import Rest

INTAKE = "Triage"
TAG_FIELD = "Tags"


class RtDouble(DeskDouble):
    """What can be turned: `denied` (rights that nobody has), `offset` (the account's time zone), `total_known`, `say_location`."""

    kind: ClassVar[str] = "rt"
    label: ClassVar[str] = "Request Tracker"
    api_paths: ClassVar[tuple[str, ...]] = ("/REST/",)
    page_rule: ClassVar[str] = "/Ticket/Display/<int:number>"
    has_private: ClassVar[bool] = False
    passwords: Mapping[str, str] = {"ada": "ada-password"}

    def __init__(self, **given: object) -> None:
        super().__init__(**given)  # type: ignore[arg-type]  # passed through
        self.intake, self.tag_field = INTAKE, TAG_FIELD
        self.journal = Journal(self.store, self.file_path, self.user_id, intake=self.intake)
        self.denied: set[str] = {"ShowOutgoingEmail"}
        self.revoked: set[str] = set()
        self.offset = timedelta(hours=1)
        self.total_known = True
        """Of tickets (`UseSQLForACLChecks`); of everything else only a superuser is told."""
        self.say_location = True
        self.app.after_request(self._date)
        self.app.add_url_rule("/Ticket/Display.html", "display", self._display)

    def blueprints(self) -> Sequence[Blueprint]:
        return [Rest(self).blueprint]

    def base_url(self) -> str:
        return self.url

    def credentials(self, username: str | None = None) -> dict[str, str]:
        return {"token": self.token(username or self.acting_as), "intake": self.intake, "tag_field": self.tag_field}

    def token(self, username: str) -> str:
        """The account's token; its second part is the account's number."""
        return f"1-{self.user_id(username)}-{username.encode().hex():0<32}"

    def user_id(self, username: str) -> int:
        """RT's number of an account; those below 20 are its own."""
        person = self.store.person(username)
        return {"RT_System": 1, "Nobody": 6}.get(username) or (20 + person.id if person else 0)

    def page_path(self, thread: Thread) -> str:
        return f"/Ticket/Display/{thread.id}"

    def thread_url(self, thread_id: int) -> str:
        return f"{self.url}/Ticket/Display.html?id={thread_id}"

    def hook(self, event: Event, thread: Thread, post: Post | None, secret: str) -> Message | None:
        return None

    def post_key(self, post: Post) -> str:
        return str(self.journal.by_post[post.id])

    def _display(self) -> Response:
        """RT's own address of a ticket, which holds its number in the query."""
        number = request.args.get("id", "")
        return redirect(f"/Ticket/Display/{int(number) if number.isdigit() else 0}")  # type: ignore[return-value]

    def _date(self, answer: Response) -> Response:
        answer.headers.setdefault("Date", format_datetime(self.store.now(), usegmt=True))
        return answer
