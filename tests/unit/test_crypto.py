"""Sealed secrets and signed tokens: each opens for its own purpose only, and keys can be changed."""

import base64
import json
import os
import string
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from powerup.crypto import LONGEST_TOKEN, Sealer, SealError, Signer, new_key, random_token
from powerup.errors import TokenExpiredError, UnauthenticatedError
from powerup.settings import SettingsError

OLD, NEW = new_key(), new_key()
FIRST, SECOND = "first-signing-key-of-32-characters", "second-signing-key-of-32-characters"
START = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


@given(st.text(), st.text())
def test_what_was_sealed_opens_again(purpose: str, value: str) -> None:
    purpose, value = (text.encode("utf-8", "replace").decode() for text in (purpose, value))
    assert Sealer([OLD]).open(purpose, Sealer([OLD]).seal(purpose, value)) == value


def test_a_sealed_value_shows_neither_itself_nor_its_purpose_and_never_looks_the_same_twice() -> None:
    sealer = Sealer([OLD])
    one, two = sealer.seal("forums.credentials:17", "hunter2"), sealer.seal("forums.credentials:17", "hunter2")
    assert one != two
    assert b"hunter2" not in base64.urlsafe_b64decode(one)
    assert b"forums" not in base64.urlsafe_b64decode(one)


def test_a_value_that_was_copied_into_another_row_does_not_open() -> None:
    sealer = Sealer([OLD])
    with pytest.raises(SealError):
        sealer.open("forums.credentials:18", sealer.seal("forums.credentials:17", "hunter2"))


@pytest.mark.parametrize("nonsense", ["", "x", "gAAAAA", "ünïcode", "\ud800", "A" * 5000])
def test_nonsense_does_not_open(nonsense: str) -> None:
    with pytest.raises(SealError):
        Sealer([OLD]).open("a", nonsense)
    with pytest.raises(SealError):
        Sealer([OLD]).rotate(nonsense)


def test_a_changed_value_does_not_open() -> None:
    sealed = Sealer([OLD]).seal("a", "hunter2")
    changed = sealed[:20] + ("A" if sealed[20] != "A" else "B") + sealed[21:]
    with pytest.raises(SealError, match="CLOSELOOP_ENCRYPTION_KEY"):
        Sealer([OLD]).open("a", changed)


def test_after_rotation_the_old_key_can_be_thrown_away() -> None:
    sealed = Sealer([OLD]).seal("a", "hunter2")
    both = Sealer([NEW, OLD])
    assert both.open("a", sealed) == "hunter2"
    rotated = both.rotate(sealed)
    assert Sealer([NEW]).open("a", rotated) == "hunter2"
    with pytest.raises(SealError):
        Sealer([NEW]).open("a", sealed)


@pytest.mark.parametrize("keys", [[], ["short"], [OLD, "not base64 at all but thirty-two b"], ["ü"]])
def test_a_wrong_key_stops_the_start_and_is_not_repeated(keys: list[str]) -> None:
    with pytest.raises(SettingsError, match="closeloop key") as caught:
        Sealer(keys)
    assert not any(key in str(caught.value) for key in keys)


def test_a_signed_payload_comes_back() -> None:
    signer = Signer([FIRST])
    assert signer.read("session", signer.sign("session", {"m": "ada", "n": 1}), max_age=60) == {"m": "ada", "n": 1}


def test_a_token_of_one_purpose_is_refused_for_another() -> None:
    signer = Signer([FIRST])
    with pytest.raises(UnauthenticatedError) as caught:
        signer.read("session", signer.sign("oauth.state", {"m": "ada"}), max_age=60)
    assert not isinstance(caught.value, TokenExpiredError)


def test_a_token_ends_when_its_time_is_over() -> None:
    signer = Signer([FIRST])
    with time_machine.travel(START, tick=False):
        token = signer.sign("session", {"m": "ada"})
    with time_machine.travel(START + timedelta(seconds=600), tick=False):
        assert signer.read("session", token, max_age=600) == {"m": "ada"}
    with time_machine.travel(START + timedelta(seconds=601), tick=False), pytest.raises(TokenExpiredError):
        signer.read("session", token, max_age=600)


def test_a_token_from_the_future_is_refused() -> None:
    signer = Signer([FIRST])
    with time_machine.travel(START + timedelta(hours=1), tick=False):
        token = signer.sign("session", {"m": "ada"})
    with time_machine.travel(START, tick=False), pytest.raises(UnauthenticatedError):
        signer.read("session", token, max_age=600)


def test_the_first_key_signs_and_every_key_verifies() -> None:
    token = Signer([FIRST]).sign("session", {"m": "ada"})
    both = Signer([SECOND, FIRST])
    assert both.read("session", token, max_age=60) == {"m": "ada"}
    assert Signer([SECOND]).read("session", both.sign("session", {"m": "ben"}), max_age=60) == {"m": "ben"}
    with pytest.raises(UnauthenticatedError):
        Signer([SECOND]).read("session", token, max_age=60)


def test_every_changed_character_spoils_a_token() -> None:
    signer = Signer([FIRST])
    token = signer.sign("session", {"m": "ada"})
    # The last character carries two bits that say nothing.
    for place in range(len(token) - 1):
        changed = token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :]
        with pytest.raises(UnauthenticatedError):
            signer.read("session", changed, max_age=60)


@given(st.text(alphabet=string.printable + "äש\ud800", max_size=300))
def test_nonsense_is_no_token(nonsense: str) -> None:
    with pytest.raises(UnauthenticatedError):
        Signer([FIRST]).read("session", nonsense, max_age=60)


def test_a_huge_token_is_not_even_read() -> None:
    signer = Signer([FIRST])
    huge = signer.sign("session", {"m": base64.b64encode(os.urandom(LONGEST_TOKEN)).decode()})
    with pytest.raises(UnauthenticatedError):
        signer.read("session", huge, max_age=60)


def test_a_token_whose_payload_is_no_object_is_refused() -> None:
    signer = Signer([FIRST])
    unwrapped = signer._serializer("session").dumps(["ada"])
    with pytest.raises(UnauthenticatedError):
        signer.read("session", unwrapped, max_age=60)


def test_no_signing_key_stops_the_start() -> None:
    with pytest.raises(SettingsError, match="CLOSELOOP_SECRET_KEY"):
        Signer([])


def test_a_token_can_be_read_by_anybody() -> None:
    """Which is why nothing secret belongs into one."""
    body = Signer([FIRST]).sign("session", {"m": "ada"}).split(".")[0]
    assert json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4))) == {"m": "ada"}


def test_random_tokens_differ_and_fit_into_an_address() -> None:
    made = {random_token() for _ in range(100)}
    assert len(made) == 100
    assert all(len(token) >= 40 and set(token) <= set(string.ascii_letters + string.digits + "-_") for token in made)
