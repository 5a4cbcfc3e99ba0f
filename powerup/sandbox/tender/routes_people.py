"""Accounts, queues, categories and files.

Sources: https://help.tenderapp.com/kb/api/users and …/queues. Queues are hidden from whoever is no supporter, and so are accounts.
"""

from typing import TYPE_CHECKING

from flask import Blueprint, Response, redirect, request
from flask.typing import ResponseReturnValue

from powerup.sandbox.desk.models import Person, Team
from powerup.sandbox.desk.store import DeskStore
from powerup.sandbox.tender import numbers
from powerup.sandbox.tender.answers import NOT_FOUND, answer, text
from powerup.sandbox.tender.paging import paged

if TYPE_CHECKING:
    from powerup.sandbox.tender.double import TenderDouble


class PeopleRoutes:
    """Paths below `/{site}`, and files at `/attachments`."""

    def __init__(self, double: "TenderDouble") -> None:
        self._double = double

    @property
    def _store(self) -> DeskStore:
        return self._double.store

    def blueprint(self, site: str) -> Blueprint:
        """The routes."""
        api = Blueprint("tender_people", __name__, url_prefix=f"/{site}")
        api.before_request(self._double.access.refusal)
        api.add_url_rule("/profile", "profile", self.profile)
        api.add_url_rule("/users", "users", self.users)
        api.add_url_rule("/users/<int:number>", "user", self.user)
        api.add_url_rule("/queues", "queues", self.queues)
        api.add_url_rule("/queues/<number>", "queue", self.queue)
        api.add_url_rule("/categories", "categories", self.categories)
        api.add_url_rule("/<path:nothing>", "nothing", lambda nothing: text(NOT_FOUND, 404))
        whole = Blueprint("tender", __name__)
        whole.register_blueprint(api)
        whole.add_url_rule("/attachments/<int:number>/<name>", "file", self.file)
        return whole

    def profile(self) -> Response:
        """Whose token it is."""
        return answer(self._double.shapes.user(self._me()))

    def users(self) -> Response:
        """Accounts, all or those that are asked for."""
        if not self._me().staff:
            return text("You are not allowed to do that.", 403)
        email, kind = request.args.get("email", ""), request.args.get("filter", "")
        with self._store.lock:
            found = sorted(self._store.people.values(), key=lambda one: one.id)
            if email and not self._double.ignores_filters:
                found = [one for one in found if one.email == email]
            if kind == "support":
                found = [one for one in found if one.staff]
            return paged(self._double, "users", found, self._double.shapes.user)

    def user(self, number: int) -> Response:
        """One account."""
        with self._store.lock:
            person = next((one for one in self._store.people.values() if numbers.USER + one.id == number), None)
            return answer(self._double.shapes.user(person)) if person and self._me().staff else text(NOT_FOUND, 404)

    def queues(self) -> Response:
        """The teams' queues and every supporter's own."""
        if not self._me().staff:
            return text(NOT_FOUND, 404)
        with self._store.lock:
            return paged(self._double, "named_queues", self._owners(), self._double.shapes.queue)

    def queue(self, number: str) -> Response:
        """One queue; `mine` is the caller's own."""
        me = self._me()
        with self._store.lock:
            owner = next((one for one in self._owners() if str(_number(one)) == number), None)
            owner = me if number == "mine" else owner
            return answer(self._double.shapes.queue(owner)) if owner and me.staff else text(NOT_FOUND, 404)

    def categories(self) -> Response:
        """The one category."""
        return paged(self._double, "categories", [self._double.shapes.category()], lambda row: row)

    def file(self, number: int, name: str) -> ResponseReturnValue:
        """A comment's file."""
        stored = self._store.files.get(number)
        if stored is None or stored.name != name:
            return text(NOT_FOUND, 404)
        if self._double.redirects_files:
            return redirect(self._double.redirects_files + self._double.file_path(stored))
        answered = Response(stored.body, content_type=stored.content_type)
        answered.headers["X-Content-Type-Options"] = "nosniff"
        answered.headers["Content-Disposition"] = "inline" if stored.content_type.startswith("image/") else "attachment"
        return answered

    def _owners(self) -> list[Person | Team]:
        teams = sorted(self._store.teams.values(), key=lambda one: one.id)
        return [*teams, *sorted((one for one in self._store.people.values() if one.staff), key=lambda one: one.id)]

    def _me(self) -> Person:
        caller = self._double.access.caller()
        if caller is None:
            raise RuntimeError("refused before")
        return caller


def _number(owner: Person | Team) -> int:
    return (numbers.PERSON_QUEUE if isinstance(owner, Person) else numbers.TEAM_QUEUE) + owner.id
