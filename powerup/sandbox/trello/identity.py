"""Signed identities as `t.jwt` hands them out, and the public keys that prove them.

Claims and life as in https://developer.atlassian.com/cloud/trello/power-ups/client-library/t-jwt/: RS256, no `kid`, no `aud`.
"""

import functools
import threading
from datetime import datetime, timedelta
from typing import Any, Literal

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

LIFE = timedelta(seconds=900)
Signer = Literal["current", "previous", "foreign"]


@functools.lru_cache
def _key(number: int) -> RSAPrivateKey:
    """The process's nth key; shared by all its doubles, because making one takes as long as twenty requests."""
    return generate_private_key(public_exponent=65537, key_size=2048)


def _pem(key: RSAPrivateKey) -> str:
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


class KeyRing:
    """Signs, publishes, rotates."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._current = 1
        self._old_is_published = False

    def public_keys(self) -> list[str]:
        """What /1/resource/jwt-public-keys publishes: normally one, two for a while after a rotation."""
        with self._lock:
            numbers = [self._current, self._current - 1] if self._old_is_published else [self._current]
        return [_pem(_key(number)) for number in numbers]

    def rotate(self, *, keep_old: bool) -> None:
        """Sign with a new key from now on; the old one stays published, or not."""
        with self._lock:
            self._current += 1
            self._old_is_published = keep_old

    def drop_old(self) -> None:
        """Publish the current key only."""
        with self._lock:
            self._old_is_published = False

    def sign(
        self, *, plugin_id: str, board_id: str, member_id: str, state: str, at: datetime, signer: Signer = "current", **claims: Any
    ) -> str:
        """A token as Trello would give it; `claims` replace or (None) remove claims, and `signer` names another key, for attack tests."""
        payload: dict[str, Any] = {
            "idPlugin": plugin_id,
            "idBoard": board_id,
            "idMember": member_id,
            "state": state,
            "iat": int(at.timestamp()),
            "exp": int((at + LIFE).timestamp()),
            "iss": "trello",
        }
        payload = {name: value for name, value in (payload | claims).items() if value is not None}
        with self._lock:
            number = {"current": self._current, "previous": self._current - 1, "foreign": -1}[signer]
        return jwt.encode(payload, _key(number), algorithm="RS256")
