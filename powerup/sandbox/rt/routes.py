"""RT's REST interface 2.0: paths, statuses and texts of a real 5.0.3."""

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from flask import Blueprint, Response, request

from powerup.sandbox.desk.models import Thread
from powerup.sandbox.desk.store import DeskStore
from powerup.sandbox.rt.changes import create, message, update
from powerup.sandbox.rt.filters import Json, Listed, T, page_of
from powerup.sandbox.rt.forms import Forms, Ticket
from powerup.sandbox.rt.journal import NOBODY, SYSTEM, Part
from powerup.sandbox.rt.sql import BadQueryError, compiled

if TYPE_CHECKING:
    from powerup.sandbox.rt.double import RtDouble

_TYPE = 'application/json; charset="utf-8"'


class Rest:
    """The blueprint of one double."""

    def __init__(self, double: "RtDouble") -> None:
        self._double = double
        self.blueprint = Blueprint("rt_rest", __name__, url_prefix="/REST/2.0")
        self.blueprint.before_request(self._authenticate)
        rules: tuple[tuple[str, str, Callable[..., Response]], ...] = (
            ("/rt", "GET", self._rt),
            ("/user/<path:name>", "GET", self._user),
            ("/queues/all", "GET", self._queues),
            ("/queue/<name>", "GET", self._queue),
            ("/groups", "GET", self._groups),
            ("/group/<int:number>/members", "GET", self._members),
            ("/tickets", "GET", self._tickets),
            ("/ticket", "POST", self._create),
            ("/ticket/<number>", "GET", self._ticket),
            ("/ticket/<number>", "PUT", self._update),
            ("/ticket/<number>/history", "GET", self._history),
            ("/ticket/<number>/attachments", "GET", self._ticket_attachments),
            ("/ticket/<number>/<any(correspond, comment):kind>", "POST", self._message),
            ("/transactions", "GET", self._transactions),
            ("/transaction/<int:number>", "GET", self._transaction),
            ("/transaction/<int:number>/attachments", "GET", self._transaction_attachments),
            ("/attachments", "GET", self._attachments),
            ("/attachment/<int:number>", "GET", self._attachment),
            ("/<path:rest>", "GET", self._nothing),
        )
        for rule, method, view in rules:
            self.blueprint.add_url_rule(rule, f"{method}{rule}", view, methods=[method], strict_slashes=False)

    @property
    def _store(self) -> DeskStore:
        return self._double.store

    @property
    def _base(self) -> str:
        return f"{self._double.url}/REST/2.0"

    @property
    def _forms(self) -> Forms:
        return Forms(self._double, self._base)

    # ---- who asks

    def _authenticate(self) -> Response | None:
        return None if self._asking() else _error(401, "Unauthorized")

    def _asking(self) -> str | None:
        """The name of the account, by its token or its password."""
        kind, _, given = request.headers.get("Authorization", "").partition(" ")
        if given in self._double.revoked:
            return None
        people = [person.username for person in self._store.people.values()]
        if kind.lower() == "token":
            return next((name for name in people if self._double.token(name) == given), None)
        try:
            name, _, password = base64.b64decode(given).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return None
        return name if kind.lower() == "basic" and name in people and self._double.passwords.get(name) == password else None

    # ---- what there is

    def _rt(self) -> Response:
        return _json({"Version": "5.0.3+dfsg-3~deb12u6", "Plugins": []})

    def _user(self, name: str) -> Response:
        with self._store.lock:
            known = [*(person.username for person in self._store.people.values()), SYSTEM, NOBODY]
            found = next((one for one in known if one.lower() == name.lower() or str(self._double.user_id(one)) == name), None)
            return _json(self._forms.user(found, asking=self._asking() or "")) if found else _error(404, "Not Found")

    def _queues(self) -> Response:
        forms, names = self._forms, [self._double.intake, *(team.name for team in self._store.teams.values())]
        return self._page([_Named(int(forms.queue_id(name)), name) for name in names], partial(_named, "queue"))

    def _queue(self, name: str) -> Response:
        names = [self._double.intake, *(team.name for team in self._store.teams.values())]
        found = next((one for one in names if one.lower() == name.lower()), None)
        return _json({"id": int(self._forms.queue_id(found)), "Name": found, "Description": ""}) if found else _error(404, "Not Found")

    def _groups(self) -> Response:
        return self._page([_Named(30 + team.id, team.name) for team in self._store.teams.values()], partial(_named, "group"))

    def _members(self, number: int) -> Response:
        if "AdminGroupMembership" in self._double.denied:
            return _error(403, "Forbidden")
        team = next((team for team in self._store.teams.values() if team.id == number - 30), None)
        items = [self._forms.ref("user", self._double.user_id(name)) for name in (team.members if team else ())]
        return _json({"count": len(items), "total": len(items), "per_page": 20, "page": 1, "items": items})

    def _tickets(self) -> Response:
        with self._store.lock:
            forms, shown = self._forms, [one for one in self._store.threads.values() if not (one.deleted_at or one.merged_into)]
            try:
                test = compiled(request.args.get("query", ""), offset=self._double.offset)
            except BadQueryError as error:
                return _error(400, str(error))
            rows = [Ticket(thread) for thread in shown if test(forms.columns(thread))]
            return _json(page_of(rows, forms.row_of_ticket, self._base, total_known=self._double.total_known, filtered=False))

    def _create(self) -> Response:
        with self._store.lock:
            thread = create(self._store, request.get_json(), by=self._asking() or "")
            answer = _json(self._forms.ref("ticket", str(thread.id)), 201)
            answer.headers["Location"] = f"/REST/2.0/ticket/{thread.id}"
            return answer

    def _ticket(self, number: str) -> Response:
        with self._store.lock:
            thread = self._thread(number)
            if thread is None:
                return _error(404, "Not Found")
            if "ShowTicket" in self._double.denied:
                return _error(403, "Forbidden")
            answer = _json(self._forms.ticket(thread))
            answer.headers["ETag"] = self._etag(thread)
            return answer

    def _update(self, number: str) -> Response:
        with self._store.lock:
            thread = self._thread(number)
            if thread is None:
                return _error(404, "Resource does not exist; use POST to create")
            if "ModifyTicket" in self._double.denied:
                return _error(403, "Forbidden")
            if request.headers.get("If-Match", self._etag(thread)) != self._etag(thread):
                return _error(412, "Precondition Failed")
            fields = request.get_json(silent=True)
            if not isinstance(fields, dict):
                return _error(400, "JSON parse error: malformed")
            self._double.journal.actor = self._asking() or SYSTEM
            try:
                return _json(update(self._double, thread, fields))
            finally:
                self._double.journal.actor = SYSTEM

    def _message(self, number: str, kind: str) -> Response:
        with self._store.lock:
            if "If-Match" in request.headers:
                return _error(412, "Precondition Failed")
            thread, body = self._thread(number), request.get_json()
            if thread is None:
                return _error(400, "Message could not be recorded")
            if {"correspond": "ReplyToTicket", "comment": "CommentOnTicket"}[kind] in self._double.denied:
                return _error(400, "Permission Denied")
            if body.get("Content") and not body.get("ContentType"):
                return _error(400, "ContentType is a required field for application/json")
            post = message(self._store, thread, body, by=self._asking() or "", internal=kind == "comment")
            answer = _json(["Comments added" if kind == "comment" else "Correspondence added"], 201)
            if self._double.say_location:
                answer.headers["Location"] = f"/REST/2.0/transaction/{self._double.journal.by_post[post.id]}"
            return answer

    # ---- what happened

    def _history(self, number: str) -> Response:
        with self._store.lock:
            thread = self._thread(number)
            return self._page(self._double.journal.of_thread(thread.id) if thread else [], self._forms.row_of_txn)

    def _transactions(self) -> Response:
        with self._store.lock:
            return self._page(list(self._double.journal.txns.values()), self._forms.row_of_txn)

    def _transaction(self, number: int) -> Response:
        with self._store.lock:
            txn = self._double.journal.txns.get(number)
            if txn is None:
                return _error(404, "Not Found")
            told = self._forms.row_of_txn(txn).shown()
            kept = {name: told[name] for name in ("Type", "Creator", "Created", "_hyperlinks")}
            return _json({**kept, "id": txn.id, "TimeTaken": "0", "Object": self._forms.ref("ticket", str(txn.thread_id))})

    def _ticket_attachments(self, number: str) -> Response:
        with self._store.lock:
            thread, journal = self._thread(number), self._double.journal
            txns = journal.of_thread(thread.id) if thread else []
            return self._parts([journal.parts[one] for txn in txns for one in txn.part_ids])

    def _transaction_attachments(self, number: int) -> Response:
        with self._store.lock:
            journal = self._double.journal
            txn = journal.txns.get(number)
            return self._parts([journal.parts[one] for one in (txn.part_ids if txn else ())])

    def _attachments(self) -> Response:
        with self._store.lock:
            return self._parts(list(self._double.journal.parts.values()))

    def _attachment(self, number: int) -> Response:
        with self._store.lock:
            part = self._double.journal.parts.get(number)
            if part is None:
                return _error(500, "Internal Server Error")
            if not self._forms.row_of_part(part).visible:
                return _error(403, "Forbidden")
            return _json(self._forms.attachment(part))

    def _nothing(self, rest: str) -> Response:
        return _error(404, "Not Found")

    # ---- helpers

    def _thread(self, number: str) -> Thread | None:
        """The ticket of that number, or the one that it was merged into."""
        threads = self._store.threads
        if not number.isdigit() or len(number) > 18 or int(number) not in threads:
            return None
        return threads[self._double.journal.effective(int(number))]

    def _etag(self, thread: Thread) -> str:
        rows = [self._forms.row_of_txn(txn) for txn in self._double.journal.of_thread(thread.id)]
        return f'"{max((row.id for row in rows if row.visible), default=0)}"'

    def _page(self, rows: Sequence[T], form: Callable[[T], Listed]) -> Response:
        try:
            return _json(page_of(rows, form, self._base, total_known=False))
        except ValueError:
            return Response("", 500, content_type=_TYPE)

    def _parts(self, parts: list[Part]) -> Response:
        if "Parent" in request.args.get("fields", "").split(","):
            return Response("", 500, content_type=_TYPE)
        return self._page(parts, self._forms.row_of_part)


@dataclass(frozen=True, slots=True)
class _Named:
    id: int
    name: str

    @property
    def columns(self) -> Json:
        return {"id": self.id, "Name": self.name, "Domain": "UserDefined"}


def _named(kind: str, one: _Named) -> Listed:
    return Listed(kind, one.id, lambda: {"Name": one.name, "Description": "", "Domain": "UserDefined"})


def _json(data: object, status: int = 200) -> Response:
    return Response(json.dumps(data, indent=3), status, content_type=_TYPE)


def _error(status: int, text: str) -> Response:
    return Response(json.dumps({"message": text}), status, content_type="application/json; charset=utf-8")
