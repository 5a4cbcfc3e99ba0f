"""What a mail server's "no" means: IMAP's response codes (RFC 3501 §7.1, RFC 5530) and SMTP's replies (RFC 5321 §4.2, RFC 3463).

Servers' own words are looked at for two well-known cases and never shown: they may quote addresses. Gmail says `[OVERQUOTA]` when
an account used up its bandwidth and `[ALERT] Too many simultaneous connections`
(https://support.google.com/mail/answer/7126229); Exchange says `BAD Request is throttled. Suggested Backoff Time: 92415 milliseconds`
(https://learn.microsoft.com/exchange/client-developer/exchange-web-services/ews-throttling-in-exchange).
"""

import re

from powerup.integrations.errors import (
    CredentialsRefusedError,
    IntegrationError,
    NotPermittedError,
    RateLimitedError,
    RejectedError,
    VendorBrokenError,
)
from powerup.integrations.http_answer import LONGEST_WAIT

_CODE = re.compile(rb"\[([A-Z0-9-]+)")
_BACKOFF = re.compile(rb"back-?off time:? *([0-9]{1,9}) *(milli)?seconds?", re.IGNORECASE)
_AGAIN_IN = re.compile(rb"(?:again|retry)\D{0,20}?([0-9]{1,6}) *s(?:ec(?:ond)?s?)?\b", re.IGNORECASE)
_TOO_MUCH = re.compile(rb"throttl|too many|rate.?limit|bandwidth|slow down|try again later|exceeded", re.IGNORECASE)


def imap_refusal(text: bytes, *, who: str, signing_in: bool = False) -> IntegrationError:
    """The error for the text of a NO, BAD or BYE."""
    found = _CODE.search(text)
    match found[1].decode() if found else "":
        case "AUTHENTICATIONFAILED" | "AUTHORIZATIONFAILED" | "EXPIRED":
            return _credentials(who)
        case "PRIVACYREQUIRED":
            return RejectedError(f"{who} wants an encrypted connection: choose tls or starttls.", permanent=True)
        case "LIMIT" | "THROTTLED" | "OVERQUOTA":
            return RateLimitedError(f"{who} asks us to slow down, or the mailbox is full.", retry_after=wait_in(text))
        case "UNAVAILABLE" | "INUSE" | "SERVERBUG" | "CORRUPTION" | "EXPUNGEISSUED":
            return VendorBrokenError(f"{who} is in trouble.", retry_after=wait_in(text))
        case "NOPERM":
            return NotPermittedError(f"{who} does not allow this.", permanent=True)
        case "NONEXISTENT" | "TRYCREATE":
            # Said of folders only: a wrong name in our settings must not look as if threads had been deleted.
            return RejectedError(f"{who} has no such folder. Check the names in the forum's settings.", permanent=True)
        case "CANNOT" | "CLIENTBUG" | "CONTACTADMIN" | "BADCHARSET":
            return RejectedError(f"{who} refused the request.", permanent=True)
    if _TOO_MUCH.search(text):
        return RateLimitedError(f"{who} asks us to slow down.", retry_after=wait_in(text))
    if signing_in:
        return _credentials(who)
    return VendorBrokenError(f"{who} refused the request without a reason.")


def smtp_refusal(code: int, text: bytes, *, who: str, about: str, sent: bool) -> IntegrationError:
    """The error for an SMTP reply that is no success. `about`: what was refused, in plain words ("the customer's address")."""
    if code in (530, 534, 535, 538):
        return _credentials(who, sent=sent)
    slow = re.match(rb"4\.7\.", text) or _TOO_MUCH.search(text)
    if code in (421, 450, 451, 452) and slow:
        return RateLimitedError(f"{who} asks us to slow down.", retry_after=wait_in(text), sent=sent)
    if 400 <= code < 500:
        return VendorBrokenError(f"{who} does not take {about} now (reply {code}).", retry_after=wait_in(text), sent=sent)
    if code in (550, 551, 553, 554) and re.match(rb"5\.7\.", text):
        return NotPermittedError(f"{who} does not let us send {about} (reply {code}).", permanent=True, sent=sent)
    if 500 <= code < 600:
        return RejectedError(f"{who} refused {about} (reply {code}).", permanent=True, sent=sent)
    return VendorBrokenError(f"{who} answered with something that is no reply.", sent=sent)


def wait_in(text: bytes) -> float | None:
    """Seconds that the server asks us to wait, where it says so; at most an hour."""
    if found := _BACKOFF.search(text):
        return min(int(found[1]) / (1000 if found[2] else 1), LONGEST_WAIT)
    found = _AGAIN_IN.search(text)
    return min(float(found[1]), LONGEST_WAIT) if found else None


def _credentials(who: str, *, sent: bool = True) -> CredentialsRefusedError:
    why = f"{who} does not accept our user name and password. Connect it again."
    return CredentialsRefusedError(why, permanent=True, reconnect=True, sent=sent)
