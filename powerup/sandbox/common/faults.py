"""Faults on demand: lost answers, errors, slow and broken bodies, as a WSGI wrapper that any double can wear.

    faults = Faults.install(app, api=("/1/",))      # wraps app.wsgi_app
    faults.set(FaultPlan(lose_answer_every=3))      # or POST /sandbox/faults {"lose_answer_every": 3}

`install` adds GET/POST/DELETE /sandbox/faults and GET/DELETE /sandbox/requests to the app.

Only requests whose path begins with one of `api` suffer; pages and /sandbox never do.
"""

import json
import socket
import threading
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, Literal, Self

from flask import Flask, request
from flask.typing import ResponseReturnValue
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from werkzeug.wrappers import Response

from powerup.sandbox.common.requests import RequestLog

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_HTML = b"<!doctype html><html><head><title>502 Bad Gateway</title></head><body><center><h1>502 Bad Gateway</h1></center></body></html>\n"


class FaultPlan(BaseModel):
    """What goes wrong; all zero: nothing. "every N" means the Nth, 2Nth, ... API call since the plan was set."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    lose_answer_every: int = Field(default=0, ge=0, description="Carry the call out, then close the connection without an answer.")
    fail_every: int = Field(default=0, ge=0, description="Answer `status`, call not carried out; with `body`, only these have it.")
    status: int = Field(default=500, ge=200, le=599, description="Status of a failed call, and of an html body.")
    retry_after: int | None = Field(default=None, ge=0, description="Retry-After header of a failed call.")
    headers: dict[str, str] = Field(default={}, description="Further headers of a failed call.")
    answer: dict[str, Any] | None = Field(default=None, description="JSON body of a failed call; none: `answer_text`.")
    answer_text: str = Field(default="sandbox: failed on request", description="Plain body of a failed call.")
    delay_seconds: float = Field(default=0, ge=0, le=120, description="Wait before each call is carried out.")
    drip_seconds: float = Field(default=0, ge=0, le=10, description="Send each answer byte by byte with this pause between two.")
    body: Literal["", "html", "truncated", "cut_off"] = Field(
        default="",
        description="html: a proxy's error page instead of JSON, not carried out. truncated: carried out, half of the answer "
        "is sent as if it were all. cut_off: carried out, the connection ends after half of the promised bytes.",
    )
    methods: tuple[str, ...] = Field(default=(), description="Only these methods suffer; none named: all.")
    path_contains: str = Field(default="", description="Only paths containing this suffer.")
    times: int = Field(default=0, ge=0, description="After so many faults the plan is over; 0: never.")


class Faults:
    """Wraps a WSGI application; thread-safe."""

    def __init__(self, app: "WSGIApplication", api: tuple[str, ...], pages: tuple[str, ...] = ()) -> None:
        self._app = app
        self._api = api
        self._pages = pages
        self._lock = threading.Lock()
        self._released = threading.Event()
        self._plan = FaultPlan()
        self._seen = self._done = 0
        self.requests = RequestLog()

    @classmethod
    def install(cls, app: Flask, api: tuple[str, ...], pages: tuple[str, ...] = ()) -> Self:
        """Wrap `app` and give it the control endpoints; paths that begin with one of `pages` are no API calls after all."""
        faults = cls(app.wsgi_app, api, pages)
        app.wsgi_app = faults  # type: ignore[method-assign]  # Flask documents this assignment for middleware
        app.add_url_rule("/sandbox/faults", "sandbox_faults", faults._control, methods=["GET", "POST", "PUT", "DELETE"])
        app.add_url_rule("/sandbox/requests", "sandbox_requests", faults._report, methods=["GET", "DELETE"])
        return faults

    @property
    def plan(self) -> FaultPlan:
        """The plan in force."""
        return self._plan

    def set(self, plan: FaultPlan) -> None:
        """Begin with a new plan; calls that wait under the old one go on at once."""
        with self._lock:
            self._released.set()
            self._released = threading.Event()
            self._plan, self._seen, self._done = plan, 0, 0

    def clear(self) -> None:
        """Nothing goes wrong any more."""
        self.set(FaultPlan())

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        method, path = str(environ["REQUEST_METHOD"]), str(environ.get("PATH_INFO", "/"))
        if not path.startswith(self._api) or path.startswith(self._pages):
            return self._app(environ, start_response)
        plan, released, lose, fail = self._verdict(method, path)
        if plan.delay_seconds:
            released.wait(plan.delay_seconds)
        refusal = _refusal(plan) if fail else None
        answer = refusal or Response.from_app(self._app, environ, buffered=True)
        if lose:
            self.requests.add(method, path, 0)
            _abort(environ)
        self.requests.add(method, path, answer.status_code)
        if fail and plan.body == "truncated":
            answer.set_data(answer.get_data()[: len(answer.get_data()) // 2])
        cut_off = fail and plan.body == "cut_off"
        if cut_off or plan.drip_seconds:
            return _slowly(answer, environ, start_response, plan.drip_seconds, released, cut_off)
        return answer(environ, start_response)

    def _verdict(self, method: str, path: str) -> tuple[FaultPlan, threading.Event, bool, bool]:
        """Plan, its release, whether this call loses its answer, whether it fails."""
        with self._lock:
            plan = self._plan
            hit = plan.path_contains in path and method in (plan.methods or (method,))
            if not hit or (plan.times and self._done >= plan.times):
                return FaultPlan(), self._released, False, False
            self._seen += 1
            lose = plan.lose_answer_every > 0 and self._seen % plan.lose_answer_every == 0
            # A broken body without a frequency breaks every body.
            every = plan.fail_every or (1 if plan.body else 0)
            fail = not lose and every > 0 and self._seen % every == 0
            self._done += lose or fail or plan.delay_seconds > 0 or plan.drip_seconds > 0
            return plan, self._released, lose, fail

    def _control(self) -> ResponseReturnValue:
        if request.method == "DELETE":
            self.clear()
        elif request.method in ("POST", "PUT"):
            try:
                self.set(FaultPlan.model_validate(request.get_json(silent=True)))
            except ValidationError as error:
                return {"errors": error.errors(include_url=False, include_context=False, include_input=False)}, 400
        return self._plan.model_dump()

    def _report(self) -> dict[str, Any]:
        if request.method == "DELETE":
            self.requests.clear()
        return self.requests.report()


def _refusal(plan: FaultPlan) -> Response | None:
    """The answer of a call that is not carried out; None when it is to be carried out and only its body suffers."""
    if plan.body in ("truncated", "cut_off"):
        return None
    if plan.body == "html":
        answer = Response(_HTML, plan.status, mimetype="text/html")
    elif plan.answer is not None:
        answer = Response(json.dumps(plan.answer), plan.status, mimetype="application/json")
    else:
        answer = Response(plan.answer_text, plan.status, mimetype="text/plain")
    if plan.retry_after is not None:
        answer.headers["Retry-After"] = str(plan.retry_after)
    answer.headers.update(plan.headers)
    return answer


def _abort(environ: "WSGIEnvironment") -> None:
    """End the connection so that the client sees no answer at all."""
    connection = environ.get("werkzeug.socket")
    if isinstance(connection, socket.socket):
        connection.shutdown(socket.SHUT_RDWR)
    raise ConnectionAbortedError("sandbox: the answer is lost on request")


def _slowly(
    answer: Response, environ: "WSGIEnvironment", start_response: "StartResponse", pause: float, released: threading.Event, cut_off: bool
) -> Iterator[bytes]:
    body = answer.get_data()
    start_response(answer.status, answer.get_wsgi_headers(environ).to_wsgi_list())
    if environ["REQUEST_METHOD"] == "HEAD":
        return
    if cut_off:
        body = body[: len(body) // 2]
    if not pause:
        yield body
    else:
        for at in range(len(body)):
            yield body[at : at + 1]
            released.wait(pause)
    if cut_off:
        _abort(environ)
