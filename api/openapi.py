"""The API's description and the reading of requests, both from the same pydantic models.

spectree is behind this module and nowhere else. Answers are described, and the tests hold each against its description;
they are not validated again at each request.
"""

from collections.abc import Callable, Mapping
from copy import deepcopy
from typing import Any, TypeVar

from flask import Blueprint, Flask, Request, jsonify, request
from pydantic import BaseModel, ConfigDict, ValidationError, field_validator
from spectree import Response, SecurityScheme, SecuritySchemeData, SpecTree
from spectree.models import SecureType
from spectree.plugins.flask_plugin import FlaskPlugin
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

from api.limits import refuse_unstorable
from powerup import __version__
from powerup.errors import InvalidError

MOST_PROBLEMS = 20
"""Mistakes of one request that are named: an answer must not be many times as long as the question."""

View = TypeVar("View", bound=Callable[..., Any])
BEARER: dict[str, list[str]] = {"bearer": []}


DESCRIBED: dict[str, dict[int, type[BaseModel] | None]] = {}
"""View -> status -> model of the answer; the tests hold each answer against it."""


class Model(BaseModel):
    """A request's or an answer's shape; unknown members are refused, so that a typing error shows."""

    model_config = ConfigDict(extra="forbid")

    @field_validator("*")
    @classmethod
    def _storable(cls, value: object) -> object:
        refuse_unstorable(value)
        return value


class Bytes(BaseModel):
    """Not JSON: a file, as it is."""


class Problem(BaseModel):
    """RFC 9457 problem document."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    request_id: str | None = None


class _Plugin(FlaskPlugin):
    """Reads requests strictly and leaves answers alone."""

    def request_validation(self, request: Request, query: Any, json: Any, form: Any, headers: Any, cookies: Any) -> None:
        if json is not None:
            _require_json(request)
        super().request_validation(request, query, json, form, headers, cookies)  # type: ignore[no-untyped-call]  # spectree's

    def validate_response(self, resp: Any, *_: Any) -> tuple[Any, None]:
        payload, status = resp if isinstance(resp, tuple) else (resp, 200)
        if isinstance(payload, dict | list):
            payload = jsonify(payload)
            payload.status_code = status
            return payload, None
        return (payload, status) if isinstance(resp, tuple) else payload, None


def _in_words(item: Mapping[str, Any]) -> str:
    """What is wrong with one field, as a person in front of a form understands it."""
    match item:
        case {"type": "string_too_short", "input": ""}:
            return "Enter something here."
        case {"type": "string_too_short", "ctx": {"min_length": length}}:
            return f"This is too short: it has at least {length} characters."
        case {"type": "string_too_long", "ctx": {"max_length": length}}:
            return f"This is too long: it has at most {length} characters."
    return str(item["msg"]).removeprefix("Value error, ")


def _refuse(_request: Any, _response: Any, error: Exception | None, *_: Any) -> None:
    if not isinstance(error, ValidationError):
        return
    found = error.errors()[:MOST_PROBLEMS]
    problems = [{"field": ".".join(map(str, item["loc"])), "message": _in_words(item)} for item in found]
    fields = ", ".join(sorted({each["field"] for each in problems if each["field"]})) or "the body"
    raise InvalidError(f"Something is wrong with {fields}.", errors=problems)


spec = SpecTree(
    "flask",
    backend=_Plugin,
    before=_refuse,
    annotations=False,
    mode="strict",
    title="Closeloop API",
    version=__version__,
    naming_strategy=lambda model: model.__name__,
    nested_naming_strategy=lambda _parent, child: child,
    validation_error_model=Problem,
    security_schemes=[
        SecurityScheme(
            name="bearer", data=SecuritySchemeData(type=SecureType.HTTP, scheme="bearer", description="From POST /api/v1/session.")
        )
    ],
)


blueprint = Blueprint("description", __name__)


def init_app(app: Flask) -> None:
    """Serve the description. Not by spectree's own routes: it would leave out all others below /api."""
    spec.app = app
    app.register_blueprint(blueprint)


@blueprint.get("/api/openapi.json")
def document() -> dict[str, Any]:
    """The API's OpenAPI document."""
    described: dict[str, Any] = deepcopy(spec.spec)
    for operations in described["paths"].values():
        for operation in operations.values():
            for answer in operation.get("responses", {}).values():
                content = answer.get("content", {})
                if content.get("application/json", {}).get("schema", {}).get("$ref") == "#/components/schemas/Bytes":
                    answer["content"] = {"*/*": {"schema": {"type": "string", "format": "binary"}}}
    return described


def documented(
    *,
    tag: str,
    json: type[BaseModel] | None = None,
    query: type[BaseModel] | None = None,
    answers: dict[int, type[BaseModel] | None],
    problems: tuple[int, ...] = (),
    bearer: bool = True,
) -> Callable[[View], View]:
    """Describe a view and read its request: `body(Model)` and `query(Model)` give the parsed parts.

    :param answers: status -> model of the body (None: empty; Bytes: a file).
    :param problems: statuses of problem documents beyond the ones that every route can give.
    """
    common = (405, 429, 500, 503) + ((401, 403, 404) if bearer else ()) + ((400, 413, 415, 422) if json else ())
    models = answers | {status: Problem for status in (*common, *problems) if status not in answers}
    described = Response(**{f"HTTP_{status}": model for status, model in models.items()})
    decorate = spec.validate(json=json, query=query, resp=described, tags=(tag,), security=BEARER if bearer else {})

    def decorated(view: View) -> View:
        made: View = decorate(view)
        DESCRIBED[f"{view.__module__}.{view.__qualname__}"] = models
        return made

    return decorated


Wanted = TypeVar("Wanted", bound=BaseModel)


def body(model: type[Wanted]) -> Wanted:
    """The request's parsed body."""
    parsed = request.context.json  # type: ignore[attr-defined]  # spectree puts it there
    assert isinstance(parsed, model)  # noqa: S101 - for the type checker
    return parsed


def query(model: type[Wanted]) -> Wanted:
    """The request's parsed query."""
    parsed = request.context.query  # type: ignore[attr-defined]  # as above
    assert isinstance(parsed, model)  # noqa: S101 - as above
    return parsed


def _require_json(asked: Request) -> None:
    if asked.mimetype != "application/json":
        raise UnsupportedMediaType
    try:
        read = asked.get_json()
    except RecursionError:
        raise BadRequest from None
    if not isinstance(read, dict):
        raise BadRequest
