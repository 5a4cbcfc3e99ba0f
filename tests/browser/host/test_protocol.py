"""What the board refuses to hear, how long it waits, and what its log tells of both."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # it has none
from playwright.sync_api import Frame, Page, expect

from tests.browser.host.conftest import Desk

ASK = """([secret, context]) => new Promise((resolve) => {
    const facts = JSON.parse(decodeURIComponent(location.hash.slice(1)));
    const ask = (given, id) => parent.postMessage({ type: 'bulk', ...given, data: [{ type: 'request', data: {
        id, command: 'board', args: [{ fields: ['name'], context: { ...facts.context, ...context } }] } }] }, '*');
    window.addEventListener('message', ({ data }) => {
        for (const item of data.data ?? []) {
            if (item.data.to === 'ours') resolve(item.data);
            if (item.data.to === 'honest') resolve('no answer');
        }
    });
    ask(secret === 'none' ? {} : { secret: secret ?? facts.secret }, 'ours');
    ask({ secret: facts.secret }, 'honest');
})"""
"""Asks twice: as told, and honestly. Answers come in order, so an honest answer first means that the other was not heard."""


def section_frame(desk: Desk) -> Frame:
    desk.open_card()
    desk.section()
    return next(frame for frame in desk.page.frames if "section.html" in frame.url)


def test_an_honest_question_is_answered(desk: Desk) -> None:
    answer = section_frame(desk).evaluate(ASK, [None, {}])
    assert answer == {"to": "ours", "success": True, "response": {"name": "Support"}}


@pytest.mark.parametrize("secret", ["none", "wrong"])
def test_without_the_secret_nothing_is_heard(desk: Desk, secret: str) -> None:
    assert section_frame(desk).evaluate(ASK, [secret, {}]) == "no answer"
    desk.page.get_by_text("Power-Up log").click()
    expect(desk.page.get_by_role("row", name="wrong secret")).to_have_count(1)


def test_another_boards_context_is_refused(desk: Desk) -> None:
    answer = section_frame(desk).evaluate(ASK, [None, {"board": "5f00000000000000000bad00"}])
    assert answer["success"] is False
    assert answer["response"]["code"] == "invalid context"


def test_a_frame_that_the_board_did_not_open_is_not_heard(desk: Desk) -> None:
    section = section_frame(desk)
    url = section.url
    section.evaluate(
        """url => new Promise((resolve) => {
        const inner = document.body.appendChild(document.createElement('iframe'));
        inner.onload = resolve;
        inner.src = url.split('#')[0];
    })""",
        url,
    )
    inner = next(frame for frame in desk.page.frames if frame.parent_frame == section)
    inner.evaluate(
        """facts => top.postMessage({ type: 'request', secret: JSON.parse(decodeURIComponent(facts)).secret,
        data: { id: 'x', command: 'hideCard', args: [JSON.parse(decodeURIComponent(facts))] } }, '*')""",
        url.split("#")[1],
    )
    assert section.evaluate(ASK, [None, {}])["success"]
    expect(desk.page.locator(".card-layer")).to_be_visible()


def test_a_power_up_that_does_not_answer_is_given_up_and_logged(desk: Desk) -> None:
    page = desk.open()
    expect(page.get_by_role("button", name="Triage")).to_be_visible()
    page.get_by_role("button", name="Power-Ups").click()
    page.get_by_role("button", name="Remove personal settings").click()
    page.keyboard.press("Escape")
    page.get_by_text("Power-Up log").click()
    page.get_by_label("Only failures and slow answers").check()
    row = page.get_by_role("row", name="remove-data")
    expect(row).to_contain_text("timeout: no answer within 500 ms")


def test_a_dynamic_badge_is_asked_again_by_the_clock(desk: Desk) -> None:
    desk.page.clock.install()
    page = desk.open()
    badge = page.locator(".tile", has_text="Login loops").locator(".badge[data-color=red]")
    expect(badge).to_have_text("tick 2")
    page.clock.fast_forward(11_000)
    expect(badge).to_have_text("tick 5")


def problems(page: Page) -> list[Any]:
    found = Axe().run(page, options={"iframes": False}).response["violations"]
    return [(one["id"], [node["html"][:200] for node in one["nodes"]]) for one in found]


@pytest.mark.parametrize("theme", ["Light", "Dark"])
def test_the_board_and_a_card_have_no_accessibility_faults(desk: Desk, theme: str) -> None:
    page = desk.open()
    if theme == "Dark":
        page.get_by_role("button", name="Dark").click()
    expect(page.locator(".badge[data-color=red]").first).to_be_visible()
    assert problems(page) == []
    page.get_by_role("link", name="Runs fail at night").click()
    desk.section()
    assert problems(page) == []
    page.get_by_role("button", name="Find ticket").click()
    expect(page.get_by_role("dialog", name="Find a ticket").get_by_role("listitem")).to_have_count(3)
    assert problems(page) == []
