"""The box for an address or words never links what was not meant."""

from collections.abc import Callable
from typing import Any

from flask import Request
from playwright.sync_api import Page, expect

from tests.browser.frontend.conftest import Server
from tests.browser.frontend.test_parts import link
from tests.helpers import wait_for

Run = Callable[..., Any]
FORUMS = [{"id": 1, "kind": "discourse", "name": "Forum", "base_url": "https://forum.test"}]
SESSION = {"token": "t", "expires_in": 600, "board": {"connected": True}, "forums": FORUMS}
ASIDE = """async (load) => {
  await load('elements/closeloop-picker.js');
  const { ApiClient } = await load('lib/api.js');
  const { Session } = await load('lib/session.js');
  const picker = document.createElement('closeloop-picker');
  document.querySelector('main').append(picker);
  window.picked = [];
  addEventListener('closeloop-picked', ({ detail }) => picked.push(detail.ticket.subject));
  const api = new ApiClient(new Session(async () => 'jwt'));
  // Answers come when the test lets them.
  window.gates = [];
  for (const name of ['get', 'post']) {
    const ask = api[name].bind(api);
    api[name] = async (path, ...more) => {
      if (!path.includes('q=&')) await new Promise((resolve) => gates.push(resolve));
      return ask(path, ...more);
    };
  }
  window.begin = () => { picker.setup = { api, forums: %s, linked: new Set(), recent: true }; };
}"""


def ticket(subject: str, number: int) -> dict[str, Any]:
    """A thread's summary."""
    return {**link([], subject=subject)["ticket"], "id": number}


def prepare(run: Run, server: Server) -> None:
    """A picker without its setup, and an API that knows three threads."""

    def tickets(asked: Request) -> dict[str, Any]:
        words = asked.args["q"]
        found = [ticket("Recent one", 1), ticket("Recent two", 2)]
        return {"tickets": [ticket(f"About {words}", 3)] if words else found, "next_cursor": None}

    looked_up = {"ticket": ticket("The pasted one", 4)}
    server.answers = {"POST /session": SESSION, "GET /tickets": tickets, "POST /ticket-lookups": looked_up}
    run(ASIDE.replace("%s", str(FORUMS)))


def answer(page: Page, questions: int = 1) -> None:
    """Let the questions go through that wait, once there are so many."""
    wait_for(lambda: page.evaluate("gates.length") >= questions, what="the question")
    page.evaluate("gates.splice(0).forEach((open) => open())")


def test_what_is_pasted_and_entered_before_the_setup_is_what_is_linked(run: Run, server: Server, page: Page) -> None:
    prepare(run, server)
    box = page.get_by_role("combobox")
    box.fill("https://forum.test/t/4")
    box.press("Enter")
    page.evaluate("begin()")
    expect(page.get_by_role("option")).to_have_count(0)
    answer(page)
    assert wait_for(lambda: page.evaluate("picked"), what="the choice") == ["The pasted one"]


def test_nothing_is_marked_while_an_answer_is_awaited(run: Run, server: Server, page: Page) -> None:
    prepare(run, server)
    page.evaluate("begin()")
    box = page.get_by_role("combobox")
    expect(page.get_by_role("option")).to_have_count(2)
    expect(page.get_by_role("option", selected=True)).to_have_count(0)
    box.press("ArrowDown")
    expect(page.get_by_role("option", selected=True)).to_contain_text("Recent one")
    box.fill("nightly")
    expect(page.get_by_role("option", selected=True)).to_have_count(0)
    box.press("ArrowDown")
    expect(page.get_by_role("option", selected=True)).to_have_count(0)
    answer(page)
    expect(page.get_by_role("option", selected=True)).to_contain_text("About nightly")
    assert page.evaluate("picked") == []
    box.press("Enter")
    assert page.evaluate("picked") == ["About nightly"]


def test_enter_is_for_the_text_it_was_pressed_at(run: Run, server: Server, page: Page) -> None:
    prepare(run, server)
    page.evaluate("begin()")
    box = page.get_by_role("combobox")
    box.fill("https://forum.test/t/4")
    box.press("Enter")
    box.fill("nightly")
    answer(page, questions=2)
    expect(page.get_by_role("option", selected=True)).to_contain_text("About nightly")
    assert page.evaluate("picked") == []
