"""One Discourse over HTTP: address, credentials, and what its refusals mean.

Source: https://docs.discourse.org (headers `Api-Key` and `Api-Username`; query-string keys are gone; rate limits and their answers).
"""

from collections.abc import Mapping
from typing import Any, Self
from urllib.parse import quote, urlsplit

from powerup.integrations.errors import (
    CredentialsRefusedError,
    GoneError,
    IntegrationError,
    NotPermittedError,
    RateLimitedError,
    RejectedError,
    VendorBrokenError,
)
from powerup.integrations.forums.base import File, ForumConfig
from powerup.integrations.forums.downloads import download
from powerup.integrations.http import Answer, HttpClient, HttpPolicy, error_in, maybe

VENDOR = "Discourse"
_LONGEST_REASON = 300
_LONGEST_WAIT = 3600.0


class Site:
    """Calls one site; every failure is an IntegrationError that says in plain words what to mend."""

    def __init__(self, config: ForumConfig, policy: HttpPolicy) -> None:
        self.base_url = config.base_url.rstrip("/")
        self._key = config.credentials.get("api_key", "").strip()
        self.username = config.credentials.get("api_username", "").strip()
        headers = {"Api-Key": self._key, "Api-Username": self.username} if self.signed_in else {}
        self._policy = policy
        self._http = HttpClient(policy, vendor=VENDOR, headers=headers)

    @property
    def signed_in(self) -> bool:
        """Whether a key and a name are configured; otherwise we read as any passer-by."""
        return bool(self._key and self.username)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let the connection go."""
        self._http.close()

    def answer(self, path: str, params: Mapping[str, Any] | list[tuple[str, str]] | None = None) -> Answer:
        """GET a path below the site's address; its own redirects (renamed, other case) are followed on the same host."""
        return self._http.request("GET", self.base_url + path, params=params, classify=refusal, follow_redirects=True)

    def get(self, path: str, params: Mapping[str, Any] | list[tuple[str, str]] | None = None) -> Any:
        """The JSON at a path."""
        return self.answer(path, params).json()

    def file(self, url: str) -> File:
        """The file at an address that the caller has checked to be this site's."""
        return download(self._http, self._policy, url, vendor=VENDOR, classify=refusal)

    def send(self, method: str, path: str, fields: Mapping[str, Any]) -> Any:
        """Write something; PUT and DELETE may be tried again, POST never. An empty answer is an empty object."""
        idempotent = method in ("PUT", "DELETE")
        answer = self._http.request(method, self.base_url + path, json=dict(fields), classify=refusal, idempotent=idempotent)
        return answer.json() if answer.body.strip() else {}


def segment(name: object) -> str:
    """A name as one segment of a path."""
    return quote(str(name), safe="")


def refusal(answer: Answer) -> IntegrationError | None:
    """What Discourse means by a status; None leaves it to the common mapping.

    A bad key is 403 `invalid_access`, as a lack of permission is; only its text, which names the API, tells them apart (not
    confirmed in source; where a text does not name it, it is taken for a lack of permission: permanent, without asking to reconnect).
    A 429 is JSON with `extras.wait_seconds` for a limit on one action, or plain text for the limits on everything, both with Retry-After.
    """
    status, data = answer.status, _data(answer)
    if 200 <= status < 300:
        return None
    host, reason, kind = urlsplit(answer.url).hostname, _reason(data), maybe_text(data, "error_type")
    if status == 429:
        waits = [seconds for seconds in (_wait(data), getattr(error_in(answer), "retry_after", None)) if seconds is not None]
        return RateLimitedError(f"Discourse ({host}) asks us to slow down.", retry_after=max(waits, default=None), http_status=429)
    if status == 403 and kind == "not_logged_in":
        why = f"Discourse ({host}) shows this only to people who are signed in. Enter an API key and a username."
        return CredentialsRefusedError(why, permanent=True, reconnect=True, http_status=status)
    if status == 403 and (kind == "invalid_access" or reason) and "API" in reason:
        why = f"Discourse ({host}) does not accept the API key, or not for this username. Enter both again."
        return CredentialsRefusedError(why, permanent=True, reconnect=True, http_status=status)
    if status == 403:
        why = f"Discourse ({host}) does not allow this{_said(reason)} The key may be limited in scope, or the username lack the right."
        return NotPermittedError(why, permanent=True, http_status=status)
    if status in (404, 410) and answer.is_html:
        return GoneError(f"There is no such page at {host}. Is this the address of a Discourse?", permanent=True, http_status=status)
    if status in (400, 409, 413, 422):
        return RejectedError(f"Discourse ({host}) refused this{_said(reason)}", permanent=True, http_status=status)
    if status >= 500 and answer.is_html and b"read-only" in answer.body[:50_000].lower():
        return VendorBrokenError(f"Discourse ({host}) is in read-only mode for the moment.", http_status=status)
    return None


def maybe_text(data: object, path: str) -> str:
    """The text at `path` in a refusal, "" when it is not there: a refusal must never fail to be read."""
    try:
        return maybe(data, path, str) or ""
    except IntegrationError:
        return ""


def _data(answer: Answer) -> object:
    try:
        return answer.json() if answer.status >= 400 else {}
    except IntegrationError:
        return {}


def _reason(data: object) -> str:
    """The site's own words: `errors` is a list, in places `error` (assign) or `message` a text."""
    errors = data.get("errors") if isinstance(data, dict) else None
    words = [str(item) for item in errors] if isinstance(errors, list) else []
    text = " ".join(words) or maybe_text(data, "error") or maybe_text(data, "message")
    return " ".join(text.split())[:_LONGEST_REASON]


def _said(reason: str) -> str:
    return f": “{reason}”" if reason else "."


def _wait(data: object) -> float | None:
    try:
        seconds = maybe(data, "extras.wait_seconds", float)
    except IntegrationError:
        return None
    return None if seconds is None else min(max(seconds, 0.0), _LONGEST_WAIT)
