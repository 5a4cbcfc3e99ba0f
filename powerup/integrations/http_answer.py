"""What came back, and what it means: the one mapping from HTTP statuses to errors that say what to do next."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

from powerup import clock
from powerup.integrations.errors import (
    CredentialsRefusedError,
    GoneError,
    IntegrationError,
    NotPermittedError,
    RateLimitedError,
    RejectedError,
    VendorBrokenError,
    VendorTimeoutError,
)

LONGEST_WAIT = 3600.0
"""A Retry-After beyond this is cut: one odd answer must not silence a forum for a week."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer, read to its end. Header names are lower-case; `url` is where it came from after redirects."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str
    vendor: str = "The other service"

    def json(self) -> Any:
        """The body as JSON; raises VendorBrokenError in plain words for HTML, truncated or other text."""
        try:
            return json.loads(self.body.decode("utf-8-sig"), parse_constant=_refuse_constant)
        except (ValueError, RecursionError):
            raise VendorBrokenError(self._why_no_json(), http_status=self.status) from None

    def text(self) -> str:
        """The body as text; undecodable bytes become U+FFFD."""
        return self.body.decode("utf-8", "replace")

    @property
    def is_html(self) -> bool:
        """Whether this is a page for people, whatever the header says."""
        start = self.body[:200].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
        return start.startswith((b"<!doctype", b"<html")) or "text/html" in self.headers.get("content-type", "")

    def _why_no_json(self) -> str:
        host = urlsplit(self.url).hostname
        if self.is_html:
            return f"{self.vendor} ({host}) answered with a web page instead of data. Is the address right, and is the site up?"
        if not self.body.strip():
            return f"{self.vendor} ({host}) answered with nothing where data was expected."
        return f"{self.vendor} ({host}) answered with data that ends too early or cannot be read."


def error_in(answer: Answer) -> IntegrationError | None:
    """The error that a status stands for, None for 2xx. Adapters know their vendor's exceptions to this rule better."""
    status, who = answer.status, f"{answer.vendor} ({urlsplit(answer.url).hostname})"
    if 200 <= status < 300:
        return None
    if 300 <= status < 400:
        why = f"{who} sends us elsewhere{_target(answer)}. Enter the site's final address."
        return RejectedError(why, permanent=True, http_status=status)
    wait = retry_after(answer.headers)
    match status:
        case 401:
            why = f"{who} does not accept our credentials. Connect it again."
            return CredentialsRefusedError(why, permanent=True, reconnect=True, http_status=status)
        case 403:
            return NotPermittedError(f"{who} does not allow this.", permanent=True, http_status=status)
        case 404 | 410:
            return GoneError(f"{who} says that this does not exist, or hides it from us.", permanent=True, http_status=status)
        case 408:
            return VendorTimeoutError(f"{who} says that the request took too long.", http_status=status)
        case 429:
            return RateLimitedError(f"{who} asks us to slow down.", retry_after=wait, http_status=status)
        case _ if status >= 500:
            return VendorBrokenError(f"{who} is in trouble (status {status}).", retry_after=wait, http_status=status)
        case _:
            return RejectedError(f"{who} refused the request (status {status}).", permanent=True, http_status=status)


def retry_after(headers: Mapping[str, str], now: datetime | None = None) -> float | None:
    """Seconds in a Retry-After header, given as a number or a date; never negative, at most an hour; None if absent or nonsense."""
    raw = headers.get("retry-after", "").strip()
    try:
        seconds = float(raw)
    except ValueError:
        try:
            date = parsedate_to_datetime(raw)
        except (ValueError, IndexError, TypeError, OverflowError):
            return None
        date = date if date.tzinfo else date.replace(tzinfo=UTC)
        seconds = (date - (now or clock.now())).total_seconds()
    return min(max(seconds, 0.0), LONGEST_WAIT) if seconds == seconds else None


def _target(answer: Answer) -> str:
    """Where a redirect points: scheme and host only, for a path may hold secrets."""
    try:
        target = urlsplit(answer.headers.get("location", ""))
        return f" (to {target.scheme}://{target.hostname})" if target.hostname else ""
    except ValueError:
        return ""


def _refuse_constant(name: str) -> object:
    raise ValueError(f"{name} is not JSON")
