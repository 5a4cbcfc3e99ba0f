"""Trello's refusals in plain words.

Most of Trello's 4xx bodies are plain text ("invalid token"), 429 carries JSON with a code
(developer.atlassian.com/cloud/trello/guides/rest-api/status-codes and /rate-limits), and 401 stands both for bad credentials and for
good ones that may not do this.
"""

import random
import re

from powerup.errors import Code
from powerup.integrations.errors import (
    AddressRefusedError,
    CredentialsRefusedError,
    GoneError,
    IntegrationError,
    NotPermittedError,
    RateLimitedError,
    RejectedError,
    VendorBrokenError,
)
from powerup.integrations.http import Answer, retry_after

WINDOW_SECONDS = 10.0
"""Trello counts calls in windows of ten seconds and, after 200 refusals within one, refuses all of it: waiting less makes it worse."""

_LONGEST_REASON = 200
_TOO_MUCH = "API_TOO_MANY_CARDS_REQUESTED"
_BAD_KEY = re.compile(r"invalid (app )?key", re.IGNORECASE)
_NOT_ALLOWED = re.compile(r"unauthorized .*(permission|requested)|not permitted|plan.* not allow", re.IGNORECASE)
_REFUSALS = (CredentialsRefusedError, NotPermittedError, GoneError, RejectedError)


def classify(answer: Answer) -> IntegrationError | None:
    """The error that this answer of Trello means; None when it is none, or an ordinary one."""
    status, said = answer.status, reason(answer)
    more = f" Trello says: {said}" if said else ""
    match status:
        case 400 | 409 | 413 | 422:
            return RejectedError(f"Trello refused the request.{more}", permanent=True, http_status=status)
        case 401:
            return _unauthorized(said)
        case 403:
            return NotPermittedError(f"The connected Trello account may not do this.{more}", permanent=True, http_status=status)
        case 404 | 410:
            why = "Trello does not have this, or the connected account cannot see it: it may have been deleted or moved."
            return GoneError(why, permanent=True, http_status=status)
        case 429 if _TOO_MUCH in said:
            return RejectedError("Trello will not list that many cards at once. Archive some of them.", permanent=True, http_status=status)
        case 429:
            wait = max(WINDOW_SECONDS * random.uniform(1.0, 1.2), retry_after(answer.headers) or 0.0)  # noqa: S311 - jitter
            return RateLimitedError(f"Trello asks us to slow down ({_limit(said)}).", retry_after=wait, http_status=status)
        case 449:
            return VendorBrokenError("A part of Trello could not answer.", http_status=status)
    return None


def in_trellos_name(error: IntegrationError) -> IntegrationError:
    """The same error, with the code that says that it was Trello and not a forum."""
    if not isinstance(error, AddressRefusedError):
        error.code = Code.trello_refused if isinstance(error, _REFUSALS) else Code.trello_unavailable
    return error


def reason(answer: Answer) -> str:
    """What Trello says itself, on one short line; empty for web pages and for answers without an error."""
    if answer.status < 400 or answer.is_html:
        return ""
    said = answer.text()
    if said.lstrip().startswith("{"):
        try:
            body = answer.json()
        except VendorBrokenError:
            return ""
        said = " ".join(str(body[name]) for name in ("error", "message") if body.get(name))
    line = " ".join("".join(char if char.isprintable() else " " for char in said).split())
    return line if len(line) <= _LONGEST_REASON else line[: _LONGEST_REASON - 1] + "…"


def _unauthorized(said: str) -> IntegrationError:
    if _BAD_KEY.search(said):
        why = "Trello does not know our API key. Check CLOSELOOP_TRELLO_API_KEY against the Power-Up's admin page."
        return CredentialsRefusedError(why, permanent=True, http_status=401)
    if _NOT_ALLOWED.search(said):
        why = "The connected Trello account may not do this. Is it still a member of the board, with the right to edit?"
        return NotPermittedError(why, permanent=True, http_status=401)
    why = "Trello does not accept the connected account any more: its access was revoked or has run out. Connect the board again."
    return CredentialsRefusedError(why, permanent=True, reconnect=True, http_status=401)


def _limit(said: str) -> str:
    names = {
        "API_KEY": "too many calls of this installation",
        "API_TOKEN": "too many calls with this account",
        "MEMBER": "too many calls about members",
    }
    return next((words for name, words in names.items() if name in said), "too many calls")
