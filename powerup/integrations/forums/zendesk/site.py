"""One Zendesk over HTTP: address, credentials, pages, and what its refusals mean.

Sources: https://developer.zendesk.com/api-reference/introduction/security-and-auth/ (Basic `{email}/token:{api_token}`, or an OAuth
Bearer token), …/introduction/requests/ (errors: JSON `{"error", "description", "details": {field: [{"description"}]}}`, plain text, or
`{"error": {"title", "message"}}`), …/introduction/pagination/ (`page[size]` up to 100, `meta.has_more`, `meta.after_cursor`) and
…/introduction/rate-limits/ (429 with `Retry-After`).
"""

import base64
from collections.abc import Iterator, Mapping
from typing import Any, Self
from urllib.parse import urlsplit

from powerup.integrations.errors import (
    CredentialsRefusedError,
    GoneError,
    IntegrationError,
    NotPermittedError,
    RejectedError,
)
from powerup.integrations.forums.base import ForumConfig
from powerup.integrations.http import Answer, HttpClient, HttpPolicy, maybe, need
from powerup.integrations.http_shape import clean

VENDOR = "Zendesk"
PAGE_SIZE = 100
_LONGEST_REASON = 300
Json = dict[str, Any]


class ConflictError(RejectedError):
    """409: the ticket changed since it was read (`safe_update`), or is just being changed. Worth trying again."""


class InvalidChangeError(RejectedError):
    """422: the change is not valid; `fields` are the properties that Zendesk names."""

    fields: frozenset[str] = frozenset()


class Site:
    """Calls one site; every failure is an IntegrationError that says in plain words what to mend."""

    def __init__(self, config: ForumConfig, policy: HttpPolicy) -> None:
        self.base_url = config.base_url.rstrip("/")
        self.policy = policy
        self.email = config.credentials.get("email", "").strip()
        authorization = _authorization(config.credentials)
        self.signed_in = bool(authorization)
        self.http = HttpClient(policy, vendor=VENDOR, headers={"Authorization": authorization} if authorization else {})
        self._me: Json | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let the connection go."""
        self.http.close()

    @property
    def host(self) -> str:
        """The site's name, for sentences."""
        return urlsplit(self.base_url).hostname or self.base_url

    def get(self, path: str, params: Mapping[str, Any] | list[tuple[str, str]] | None = None) -> Json:
        """The JSON object at a path below `/api/v2`."""
        answer = self.http.request("GET", f"{self.base_url}/api/v2{path}", params=params, classify=refusal, follow_redirects=True)
        return need(answer.json(), "", dict, vendor=VENDOR)

    def send(self, method: str, path: str, body: Json, *, idempotent: bool) -> Json:
        """Write something; what is `idempotent` may be tried again. An empty answer is an empty object."""
        url = f"{self.base_url}/api/v2{path}"
        answer = self.http.request(method, url, json=body, classify=refusal, idempotent=idempotent)
        return need(answer.json(), "", dict, vendor=VENDOR) if answer.body.strip() else {}

    def pages(self, path: str, params: list[tuple[str, str]] | None = None, *, most: int) -> Iterator[Json]:
        """The answers of a cursor-paged list, `most` at most; one that knows no cursors (archived tickets' audits) is one page."""
        query, after = [("page[size]", str(PAGE_SIZE)), *(params or [])], ""
        for _ in range(most):
            data = self.get(path, [*query, ("page[after]", after)] if after else query)
            yield data
            following = maybe(data, "meta.after_cursor", str, vendor=VENDOR) or ""
            if not maybe(data, "meta.has_more", bool, vendor=VENDOR) or not following or following == after:
                return
            after = following

    def me(self) -> Json:
        """The account that we act as. Without credentials Zendesk answers 200 with an anonymous user whose id is null."""
        if self._me is None:
            user = need(self.get("/users/me.json"), "user", dict, vendor=VENDOR)
            if user.get("id") is None:
                why = f"{VENDOR} ({self.host}) takes us for a passer-by: enter an agent's e-mail address and an API token."
                raise CredentialsRefusedError(why, permanent=True, reconnect=True, http_status=401)
            self._me = user
        return self._me

    def my_id(self) -> int:
        """The id of the account that we act as."""
        return need(self.me(), "id", int, vendor=VENDOR)


def ticket_path(thread_id: str) -> str:
    """`/tickets/123`; raises GoneError before anything is sent for what can be no ticket's number."""
    if not (thread_id.isascii() and thread_id.isdigit() and 0 < len(thread_id) < 19):
        raise GoneError("No ticket of Zendesk has such an id.", permanent=True, sent=False)
    return f"/tickets/{int(thread_id)}"


def refusal(answer: Answer) -> IntegrationError | None:
    """What Zendesk means by a status; None leaves it to the common mapping (429 and 5xx with Retry-After among them)."""
    status = answer.status
    if status < 400 or status == 429 or status >= 500:
        return None
    host, data = urlsplit(answer.url).hostname, _data(answer)
    kind, reason = _kind(data), _reason(data)
    if status == 401:
        why = f"Zendesk ({host}) does not accept the e-mail address with this API token. Enter both again."
        return CredentialsRefusedError(why, permanent=True, reconnect=True, http_status=status)
    if status == 403:
        why = f"Zendesk ({host}) does not allow this{_said(reason)} Its admins say in the agent's role what it may do."
        return NotPermittedError(why, permanent=True, http_status=status)
    if status in (404, 410) and (answer.is_html or "help desk" in reason.lower()):
        return GoneError(f"There is no Zendesk at {host}. Is the address right?", permanent=True, http_status=status)
    if status == 409:
        why = f"Somebody is changing this ticket in Zendesk ({host}) at the same moment."
        return ConflictError(why, permanent=False, http_status=status)
    if status == 422 or kind == "RecordInvalid":
        error = InvalidChangeError(f"Zendesk ({host}) refused this{_said(reason)}", permanent=True, http_status=status)
        error.fields = _fields(data)
        return error
    if status in (400, 413):
        return RejectedError(f"Zendesk ({host}) refused this{_said(reason)}", permanent=True, http_status=status)
    return None


def _authorization(credentials: Mapping[str, str]) -> str:
    email, token = credentials.get("email", "").strip(), credentials.get("api_token", "").strip()
    if email and token:
        return "Basic " + base64.b64encode(f"{email}/token:{token}".encode()).decode()
    bearer = credentials.get("oauth_token", "").strip()
    return f"Bearer {bearer}" if bearer else ""


def _data(answer: Answer) -> Json:
    try:
        data = answer.json()
    except IntegrationError:
        return {}
    return data if isinstance(data, dict) else {}


def _kind(data: Json) -> str:
    error = data.get("error")
    return error if isinstance(error, str) else ""


def _reason(data: Json) -> str:
    """Zendesk's own words: the details of each field where there are any, else the description, else the title or the kind."""
    details = data.get("details")
    words = [_description(item) for items in details.values() for item in _listed(items)] if isinstance(details, dict) else []
    error = data.get("error")
    if not any(words) and isinstance(error, dict):
        words = [str(error.get(name) or "") for name in ("title", "message")]
    if not any(words):
        words = [str(data.get("description") or _kind(data))]
    return " ".join(clean(" ".join(words)).split())[:_LONGEST_REASON]


def _fields(data: Json) -> frozenset[str]:
    details = data.get("details")
    return frozenset(str(name) for name in details) if isinstance(details, dict) else frozenset()


def _listed(items: object) -> list[object]:
    return items if isinstance(items, list) else [items]


def _description(item: object) -> str:
    return str(item.get("description") or "") if isinstance(item, dict) else str(item or "")


def _said(reason: str) -> str:
    return f": “{reason}”" if reason else "."
