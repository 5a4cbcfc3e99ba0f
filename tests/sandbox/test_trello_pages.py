"""The authorize page of the Trello double in a real browser.

The page comes last among the fixtures, so that it is closed before its servers stop.
"""

from collections.abc import Callable, Iterator
from urllib.parse import urlencode

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # it has none
from flask import Flask
from playwright.sync_api import Page, expect

from powerup.sandbox.common.server import ThreadedServer
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
