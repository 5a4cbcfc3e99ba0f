"""The form of a forum is made of what the server says of its kind."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.frontend.conftest import Server

Run = Callable[..., Any]
SHOW = """async (load, kinds) => {
  const { ApiClient } = await load('lib/api.js');
  const { Session } = await load('lib/session.js');
  await load('elements/closeloop-forum-form.js');
  const form = document.createElement('closeloop-forum-form');
  form.setup = { api: new ApiClient(new Session(async () => 'jwt')), kinds, forum: null };
  document.querySelector('main').replaceChildren(form);
}"""


def field(name: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "label": name.title(), "secret": False, "help": f"About {name}.", "required": False, "choices": [], **more}


def kind(name: str, *fields: dict[str, Any], anonymous: bool) -> dict[str, Any]:
    about = {"label": name, "features": [], "cannot": {}, "address_help": f"Where {name} is.", "hook_help": f"In {name}'s settings."}
    return {"kind": name, "anonymous": anonymous, "credential_fields": list(fields), **about}


@pytest.fixture
def shown(run: Run, server: Server) -> None:
    server.answers["POST /session"] = {"token": "t", "expires_in": 600, "board": {"connected": True}}
    secure = field("security", required=True, choices=["tls", "starttls"])
    run(SHOW, [kind("open", field("key", secret=True), anonymous=True), kind("closed", secure, field("folder"), anonymous=False)])


def test_each_kind_has_its_own_fields_and_words(shown: None, page: Page) -> None:
    expect(page.get_by_text("Where open is.")).to_be_visible()
    expect(page.get_by_text("Without a key a public forum can be read.")).to_be_visible()
    expect(page.get_by_label("Key", exact=True)).to_have_attribute("type", "password")
    page.get_by_label("Kind").select_option("closed")
    expect(page.get_by_text("Without a key a public forum can be read.")).to_have_count(0)
    expect(page.get_by_text("In closed's settings.")).to_be_visible()
    expect(page.get_by_label("Security").locator("option")).to_have_text(["tls", "starttls"])


def test_what_was_chosen_is_sent(shown: None, page: Page, server: Server) -> None:
    check = {"ok": True, "site_name": "S", "acting_as": None, "features": [], "missing": {}, "problems": []}
    server.answers["POST /forum-checks"] = check
    page.get_by_label("Kind").select_option("closed")
    page.get_by_label("Address of the forum").fill("desk.example.org")
    page.get_by_label("Security").select_option("starttls")
    page.get_by_role("button", name="Test connection").click()
    expect(page.get_by_text("The connection works.")).to_be_visible()
    [sent] = [body for question, body in server.asked if question == "POST /forum-checks"]
    assert (sent["kind"], sent["base_url"], sent["credentials"]) == ("closed", "desk.example.org", {"security": "starttls"})
