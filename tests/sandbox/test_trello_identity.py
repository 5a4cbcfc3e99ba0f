"""Signed identities of the Trello double, and the page where a person gives a token."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
import requests

from tests.cast import ADA, BEN
from tests.sandbox.trello_world import TIMEOUT, World, world

RETURN = "https://closeloop.test/oauth/trello"


@pytest.fixture(name="trello")
def a_world() -> Iterator[World]:
    with world() as made:
        made.trello.options.power_up.connector_url = "https://closeloop.test/connector"
        yield made


def public_keys(trello: World) -> list[str]:
    keys: list[str] = requests.get(f"{trello.url}/1/resource/jwt-public-keys", timeout=TIMEOUT).json()["keys"]
    return keys


def sign(trello: World, **body: Any) -> str:
    answer = trello.control("POST", "jwt", json={"idBoard": trello.board.id, "idMember": BEN.trello_id, **body})
    signed: str = answer.json()["jwt"]
    return signed


def test_an_identity_is_what_the_client_library_would_give(trello: World) -> None:
    token = sign(trello, state="abc")
    (pem,) = public_keys(trello)
    claims = jwt.decode(token, pem, algorithms=["RS256"], issuer="trello", options={"require": ["exp", "iat", "iss"]})
    assert jwt.get_unverified_header(token) == {"alg": "RS256", "typ": "JWT"}
    assert claims["exp"] - claims["iat"] == 900
    assert {name: claims[name] for name in ("idPlugin", "idBoard", "idMember", "state")} == {
        "idPlugin": trello.trello.options.power_up.id,
        "idBoard": trello.board.id,
        "idMember": BEN.trello_id,
        "state": "abc",
    }
    assert set(claims) == {"idPlugin", "idBoard", "idMember", "state", "iat", "exp", "iss"}


def test_forged_identities_can_be_ordered_for_tests(trello: World) -> None:
    (pem,) = public_keys(trello)
    with pytest.raises(jwt.InvalidSignatureError):
        jwt.decode(sign(trello, signer="foreign"), pem, algorithms=["RS256"])
    with pytest.raises(jwt.ExpiredSignatureError):
        jwt.decode(sign(trello, claims={"exp": 1}), pem, algorithms=["RS256"])
    assert "iss" not in jwt.decode(sign(trello, claims={"iss": None}), pem, algorithms=["RS256"])


def test_after_a_rotation_the_old_key_stays_for_a_while(trello: World) -> None:
    before, old = sign(trello), public_keys(trello)
    trello.control("POST", "jwt-keys", json={"action": "rotate"})
    new = public_keys(trello)
    assert (len(new), new[1]) == (2, old[0])
    assert jwt.decode(before, new[1], algorithms=["RS256"])["idMember"] == BEN.trello_id
    assert jwt.decode(sign(trello), new[0], algorithms=["RS256"])["idMember"] == BEN.trello_id
    assert trello.control("POST", "jwt-keys", json={"action": "drop_old"}).json() == {"published": 1}
    trello.control("POST", "jwt-keys", json={"action": "rotate", "keep_old": False})
    assert len(public_keys(trello)) == 1


def test_nobody_signed_in_gets_no_identity(trello: World) -> None:
    with requests.Session() as browser:
        browser.post(f"{trello.url}/sandbox/session", json={"member": None}, timeout=TIMEOUT)
        answer = browser.post(f"{trello.url}/sandbox/jwt", json={"idBoard": trello.board.id}, timeout=TIMEOUT)
        assert (answer.status_code, answer.text) == (403, "nobody is signed in")


def wish(trello: World, **changes: str) -> dict[str, str]:
    wanted = {"key": trello.trello.options.power_up.api_key, "name": "Closeloop", "scope": "read,write", "expiration": "never"}
    return {**wanted, "response_type": "token", "callback_method": "fragment", "return_url": RETURN, **changes}


def authorize(trello: World, choice: str, **changes: str) -> requests.Response:
    with requests.Session() as browser:
        browser.post(f"{trello.url}/sandbox/session", json={"member": "ben"}, timeout=TIMEOUT)
        return browser.post(
            f"{trello.url}/1/authorize", params=wish(trello, **changes), data={"choice": choice}, allow_redirects=False, timeout=TIMEOUT
        )


def test_the_page_says_who_asks_for_what_as_whom(trello: World) -> None:
    page = requests.get(f"{trello.url}/1/authorize", params=wish(trello, name="<Close>loop"), timeout=TIMEOUT)
    for words in ("Allow &lt;Close&gt;loop?", ADA.full_name, "Read all of your boards", "until you take it back", "https://closeloop.test"):
        assert words in page.text
    assert "form-action 'self' https://closeloop.test" in page.headers["Content-Security-Policy"]


def test_allowing_hands_the_token_over_in_the_fragment(trello: World) -> None:
    answer = authorize(trello, "allow", return_url=f"{RETURN}?board=1")
    address, _, fragment = answer.headers["Location"].partition("#")
    token = parse_qs(fragment)["token"][0]
    assert (answer.status_code, address, token[:4]) == (303, f"{RETURN}?board=1", "ATTA")
    about = trello.ask("GET", f"/tokens/{token}", None, headers=trello.header(token)).json()
    assert (about["idMember"], about["identifier"]) == (BEN.trello_id, "Closeloop")


def test_denying_hands_over_nothing(trello: World) -> None:
    location = authorize(trello, "deny").headers["Location"]
    assert urlsplit(location).fragment == "error=Token%20request%20rejected"
    assert trello.store.shelves.tokens == {}


def test_a_token_may_run_out(trello: World) -> None:
    location = authorize(trello, "allow", expiration="1hour", scope="read").headers["Location"]
    token = parse_qs(urlsplit(location).fragment)["token"][0]
    held = trello.store.shelves.tokens[token]
    assert held.expires_at is not None
    assert trello.store.token(token, at=held.expires_at) is None
    assert trello.ask("GET", "/members/me", None, headers=trello.header(token)).text == "invalid token"


@pytest.mark.parametrize(
    ("changes", "status", "words"),
    [
        ({"return_url": "https://evil.test/steal"}, 400, "Invalid return_url"),
        ({"return_url": "http://closeloop.test/oauth"}, 400, "Invalid return_url"),
        ({"return_url": "https://closeloop.test.evil.test/"}, 400, "Invalid return_url"),
        ({"return_url": "javascript:alert(1)"}, 400, "Invalid return_url"),
        ({"key": "0" * 32}, 401, "invalid key"),
        ({"scope": "everything"}, 400, "Invalid scope"),
        ({"expiration": "soon"}, 400, "Invalid scope or expiration"),
    ],
)
def test_a_bad_wish_is_refused(trello: World, changes: dict[str, str], status: int, words: str) -> None:
    page = requests.get(f"{trello.url}/1/authorize", params=wish(trello, **changes), timeout=TIMEOUT)
    for answer in (page, authorize(trello, "allow", **changes)):
        assert (answer.status_code, words in answer.text) == (status, True)
    assert trello.store.shelves.tokens == {}


def test_another_site_cannot_press_allow(trello: World) -> None:
    answer = requests.post(
        f"{trello.url}/1/authorize",
        params=wish(trello),
        data={"choice": "allow"},
        headers={"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.test"},
        timeout=TIMEOUT,
    )
    assert answer.status_code == 403


def test_without_a_return_address_the_token_is_shown(trello: World) -> None:
    page = authorize(trello, "allow", return_url="")
    (token,) = trello.store.shelves.tokens
    assert f"<pre>{token}</pre>" in page.text
