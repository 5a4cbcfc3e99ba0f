"""Who looks at a board: Trello's signature is believed, and its keys are kept as long as they should be."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from pytest_httpserver import HTTPServer

from powerup.errors import Code, TokenExpiredError, UnauthenticatedError
from powerup.integrations.errors import IntegrationError
from powerup.integrations.trello.client import open_http
from powerup.integrations.trello.identity import STALE_SECONDS, TrelloKeys
from powerup.sandbox.common.faults import FaultPlan
from tests.cast import ADA
from tests.integrations.trello_identities import BOARD, NOW, POLICY, a_trello, asked, b64, its_keys, payload, plugin, refused, signed
from tests.sandbox.trello_world import World

__all__ = ["a_trello", "its_keys"]

KEYS_PATH = "/1/resource/jwt-public-keys"


def test_trellos_word_is_taken(trello: World, keys: TrelloKeys) -> None:
    who = keys.verify(signed(trello), plugin_id=plugin(trello), now=NOW)
    assert (who.member_id, who.board_id, who.plugin_id) == (ADA.trello_id, BOARD, plugin(trello))
    assert (who.issued_at, who.expires_at) == (NOW, NOW + timedelta(seconds=900))


def test_keys_are_fetched_once_in_four_hours(trello: World, keys: TrelloKeys) -> None:
    for hours in (0, 1, 3.9):
        now = NOW + timedelta(hours=hours)
        keys.verify(signed(trello, now), plugin_id=plugin(trello), now=now)
    assert asked(trello) == 1
    now = NOW + timedelta(hours=4)
    keys.verify(signed(trello, now), plugin_id=plugin(trello), now=now)
    assert asked(trello) == 2


def test_a_new_key_is_learned_when_a_signature_is_unknown(trello: World, keys: TrelloKeys) -> None:
    keys.verify(signed(trello), plugin_id=plugin(trello), now=NOW)
    trello.trello.keys.rotate(keep_old=True)
    now = NOW + timedelta(minutes=2)
    for signer in ("current", "previous"):
        keys.verify(signed(trello, now, signer=signer), plugin_id=plugin(trello), now=now)
    assert asked(trello) == 2


def test_unknown_signatures_make_us_ask_once_a_minute_at_most(trello: World, keys: TrelloKeys) -> None:
    keys.verify(signed(trello), plugin_id=plugin(trello), now=NOW)
    for second in range(0, 150, 5):
        refused(keys, trello, signed(trello, signer="foreign"), NOW + timedelta(seconds=second))
    assert asked(trello) == 3  # at the start, after 60 s and after 120 s


def test_a_dropped_key_is_believed_no_longer_than_our_copy_lives(trello: World, keys: TrelloKeys) -> None:
    old = signed(trello)
    keys.verify(old, plugin_id=plugin(trello), now=NOW)
    trello.trello.keys.rotate(keep_old=False)
    later = NOW + timedelta(hours=4)
    keys.verify(signed(trello, later), plugin_id=plugin(trello), now=later)
    refused(keys, trello, signed(trello, later, signer="previous"), later)


def test_known_keys_serve_while_trello_is_down_but_not_for_ever(trello: World, keys: TrelloKeys) -> None:
    keys.verify(signed(trello), plugin_id=plugin(trello), now=NOW)
    trello.trello.faults.set(FaultPlan(fail_every=1, status=500))
    for hours in (5, 12, 23.9):
        now = NOW + timedelta(hours=hours)
        keys.verify(signed(trello, now), plugin_id=plugin(trello), now=now)
    now = NOW + timedelta(seconds=STALE_SECONDS)
    with pytest.raises(IntegrationError) as caught:
        keys.verify(signed(trello, now), plugin_id=plugin(trello), now=now)
    assert (caught.value.code, caught.value.permanent) == (Code.trello_unavailable, False)


def test_while_trello_is_down_it_is_not_asked_for_each_page(trello: World, keys: TrelloKeys) -> None:
    keys.verify(signed(trello), plugin_id=plugin(trello), now=NOW)
    trello.trello.faults.set(FaultPlan(fail_every=1, status=500))
    before = asked(trello)
    for second in range(50):
        now = NOW + timedelta(hours=5, seconds=second)
        keys.verify(signed(trello, now), plugin_id=plugin(trello), now=now)
    assert asked(trello) == before + 1


def test_without_keys_nobody_gets_in_until_trello_answers(trello: World, keys: TrelloKeys) -> None:
    trello.trello.faults.set(FaultPlan(fail_every=1, status=500))
    token = signed(trello)
    for second in (0, 1, 4):
        with pytest.raises(IntegrationError) as caught:
            keys.verify(token, plugin_id=plugin(trello), now=NOW + timedelta(seconds=second))
        assert caught.value.code is Code.trello_unavailable
    assert asked(trello) == 1
    trello.trello.faults.clear()
    assert keys.verify(token, plugin_id=plugin(trello), now=NOW + timedelta(seconds=6)).member_id == ADA.trello_id


def test_threads_share_one_fetch(trello: World, keys: TrelloKeys) -> None:
    token = signed(trello)
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: keys.verify(token, plugin_id=plugin(trello), now=NOW).member_id, range(40)))
    assert found == [ADA.trello_id] * 40
    assert asked(trello) == 1


def test_a_token_ends_after_its_time_and_half_a_minute(trello: World, keys: TrelloKeys) -> None:
    token = signed(trello)
    keys.verify(token, plugin_id=plugin(trello), now=NOW + timedelta(seconds=929))
    for seconds in (930, 931, 86_400):
        assert isinstance(refused(keys, trello, token, NOW + timedelta(seconds=seconds)), TokenExpiredError)


def test_a_token_from_the_future_is_refused(trello: World, keys: TrelloKeys) -> None:
    keys.verify(signed(trello, NOW + timedelta(seconds=30)), plugin_id=plugin(trello), now=NOW)
    for seconds in (31, 3600, 10**8):
        error = refused(keys, trello, signed(trello, NOW + timedelta(seconds=seconds)))
        assert not isinstance(error, TokenExpiredError)


def test_another_power_ups_token_is_refused(trello: World, keys: TrelloKeys) -> None:
    assert "CLOSELOOP_TRELLO_PLUGIN_ID" in refused(keys, trello, signed(trello, plugin_id="f" * 24)).detail


def test_without_a_plugin_id_nobody_is_recognised(trello: World, keys: TrelloKeys) -> None:
    with pytest.raises(UnauthenticatedError, match="CLOSELOOP_TRELLO_PLUGIN_ID"):
        keys.verify(signed(trello, idPlugin=""), plugin_id="", now=NOW)


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"keys": []},
        {"keys": "x"},
        {"keys": [None, 7, "not a key"]},
        {"keys": ["-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----"]},
        [],
    ],
    ids=str,
)
def test_an_answer_without_a_usable_key_lets_nobody_in(trello: World, httpserver: HTTPServer, answer: Any) -> None:
    httpserver.expect_request(KEYS_PATH).respond_with_json(answer)
    with open_http(POLICY) as http, pytest.raises(IntegrationError) as caught:
        TrelloKeys(http, httpserver.url_for("/1")).verify(signed(trello), plugin_id=plugin(trello), now=NOW)
    assert caught.value.code is Code.trello_unavailable


def test_keys_that_prove_too_little_are_left_out(trello: World, httpserver: HTTPServer) -> None:
    weak = generate_private_key(public_exponent=65537, key_size=1024)  # noqa: S505 - that is the point
    curve = ec.generate_private_key(ec.SECP256R1())
    pems = [one.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode() for one in (weak, curve)]
    httpserver.expect_request(KEYS_PATH).respond_with_json({"keys": [*pems, "junk", *trello.trello.keys.public_keys()]})
    with open_http(POLICY) as http:
        keys = TrelloKeys(http, httpserver.url_for("/1"))
        assert keys.verify(signed(trello), plugin_id=plugin(trello), now=NOW).member_id == ADA.trello_id
        head = f"{b64({'alg': 'RS256'})}.{b64(payload(trello))}"
        algorithm = jwt.algorithms.RSAAlgorithm(jwt.algorithms.RSAAlgorithm.SHA256)
        refused(keys, trello, f"{head}.{b64(algorithm.sign(head.encode(), weak))}")
