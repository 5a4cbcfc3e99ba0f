"""The authorize page of the Trello double in a real browser.

The page comes last among the fixtures, so that it is closed before its servers stop.
"""

import json
from collections.abc import Callable, Iterator
from urllib.parse import urlencode

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # it has none
from flask import Flask
from playwright.sync_api import Page, expect

from powerup.sandbox.common.server import ThreadedServer
from powerup.sandbox.trello.session import HOST_KEY
from tests.sandbox.trello_world import World, world

OPENER = "<!doctype html><title>waiting</title><script>window.onmessage = (e) => { document.title = `${e.data} from ${e.origin}` }</script>"


@pytest.fixture(name="application")
def an_application() -> Iterator[str]:
    """Somebody who wants a token: a return page, and a page that opens the popup."""
    app = Flask(__name__)
    app.add_url_rule("/back", "back", lambda: "<!doctype html><title>back</title>")
    app.add_url_rule("/opener", "opener", lambda: OPENER)
    app.add_url_rule("/favicon.ico", "favicon", lambda: ("", 204))
    with ThreadedServer(app) as server:
        yield server.url


@pytest.fixture(name="trello")
def a_world(application: str) -> Iterator[World]:
    with world() as made:
        made.trello.options.power_up.allowed_origins = (application,)
        yield made


def address(trello: World, application: str, method: str = "fragment") -> str:
    wish = {"key": trello.trello.options.power_up.api_key, "name": "Closeloop", "scope": "read,write", "expiration": "never"}
    return f"{trello.url}/1/authorize?{urlencode({**wish, 'callback_method': method, 'return_url': f'{application}/back'})}"


def test_ben_logs_in_and_allows(trello: World, application: str, page: Page) -> None:
    page.goto(address(trello, application))
    page.get_by_role("button", name="Log in as Ben").click()
    expect(page.get_by_text("You are logged in as Ben Lindqvist")).to_be_visible()
    page.get_by_role("button", name="Allow").click()
    page.wait_for_url(f"{application}/back#token=ATTA*")


SIGN_IN = "<!doctype html><title>sign in</title><a href='{}'>Sign in with Trello</a>"
ASK = """async ([api, authorization]) => {
  const answer = await fetch(api, { headers: { Authorization: authorization } });
  return [answer.status, await answer.text()];
}"""


def test_a_page_outside_of_trello_signs_people_in_for_an_hour(trello: World, application: str, page: Page) -> None:
    key = trello.trello.options.power_up.api_key
    wish = {"key": key, "name": "Closeloop", "scope": "read", "expiration": "1hour", "response_type": "token"}
    query = urlencode({**wish, "callback_method": "fragment", "return_url": f"{application}/back?next=triage"})
    page.goto(f"{application}/back")
    page.set_content(SIGN_IN.format(f"{trello.url}/1/authorize?{query}"))
    page.get_by_role("link", name="Sign in with Trello").click()
    expect(page.get_by_text("This holds for one hour.")).to_be_visible()
    expect(page.get_by_text("Create and change cards")).to_have_count(0)
    page.get_by_role("button", name="Log in as Ben").click()
    page.get_by_role("button", name="Allow").click()
    page.wait_for_url(f"{application}/back?next=triage#token=ATTA*")
    token = page.url.partition("#token=")[2]

    def ask(api_key: str, path: str) -> tuple[int, str]:
        header = f'OAuth oauth_consumer_key="{api_key}", oauth_token="{token}"'
        status, text = page.evaluate(ASK, [f"{trello.url}/1/{path}", header])
        return status, text

    status, me = ask(key, "members/me?fields=username")
    assert (status, json.loads(me)["username"]) == (200, "ben")
    held = trello.store.shelves.tokens[token]
    assert (held.key, held.scopes, held.expires_at is None) == (key, ("read",), False)
    assert [one["name"] for one in json.loads(ask(key, "members/me/boards")[1])] == ["Support"]


@pytest.mark.console_errors_expected
def test_what_one_application_was_given_is_of_no_use_to_another(trello: World, application: str, page: Page) -> None:
    page.goto(address(trello, application))
    page.get_by_role("button", name="Allow").click()
    page.wait_for_url(f"{application}/back#token=ATTA*")
    token = page.url.partition("#token=")[2]
    for key, words in ((HOST_KEY, "invalid token"), ("0" * 32, "invalid key")):
        header = f'OAuth oauth_consumer_key="{key}", oauth_token="{token}"'
        assert page.evaluate(ASK, [f"{trello.url}/1/members/me", header]) == [401, words]


@pytest.mark.console_errors_expected
def test_an_address_that_was_not_allowed_gets_no_token(trello: World, application: str, page: Page) -> None:
    trello.trello.options.power_up.allowed_origins = ()
    page.goto(address(trello, application))
    expect(page.get_by_text("Invalid return_url")).to_be_visible()
    assert trello.store.shelves.tokens == {}


def test_ada_denies(trello: World, application: str, page: Page) -> None:
    page.goto(address(trello, application))
    page.get_by_role("button", name="Deny").click()
    page.wait_for_url(f"{application}/back#error=*")


def test_a_popup_tells_its_opener(trello: World, application: str, page: Page) -> None:
    page.goto(f"{application}/opener")
    with page.expect_popup() as popup:
        page.evaluate("(url) => { window.open(url) }", address(trello, application, "postMessage"))
    popup.value.get_by_role("button", name="Allow").click()
    page.wait_for_function("document.title.startsWith('ATTA')")
    assert page.title().endswith(f" from {trello.url}")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_is_accessible(trello: World, application: str, open_page: Callable[..., Page], scheme: str) -> None:
    page = open_page(color_scheme=scheme)
    page.goto(address(trello, application))
    assert Axe().run(page).violations_count == 0
