"""Roundup's REST interface: paths, statuses and texts of a real 2.6.0."""

import base64
import binascii
import json
from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import unquote

from flask import Blueprint, Response, request

from powerup.sandbox.desk.store import DeskStore
from powerup.sandbox.roundup.changes import Refused, create, update
from powerup.sandbox.roundup.filters import matching, page_of
from powerup.sandbox.roundup.shapes import Json, Shapes

if TYPE_CHECKING:
    from powerup.sandbox.roundup.double import RoundupDouble

_STALE = "If-Match is missing or does not match. Retrieve asset and retry modification if valid."
_FORMATS = frozenset({"json"})


class Rest:
    """The blueprint of one double."""

    def __init__(self, double: "RoundupDouble") -> None:
        self._double = double
        self.blueprint = Blueprint("roundup_rest", __name__, url_prefix="/rest")
        self.blueprint.before_request(self._gate)
        self.blueprint.register_error_handler(Refused, lambda error: _error(error.status, error.words))
        rules: tuple[tuple[str, str, Callable[..., Response]], ...] = (
            ("/data/<cls>", "GET", self._collection),
            ("/data/<cls>", "POST", self._create),
            ("/data/<cls>/<number>", "GET", self._element),
            ("/data/<cls>/<number>", "PATCH", self._patch),
            ("/data/<cls>/<number>", "DELETE", self._retire),
            ("/data/file/<number>/binary_content", "GET", self._content),
            ("/<path:rest>", "GET", self._nothing),
        )
        for rule, method, view in rules:
            self.blueprint.add_url_rule(rule, f"{method}{rule}", view, methods=[method])

    @property
    def _store(self) -> DeskStore:
        return self._double.store

    # ---- who asks, and from where

    def _gate(self) -> Response | None:
        name, right = self._login()
        if self._double.logins and self._double.refused.get(name.lower(), 0) >= self._double.logins:
            words = "Logins occurring too fast. Please wait: 150 seconds."
            return Response(words, 429, {"Retry-After": "150"}, content_type="text/plain")
        if not right:
            self._double.refused[name.lower()] = self._double.refused.get(name.lower(), 0) + 1
            return Response("Invalid Login - Invalid login", 401, content_type="text/plain")
        self._double.refused.pop(name.lower(), None)
        if "Rest Access" in self._double.denied:
            return _error(403, "Forbidden.")
        return self._from_elsewhere() or self._bad_format()

    def _login(self) -> tuple[str, bool]:
        try:
            name, _, password = base64.b64decode(request.headers.get("Authorization", "").removeprefix("Basic ")).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return "", False
        person = self._store.person(name)
        # A name counts as it is written.
        known = person is not None and person.username == name and name not in self._double.revoked
        return name, known and password == self._double.password(name)

    def _from_elsewhere(self) -> Response | None:
        origin, reading = request.headers.get("Origin"), request.method == "GET"
        if origin is None and not reading:
            return _error(400, "Required Header Missing")
        if origin is not None and origin != (self._double.web or self._double.url):
            return _error(400, "Client is not allowed to use Rest Interface.")
        return None if reading or "X-Requested-With" in request.headers else _error(400, "Required Header Missing")

    def _bad_format(self) -> Response | None:
        """What stands behind the last dot of a path is a format."""
        _, dot, ending = unquote(request.path).rpartition("/")[2].rpartition(".")
        if not dot or ending in _FORMATS or len(ending) > 10:
            return None
        return _error(406, f"Content type '{ending}' requested in URL is not available.\nAcceptable types: json\n")

    def _shapes(self) -> Shapes:
        return Shapes(self._double, self._login()[0])

    def _allow(self, what: str, words: str) -> None:
        if what in self._double.denied:
            raise Refused(403, words)

    # ---- what there is

    def _collection(self, cls: str) -> Response:
        with self._store.lock:
            self._allow(f"View {cls}", f"Permission to view {cls} denied")
            shapes = self._shapes()
            if cls not in shapes.tables:
                raise Refused(404, f"Class {cls} not found")
            return _data(page_of(shapes, cls, matching(shapes, cls, request.args), request.args, self._double.url))

    def _element(self, cls: str, number: str) -> Response:
        """One item, retired or not."""
        with self._store.lock:
            shapes = self._shapes()
            props = self._props(shapes, cls, number)
            given, verbose = request.args.get("@fields"), int(request.args.get("@verbose", "1"))
            every = [name for name in props if name not in shapes.PROTECTED or request.args.get("@protected") == "true"]
            fields = given.split(",") if given else every
            answer = _data(
                {
                    "id": number,
                    "type": cls,
                    "link": shapes.link(cls, number),
                    "attributes": shapes.shown(cls, props, fields, verbose),
                    "@etag": shapes.etag(props),
                }
            )
            # As the real one does when it compresses.
            answer.headers["ETag"] = shapes.etag(props)[:-1] + '-gzip"'
            return answer

    def _content(self, number: str) -> Response:
        stored = self._store.files.get(int(number)) if number.isdigit() else None
        if stored is None:
            raise Refused(404, f"no such file {number}")
        if "*/*" not in request.headers.get("Accept", ""):
            return _data({"id": number, "type": "<class 'bytes'>", "data": repr(stored.body)})
        return Response(stored.body, content_type=stored.content_type, headers={"X-Content-Type-Options": "nosniff"})

    def _nothing(self, rest: str) -> Response:
        raise Refused(404, "Nothing matches the given URI")

    # ---- what is done

    def _create(self, cls: str) -> Response:
        with self._store.lock:
            self._allow(f"Create {cls}", f"Permission to create {cls} denied")
            number = create(self._double, cls, _fields(), by=self._login()[0])
            link = self._shapes().link(cls, number)
            return _data({"id": number, "link": link}, 201)

    def _patch(self, cls: str, number: str) -> Response:
        with self._store.lock:
            shapes = self._shapes()
            self._match(shapes, cls, number)
            fields = _fields()
            for name in fields:
                self._allow(f"Edit {cls}", f"Permission to edit {name} of {cls}{number} denied")
            changed = update(self._double, shapes, cls, number, fields)
            return _data({"id": number, "type": cls, "link": shapes.link(cls, number), "attribute": changed})

    def _retire(self, cls: str, number: str) -> Response:
        with self._store.lock:
            self._match(self._shapes(), cls, number)
            self._allow(f"Retire {cls}", f"Permission to retire {cls} {number} denied")
            if cls == "msg":
                self._double.retired.add(int(number))
            elif cls == "issue":
                self._store.delete_thread(int(number))
            return _data({"status": "ok"})

    def _props(self, shapes: Shapes, cls: str, number: str) -> "Json":
        if cls not in shapes.tables:
            raise Refused(404, f"Class {cls} not found")
        if not number.isdigit():
            raise Refused(404, f"Item '{number}' not found")
        try:
            return dict(shapes.row(cls, number))
        except KeyError:
            raise Refused(404, f"no such {cls} {number}") from None

    def _match(self, shapes: Shapes, cls: str, number: str) -> None:
        if request.headers.get("If-Match", "").replace('-gzip"', '"') != shapes.etag(self._props(shapes, cls, number)):
            raise Refused(412, _STALE)


def _fields() -> Json:
    """What was sent; null is not even looked at."""
    given = request.get_json(silent=True)
    if not isinstance(given, dict):
        raise Refused(400, "Expecting value: line 1 column 1 (char 0)")
    kept = {name: value for name, value in given.items() if value is not None}
    if not any(not name.startswith("@") for name in kept):
        raise Refused(400, "No properties found.")
    return kept


def _data(data: object, status: int = 200) -> Response:
    return Response(json.dumps({"data": data}, indent=4), status, content_type="application/json")


def _error(status: int, words: str) -> Response:
    return Response(json.dumps({"error": {"status": status, "msg": words}}, indent=4), status, content_type="application/json")
