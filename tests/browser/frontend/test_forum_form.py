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


def kind(name: str, *fields: dict[str, Any], anonymous: bool, **more: Any) -> dict[str, Any]:
    about = {"label": name, "features": [], "cannot": {}, "address_help": f"Where {name} is.", "hook_help": f"In {name}'s settings."}
    return {"kind": name, "anonymous": anonymous, "credential_fields": list(fields), **about, **more}


@pytest.fixture
def shown(run: Run, server: Server) -> None:
    server.answers["POST /session"] = {"token": "t", "expires_in": 600, "board": {"connected": True}}
    secure = field("security", required=True, choices=["tls", "starttls"])
    cannot = {"internal_note": "Everybody reads all of it.", "signed_webhook": "It signs nothing."}
    closed = kind("closed", secure, field("folder"), anonymous=False, cannot=cannot)
    run(SHOW, [kind("open", field("key", secret=True), anonymous=True, features=["webhook", "signed_webhook"]), closed])


def test_each_kind_has_its_own_fields_and_words(shown: None, page: Page) -> None:
    expect(page.get_by_text("Where open is.")).to_be_visible()
    expect(page.get_by_text("Without a key what is public can be read.")).to_be_visible()
    expect(page.get_by_label("Key", exact=True)).to_have_attribute("type", "password")
    page.get_by_label("Kind").select_option("closed")
    expect(page.get_by_text("Without a key what is public can be read.")).to_have_count(0)
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


def test_what_a_kind_cannot_do_is_said_before_it_is_connected(shown: None, page: Page) -> None:
    expect(page.get_by_text("What is not possible with")).to_have_count(0)
    page.get_by_label("Kind").select_option("closed")
    page.get_by_text("What is not possible with closed").click()
    expect(page.get_by_text("Internal notes: Everybody reads all of it.")).to_be_visible()


def test_a_secret_is_asked_for_only_where_webhooks_are_signed(shown: None, page: Page) -> None:
    expect(page.get_by_label("Webhook secret")).to_be_visible()
    page.get_by_label("Kind").select_option("closed")
    expect(page.get_by_label("Webhook secret")).to_have_count(0)


BOX = """async (load, [kind, more]) => {
  const { ApiClient } = await load('lib/api.js');
  const { Session } = await load('lib/session.js');
  await load('elements/closeloop-forum.js');
  const box = document.createElement('closeloop-forum');
  const forum = { id: 1, kind: kind.kind, name: 'Desk', base_url: 'https://desk.example.org', state: 'working', features: [], missing: {},
    webhook_url: 'https://closeloop.example.org/webhooks/forums/x', webhook_secret_set: false, ticket_count: 0, backfill: null, ...more };
  box.setup = { api: new ApiClient(new Session(async () => 'jwt')), forum, kind, isAdmin: true };
  document.querySelector('main').replaceChildren(box);
}"""


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({}, "No secret is set: choose Edit"),
        ({"webhook_secret_set": True}, "The secret is set."),
        ({"missing": {"signed_webhook": "It signs nothing, so keep the address secret."}}, "It signs nothing, so keep the address secret."),
    ],
    ids=["none", "set", "unsigned"],
)
def test_the_box_says_how_a_webhook_is_set_up(run: Run, page: Page, more: dict[str, Any], says: str) -> None:
    run(BOX, [kind("open", anonymous=True), more])
    expect(page.get_by_text(says).last).to_be_visible()
    page.get_by_text("How to set it up").click()
    expect(page.get_by_text("In open's settings.")).to_be_visible()


def test_a_kind_without_webhooks_shows_no_address(run: Run, page: Page) -> None:
    run(BOX, [kind("quiet", anonymous=True), {"missing": {"webhook": "It sends none."}}])
    expect(page.get_by_text("It sends none.").last).to_be_visible()
    expect(page.get_by_label("Webhook address")).to_have_count(0)
