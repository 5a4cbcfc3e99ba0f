"""Who looks at the Power-Up: Trello's signed word for it.

`t.jwt()` gives an RS256 token without a key id; the keys are PEM texts at `/resource/jwt-public-keys`, one or, while Trello changes them,
two (developer.atlassian.com/cloud/trello/power-ups/client-library/t-jwt). Nothing in the token says which Power-Up it is *for* except
`idPlugin`: without comparing it, any other Power-Up's token would do.
"""

import re
import threading
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from powerup.errors import Code, TokenExpiredError, UnauthenticatedError
from powerup.integrations.errors import IntegrationError, VendorBrokenError
from powerup.integrations.http import HttpClient, need
from powerup.integrations.trello.models import VENDOR

ISSUER = "trello"
FRESH_SECONDS = 4 * 3600.0
"""How long fetched keys are used without asking again; Trello's own example does the same."""
STALE_SECONDS = 24 * 3600.0
"""How long they are used while Trello cannot be asked. After that nobody gets in."""
UNKNOWN_SIGNATURE_SECONDS = 60.0
"""Pause between two fetches on account of signatures that no key explains: anybody can send such tokens."""
FAILED_FETCH_SECONDS = 5.0
LEEWAY_SECONDS = 30.0
LONGEST_JWT = 8192

_MOST_KEYS = 10
_SMALLEST_KEY_BITS = 2048
_ID = re.compile(r"[0-9a-f]{24}")


@dataclass(frozen=True, slots=True)
class Identity:
    """Member M had our Power-Up open on board B; says nothing of what M may do there."""

    member_id: str
    board_id: str
    plugin_id: str
    issued_at: datetime
    expires_at: datetime


class TrelloKeys:
    """Trello's public keys, fetched when needed; one for the whole process, safe for threads."""

    def __init__(self, http: HttpClient, api_url: str) -> None:
        self._http = http
        self._url = f"{api_url.rstrip('/')}/resource/jwt-public-keys"
        self._lock = threading.Lock()
        self._keys: tuple[RSAPublicKey, ...] = ()
        self._fetched_at = 0.0
        self._tried_at = float("-inf")

    def verify(self, token: str, *, plugin_id: str, now: datetime) -> Identity:
        """Who the token speaks of; raises UnauthenticatedError or TokenExpiredError, or an IntegrationError when keys cannot be had."""
        if not plugin_id:
            raise UnauthenticatedError("CLOSELOOP_TRELLO_PLUGIN_ID is not set: without it no Power-Up can be recognised.")
        if len(token) > LONGEST_JWT or not token.isascii():
            raise _refused()
        at = now.timestamp()
        keys = self._usable(at)
        claims = _claims(token, keys)
        if claims is None and (newer := self._after_unknown_signature(keys, at)):
            claims = _claims(token, newer)
        if claims is None:
            raise _refused()
        return _identity(claims, plugin_id, at)

    def _usable(self, at: float) -> tuple[RSAPublicKey, ...]:
        """Keys that may be relied upon now; asks Trello when they have aged."""
        if self._keys and 0 <= at - self._fetched_at < FRESH_SECONDS:
            return self._keys
        # Whoever has keys that will do goes on with them while another thread asks.
        if self._lock.acquire(blocking=not self._will_do(at)):
            try:
                self._refresh(at)
            finally:
                self._lock.release()
        return self._keys

    def _refresh(self, at: float) -> None:
        if self._keys and 0 <= at - self._fetched_at < FRESH_SECONDS:
            return  # another thread was first
        if self._will_do(at) and 0 <= at - self._tried_at < UNKNOWN_SIGNATURE_SECONDS:
            return
        if 0 <= at - self._tried_at < FAILED_FETCH_SECONDS:
            raise _no_keys()
        try:
            self._fetch(at)
        except IntegrationError:
            if not self._will_do(at):
                raise _no_keys() from None

    def _after_unknown_signature(self, tried: tuple[RSAPublicKey, ...], at: float) -> tuple[RSAPublicKey, ...] | None:
        """Other keys than those tried, when Trello has changed them."""
        with self._lock:
            if self._keys == tried and abs(at - self._tried_at) >= UNKNOWN_SIGNATURE_SECONDS:
                try:
                    self._fetch(at)
                except IntegrationError:
                    return None  # what is signed by a key we cannot get is not trusted
            return self._keys if self._keys != tried else None

    def _will_do(self, at: float) -> bool:
        return bool(self._keys) and 0 <= at - self._fetched_at < STALE_SECONDS

    def _fetch(self, at: float) -> None:
        """Ask Trello. The caller holds the lock, which also keeps `http` to one thread at a time."""
        self._tried_at = at
        answer = self._http.request("GET", self._url)
        keys = tuple(key for pem in need(answer.json(), "keys", list, vendor=VENDOR)[:_MOST_KEYS] if (key := _key(pem)))
        if not keys:
            raise VendorBrokenError("Trello answered without a usable key.")
        self._keys, self._fetched_at = (self._keys, at) if _same(keys, self._keys) else (keys, at)


def _key(pem: object) -> RSAPublicKey | None:
    try:
        key = load_pem_public_key(pem.encode()) if isinstance(pem, str) else None
    except ValueError:
        return None
    return key if isinstance(key, RSAPublicKey) and key.key_size >= _SMALLEST_KEY_BITS else None


def _same(one: tuple[RSAPublicKey, ...], other: tuple[RSAPublicKey, ...]) -> bool:
    return [key.public_numbers() for key in one] == [key.public_numbers() for key in other]


def _claims(token: str, keys: tuple[RSAPublicKey, ...]) -> dict[str, Any] | None:
    """What the token says if one of the keys signed it, None if none did; raises UnauthenticatedError for what is no such token."""
    # Times are compared below with the caller's clock; `aud` is not used by Trello.
    options: Any = {"require": ["exp", "iat", "iss"], "verify_aud": False, "verify_exp": False, "verify_iat": False, "verify_nbf": False}
    for key in keys:
        try:
            claims: dict[str, Any] = jwt.decode(token, key, algorithms=["RS256"], issuer=ISSUER, options=options)
            return claims
        except jwt.InvalidSignatureError:
            continue
        except (jwt.PyJWTError, ValueError, RecursionError):
            raise _refused() from None
    return None


def _identity(claims: dict[str, Any], plugin_id: str, at: float) -> Identity:
    member, board, plugin = (claims.get(name) for name in ("idMember", "idBoard", "idPlugin"))
    if plugin != plugin_id:
        raise UnauthenticatedError("This sign-in was made for another Power-Up. Is CLOSELOOP_TRELLO_PLUGIN_ID right?")
    if not (isinstance(member, str) and isinstance(board, str) and _ID.fullmatch(member) and _ID.fullmatch(board)):
        raise _refused()
    issued, expires = claims["iat"], claims["exp"]
    if not all(isinstance(moment, int | float) and not isinstance(moment, bool) and 0 <= moment < 2**33 for moment in (issued, expires)):
        raise _refused()
    if issued > at + LEEWAY_SECONDS or expires < issued:
        raise _refused()
    if expires + LEEWAY_SECONDS <= at:
        raise TokenExpiredError("Trello's sign-in has run out. Reload the board.")
    return Identity(member, board, plugin_id, datetime.fromtimestamp(issued, UTC), datetime.fromtimestamp(expires, UTC))


def _refused() -> UnauthenticatedError:
    return UnauthenticatedError("This is no valid sign-in from Trello. Reload the board.")


def _no_keys() -> IntegrationError:
    error = VendorBrokenError(
        "Trello's keys cannot be fetched, so nobody can be recognised. Try again in a moment.", retry_after=FAILED_FETCH_SECONDS
    )
    error.code = Code.trello_unavailable
    return error
