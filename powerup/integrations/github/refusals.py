"""What GitHub's refusals mean: REST statuses, and the errors that GraphQL sends inside a 200.

Sources:

* https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api: both limits answer 403 or 429; `retry-after` first, then
  `x-ratelimit-reset` (UTC epoch seconds) where `x-ratelimit-remaining` is 0, else at least a minute.
* https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api: 404 instead of 403 for what a token may not see;
  403 "Resource not accessible by personal access token"; `X-GitHub-SSO` when an organisation wants the token authorised.
* GraphQL: 200 with `errors[].type`; of the rate limit both `RATE_LIMITED` (https://github.com/renovatebot/renovate/issues/21861) and
  `RATE_LIMIT` (https://github.com/yanyongyu/githubkit/issues/271) have been seen. Its types are not documented
  (https://github.com/github/docs/issues/22607); `NOT_FOUND`, `FORBIDDEN`, `INSUFFICIENT_SCOPES`, `UNPROCESSABLE` are met in the wild.
* https://github.com/probot/stale/issues/25: 403 "Unable to create comment because issue is locked."
"""

from collections.abc import Mapping
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
)
from powerup.integrations.http import Answer, maybe, retry_after
from powerup.integrations.http_answer import LONGEST_WAIT

_LONGEST_REASON = 300
_SECONDARY_WAIT = 60.0
"""What GitHub asks for where it names no time."""


class NotModifiedError(IntegrationError):
    """304: the answer to a conditional request, not a failure; it never leaves the client."""


class MovedError(RejectedError):
    """A redirect, with where it leads; it never leaves the client."""

    def __init__(self, target: str, status: int) -> None:
        super().__init__("GitHub sends us elsewhere.", permanent=True, http_status=status)
        self.target = target


def refusal(answer: Answer) -> IntegrationError | None:
    """What GitHub means by a status; None leaves it to the common mapping."""
    status, host = answer.status, urlsplit(answer.url).hostname
    if 200 <= status < 300:
        return None
    if status == 304:
        return NotModifiedError("Nothing has changed.", http_status=304)
    reason = _reason(answer)
    if status in (403, 429) and (limited := _limit(answer, reason)):
        return limited
    if status == 401:
        why = f"GitHub ({host}) does not accept the token: it is wrong, expired or revoked. Enter a new one."
        return CredentialsRefusedError(why, permanent=True, reconnect=True, http_status=status)
    if status == 403:
        return NotPermittedError(_forbidden(answer, str(host), reason), permanent=True, http_status=status)
    if status in (404, 410, 451):
        why = f"GitHub ({host}) says that this does not exist, or hides it from us{_said(reason)}"
        return GoneError(why, permanent=True, http_status=status)
    if status in (400, 409, 413, 422):
        return RejectedError(f"GitHub ({host}) refused this{_said(reason)}", permanent=True, http_status=status)
    if status in (307, 308):
        why = f"GitHub ({host}) knows this repository under another name by now. Enter its present address."
        return RejectedError(why, permanent=True, http_status=status)
    return None


def graphql_refusal(answer: Answer, data: object) -> IntegrationError | None:
    """What the `errors` of a GraphQL answer mean; None when there are none."""
    errors = data.get("errors") if isinstance(data, Mapping) else None
    if not isinstance(errors, list) or not errors:
        return None
    first: Mapping[str, Any] = errors[0] if isinstance(errors[0], Mapping) else {}
    kinds = {str(error.get("type", "")).upper() for error in errors if isinstance(error, Mapping)}
    host, reason = urlsplit(answer.url).hostname, " ".join(str(first.get("message", "")).split())[:_LONGEST_REASON]
    if kinds & {"RATE_LIMITED", "RATE_LIMIT"} or "rate limit" in reason.lower():
        return RateLimitedError(f"GitHub ({host}) asks us to slow down.", retry_after=_wait(answer.headers), http_status=answer.status)
    if "NOT_FOUND" in kinds:
        why = f"GitHub ({host}) says that this does not exist, or hides it from us{_said(reason)}"
        return GoneError(why, permanent=True, http_status=answer.status)
    if kinds & {"FORBIDDEN", "INSUFFICIENT_SCOPES"}:
        return NotPermittedError(_forbidden(answer, str(host), reason), permanent=True, http_status=answer.status)
    if "UNPROCESSABLE" in kinds or isinstance(first.get("extensions"), Mapping):
        # Errors with `extensions` are about the query itself: an Enterprise Server too old to know a field.
        return RejectedError(f"GitHub ({host}) refused this{_said(reason)}", permanent=True, http_status=answer.status)
    return VendorBrokenError(f"GitHub ({host}) could not answer{_said(reason)}", http_status=answer.status)


def _limit(answer: Answer, reason: str) -> RateLimitedError | None:
    exhausted = answer.headers.get("x-ratelimit-remaining", "").strip() == "0"
    waits = retry_after(answer.headers) is not None
    if answer.status == 403 and not (exhausted or waits or "rate limit" in reason.lower()):
        return None
    why = f"GitHub ({urlsplit(answer.url).hostname}) asks us to slow down."
    return RateLimitedError(why, retry_after=_wait(answer.headers), http_status=answer.status)


def _wait(headers: Mapping[str, str]) -> float:
    asked = retry_after(headers)
    if asked is not None:
        return asked
    reset = headers.get("x-ratelimit-reset", "").strip()
    if headers.get("x-ratelimit-remaining", "").strip() == "0" and reset.isascii() and reset.isdigit() and len(reset) < 13:
        return min(max(float(reset) - clock.now().timestamp(), 1.0), LONGEST_WAIT)
    return _SECONDARY_WAIT


def _forbidden(answer: Answer, host: str, reason: str) -> str:
    if "x-github-sso" in answer.headers:
        return f"GitHub ({host}) wants the token authorised for the organisation's single sign-on: Settings → Developer settings → Tokens."
    if "is locked" in reason.lower():
        return f"The conversation is locked on GitHub ({host}): unlock it there, or give our account write access."
    if "not accessible by" in reason.lower():
        return f"The token lacks a permission on GitHub ({host}){_said(reason)} Give it “Issues” and “Discussions”: read and write."
    return f"GitHub ({host}) does not allow this{_said(reason)}"


def _reason(answer: Answer) -> str:
    """GitHub's own words: `message`, and the `errors` of a validation, each a text or an object."""
    try:
        data = answer.json()
        words = [maybe(data, "message", str) or ""]
    except IntegrationError:
        return ""
    errors = data.get("errors") if isinstance(data, dict) else None
    for error in errors if isinstance(errors, list) else ():
        if isinstance(error, Mapping):
            words.append(str(error.get("message") or " ".join(str(error.get(name, "")) for name in ("field", "code"))))
        else:
            words.append(str(error))
    return " ".join(" ".join(words).split())[:_LONGEST_REASON]


def _said(reason: str) -> str:
    return f": “{reason}”" if reason else "."
