"""Secrets at rest and tokens in flight. Each is bound to one purpose: what was made for one is refused for any other."""

import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from itsdangerous import BadData, SignatureExpired, URLSafeTimedSerializer

from powerup.errors import CloseloopError, TokenExpiredError, UnauthenticatedError
from powerup.settings import SettingsError

LONGEST_TOKEN = 4096
"""Characters of a token that we look at; ours are far shorter."""


class SealError(CloseloopError):
    """A sealed value cannot be opened: made with a key that we no longer have, changed, or moved from another row."""

    title = "A stored secret cannot be opened"


class Sealer:
    """Encrypts credentials for the database; the first key seals, every key opens.

    The purpose (say `forums.credentials:17`) is encrypted together with the value and compared on opening: Fernet has no
    associated data, and without this a sealed value could be copied from one row into another and be used there.
    """

    def __init__(self, keys: Sequence[str]) -> None:
        if not keys:
            raise SettingsError("CLOSELOOP_ENCRYPTION_KEY: needs a key; make one with: closeloop key")
        self._fernet = MultiFernet([_fernet(key) for key in keys])
        self._fingerprints = hashlib.sha256(b"closeloop.fingerprint:" + keys[0].encode()).digest()

    def seal(self, purpose: str, value: str) -> str:
        """The value, readable only by whoever has the key and opens it for the same purpose."""
        return self._fernet.encrypt(json.dumps([purpose, value]).encode()).decode()

    def open(self, purpose: str, sealed: str) -> str:
        """What was sealed for this purpose; raises SealError for anything else."""
        try:
            sealed_for, value = json.loads(self._fernet.decrypt(sealed.encode("utf-8", "replace")))
        except InvalidToken:
            raise _cannot_open() from None
        if sealed_for != purpose:
            raise _cannot_open()
        return str(value)

    def fingerprint(self, purpose: str, value: str) -> str:
        """64 hex digits that are the same for the same value and purpose, and tell nothing of it to whoever lacks the first key."""
        return hmac.new(self._fingerprints, json.dumps([purpose, value]).encode(), hashlib.sha256).hexdigest()

    def rotate(self, sealed: str) -> str:
        """The same content under the first key, so that an old key can be thrown away."""
        try:
            return self._fernet.rotate(sealed.encode("utf-8", "replace")).decode()
        except InvalidToken:
            raise _cannot_open() from None


class Signer:
    """Makes tokens that anybody can read and nobody can change; the first key signs, every key verifies.

    The purpose is the salt, so that a token of one kind ("session") never passes for another ("oauth.state").
    """

    def __init__(self, keys: Sequence[str]) -> None:
        if not keys:
            raise SettingsError("CLOSELOOP_SECRET_KEY: needs a key of 32 characters or more; make one with: openssl rand -hex 32")
        # itsdangerous counts the other way round: its last key signs.
        self._keys = list(reversed(keys))

    def sign(self, purpose: str, payload: Mapping[str, Any]) -> str:
        """A URL-safe token that carries the payload and the moment of signing. Put no secret in it: it is only signed."""
        return str(self._serializer(purpose).dumps(dict(payload)))

    def read(self, purpose: str, token: str, max_age: float) -> dict[str, Any]:
        """The payload of a token that we signed for this purpose at most `max_age` seconds ago.

        Raises TokenExpiredError when it was good once, UnauthenticatedError when it never was.
        """
        if len(token) > LONGEST_TOKEN or not token.isascii():
            raise _not_ours()
        try:
            # itsdangerous wants whole seconds; its own clock has no finer grain.
            payload = self._serializer(purpose).loads(token, max_age=int(max_age))
        except SignatureExpired:
            raise TokenExpiredError("This sign-in has run out. Reload, and a new one is made.") from None
        except BadData:
            raise _not_ours() from None
        if not isinstance(payload, dict):
            raise _not_ours()
        return payload

    def _serializer(self, purpose: str) -> URLSafeTimedSerializer:
        options = {"key_derivation": "hmac", "digest_method": hashlib.sha256}
        return URLSafeTimedSerializer(self._keys, salt=f"closeloop.{purpose}", signer_kwargs=options)


def new_key() -> str:
    """A fresh key for `CLOSELOOP_ENCRYPTION_KEY`."""
    return Fernet.generate_key().decode()


def random_token(length: int = 32) -> str:
    """A URL-safe secret made of `length` random bytes, for webhook addresses and the like."""
    return secrets.token_urlsafe(length)


def _fernet(key: str) -> Fernet:
    try:
        return Fernet(key)
    except ValueError:
        why = "CLOSELOOP_ENCRYPTION_KEY: holds a key that is not 32 bytes in URL-safe base64; make one with: closeloop key"
        raise SettingsError(why) from None


def _cannot_open() -> SealError:
    why = "It was stored with another encryption key, or changed since. Check CLOSELOOP_ENCRYPTION_KEY, or connect the account again."
    return SealError(why)


def _not_ours() -> UnauthenticatedError:
    return UnauthenticatedError("This token is not one of ours. Reload, and a new one is made.")
