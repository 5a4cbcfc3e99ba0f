"""Forged, changed and borrowed identities: none gets in."""

from datetime import timedelta
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from powerup.integrations.trello.identity import LONGEST_JWT, TrelloKeys
from tests.cast import ADA
from tests.integrations.trello_identities import NOW, a_trello, asked, b64, its_keys, payload, plugin, refused, signed
from tests.sandbox.trello_world import World

__all__ = ["a_trello", "its_keys"]


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "atlassian"},
        {"iss": None},
        {"exp": None},
        {"iat": None},
        {"idMember": None},
        {"idBoard": None},
        {"idPlugin": None},
        {"idMember": "notLoggedIn"},
        {"idMember": f"{ADA.trello_id}\n"},
        {"idMember": ["5f0000000000000000000a0a"]},
        {"idBoard": "../../etc/passwd"},
        {"idBoard": 7},
        {"exp": "tomorrow"},
        {"exp": True},
        {"exp": 2**63},
        {"exp": -1},
        {"exp": float("nan")},
        {"iat": float("inf")},
        {"iat": "1"},
        {"iat": {"$gt": 0}},
        {"exp": 10, "iat": 20},
    ],
    ids=str,
)
def test_claims_that_are_missing_or_odd_are_refused(trello: World, keys: TrelloKeys, claims: dict[str, Any]) -> None:
    refused(keys, trello, signed(trello, **claims))


def test_an_unsigned_token_is_refused(trello: World, keys: TrelloKeys) -> None:
    for alg in ("none", "None", "NONE", ""):
        refused(keys, trello, f"{b64({'alg': alg, 'typ': 'JWT'})}.{b64(payload(trello))}.")
        refused(keys, trello, f"{b64({'alg': alg})}.{b64(payload(trello))}.{signed(trello).rpartition('.')[2]}")
    refused(keys, trello, f"{b64({'typ': 'JWT'})}.{b64(payload(trello))}.{signed(trello).rpartition('.')[2]}")


def test_a_token_signed_with_the_public_key_as_a_secret_is_refused(trello: World, keys: TrelloKeys) -> None:
    import_safe = jwt.algorithms.HMACAlgorithm(jwt.algorithms.HMACAlgorithm.SHA256)
    for pem in trello.trello.keys.public_keys():
        for secret in (pem.encode(), pem.strip().encode()):
            head = f"{b64({'alg': 'HS256', 'typ': 'JWT'})}.{b64(payload(trello))}"
            refused(keys, trello, f"{head}.{b64(import_safe.sign(head.encode(), secret))}")


def test_another_key_or_another_algorithm_is_refused(trello: World, keys: TrelloKeys) -> None:
    refused(keys, trello, signed(trello, signer="foreign"))
    refused(keys, trello, jwt.encode(payload(trello), ec.generate_private_key(ec.SECP256R1()), algorithm="ES256"))
    own = generate_private_key(public_exponent=65537, key_size=2048)
    pem = own.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    # A key that travels with the token is no proof of anything.
    refused(
        keys,
        trello,
        jwt.encode(payload(trello), own, algorithm="RS256", headers={"jwk": {"kty": "RSA"}, "kid": pem, "x5u": "https://evil.org"}),
    )
    refused(keys, trello, jwt.encode(payload(trello), own, algorithm="PS256"))


def test_a_signature_left_empty_is_refused(trello: World, keys: TrelloKeys) -> None:
    head, body, _ = signed(trello).split(".")
    refused(keys, trello, f"{head}.{body}.")
    refused(keys, trello, f"{head}..")


def test_changed_claims_are_refused(trello: World, keys: TrelloKeys) -> None:
    head, _, tail = signed(trello).split(".")
    refused(keys, trello, f"{head}.{b64(payload(trello) | {'idMember': 'f' * 24})}.{tail}")


@pytest.mark.parametrize("garbage", ["", ".", "..", "a.b.c", "ünïcode.a.b", "\ud800", "null", "e30.e30.e30", "=" * 100])
def test_garbage_is_refused_and_makes_us_ask_nothing(trello: World, keys: TrelloKeys, garbage: str) -> None:
    keys.verify(signed(trello), plugin_id=plugin(trello), now=NOW)
    refused(keys, trello, garbage, NOW + timedelta(minutes=5))
    assert asked(trello) == 1


def test_a_huge_token_is_not_even_read(trello: World, keys: TrelloKeys) -> None:
    token = signed(trello, pad="x" * LONGEST_JWT)
    refused(keys, trello, token)
    assert asked(trello) == 0


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(place=st.integers(min_value=0), char=st.sampled_from("ABz09-_.="))
def test_no_changed_character_gets_through(trello: World, keys: TrelloKeys, place: int, char: str) -> None:
    token = signed(trello)
    # The last character of a signature carries bits that say nothing.
    place %= len(token) - 1
    changed = token[:place] + char + token[place + 1 :]
    if changed != token:
        refused(keys, trello, changed)
