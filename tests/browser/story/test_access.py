"""For everybody: rules of accessibility, the keyboard alone, a narrow window, the dark."""

import re
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # it has none
from playwright.sync_api import Frame, Page, expect

from tests.browser.story.stage import Board, Stage, pictured

POPUP = ".popup iframe"
SECTION = ".powerup-sections iframe"
NARROW = 320


LEVELS = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
GROUND = """(frame) => {
    let place = frame.parentElement;
    while (place && getComputedStyle(place).backgroundColor === 'rgba(0, 0, 0, 0)') place = place.parentElement;
    return getComputedStyle(place).backgroundColor;
}"""
"""Our frames are transparent: words stand on the ground of the host's page, which axe does not see from inside."""


def problems(frame: Frame) -> list[str]:
    """What axe finds wrong in a frame, in a line each."""
    ground = frame.frame_element().evaluate(GROUND)
    frame.evaluate("(ground) => { document.documentElement.style.background = ground; }", ground)
    # Preloading would fetch style sheets from where our policy allows no fetch.
    found = Axe().run(frame, options={"runOnly": LEVELS, "preload": False}).response
    return [f"{rule['id']}: {node['target']} {node['html'][:160]}" for rule in found["violations"] for node in rule["nodes"]]


def open_link(board: Board) -> Frame:
    board.press("Link a thread")
    popup = board.popup("Link a thread")
    popup.get_by_role("combobox").fill("timeout")
    expect(popup.get_by_role("option").first).to_be_visible()
    return board.frame(POPUP)


def open_resolve(board: Board) -> Frame:
    board.press("Resolve")
    board.popup("Resolve").get_by_role("radio", name=re.compile("^Code fix")).check()
    return board.frame(POPUP)


def open_settings(board: Board) -> Frame:
    board.page.get_by_role("button", name="Close card").click()
    expect(board.settings().get_by_text("Northwind Community")).to_be_visible()
    return board.frame(POPUP)


def stay(board: Board) -> Frame:
    return board.frame(SECTION)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_rule_of_accessibility_is_broken(stage: Stage, theme: str) -> None:
    """A long thread with staff, notes, code and images, then each popup over it."""
    board = stage.open_board()
    if theme == "dark":
        board.page.get_by_role("button", name="Dark", exact=True).click()
    section = board.open_card("Agent gives up when the balancer rejects its TLS session ticket")
    expect(section.get_by_role("article").first).to_be_visible()
    found: dict[str, list[str]] = {}
    places: tuple[Callable[[Board], Frame], ...] = (stay, open_link, open_resolve, open_settings)
    for place in places:
        frame = place(board)
        found[place.__name__] = problems(frame)
        pictured(board.page, f"access-{theme}-{place.__name__}")
        if place is not stay:
            board.page.get_by_role("button", name="Close popup").click()
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


def test_dark_is_dark_inside_the_frames_too(stage: Stage) -> None:
    board = stage.open_board()
    board.page.get_by_role("button", name="Dark", exact=True).click()
    section = board.open_card("Agent memory grows by 400 MB a day")
    expect(section.get_by_role("article").first).to_be_visible()
    darkness = "() => [document.body, document.querySelector('closeloop-message')].map((one) => getComputedStyle(one).color)"
    for colour in board.frame(SECTION).evaluate(darkness):
        assert min(int(part) for part in re.findall(r"\d+", colour)[:3]) > 120, f"dark words on a dark ground: {colour}"
    ground = board.frame(SECTION).evaluate("() => getComputedStyle(document.documentElement).colorScheme")
    assert "dark" in ground


def tab_to(page: Page, is_there: Callable[[], bool]) -> None:
    """Press Tab until the focus is where it should be."""
    for _ in range(60):
        if is_there():
            return
        page.keyboard.press("Tab")
    raise AssertionError("Tab does not lead there")


def test_link_and_resolve_by_keyboard_alone(stage: Stage) -> None:
    topic = stage.new_thread("Only a keyboard is at hand")
    card = stage.new_card("A card for a keyboard")
    board = stage.open_board()
    page = board.page
    link = page.get_by_role("link", name=card.name, exact=True)
    link.focus()
    page.keyboard.press("Enter")
    button = page.get_by_role("region", name="Power-Ups").get_by_role("button", name="Link a thread")
    expect(button).to_be_visible()
    tab_to(page, lambda: bool(button.evaluate("one => one === document.activeElement")))
    page.keyboard.press("Enter")
    popup = board.popup("Link a thread")
    expect(popup.get_by_role("combobox")).to_be_focused()
    page.keyboard.insert_text("only a keyboard")
    expect(popup.get_by_role("option", selected=True)).to_contain_text(topic.title)
    page.keyboard.press("Enter")
    board.expect_closed("Link a thread")
    expect(board.section.get_by_role("heading", name=topic.title)).to_be_visible()

    button = page.get_by_role("region", name="Power-Ups").get_by_role("button", name="Resolve")
    tab_to(page, lambda: bool(button.evaluate("one => one === document.activeElement")))
    page.keyboard.press("Enter")
    popup = board.popup("Resolve")
    expect(popup.get_by_role("radio").first).to_be_focused()
    page.keyboard.press("3")
    page.keyboard.press("Tab")
    page.keyboard.insert_text("https://docs.example.org/timeouts")
    page.keyboard.press("Control+Enter")
    board.expect_closed("Resolve")
    expect(board.section.get_by_text("Docs by Ada Okafor")).to_be_visible()


@pytest.mark.parametrize("place", [stay, open_link, open_resolve, open_settings])
def test_a_narrow_frame_has_no_sideways_scroll(stage: Stage, place: Callable[[Board], Frame]) -> None:
    board = stage.open_board()
    section = board.open_card("Agent gives up when the balancer rejects its TLS session ticket")
    expect(section.get_by_role("article").first).to_be_visible()
    frame = place(board)
    frame.frame_element().evaluate("(frame, width) => { frame.style.width = `${width}px`; }", NARROW)
    frame.wait_for_function("width => document.documentElement.clientWidth <= width", arg=NARROW)
    pictured(board.page, f"narrow-{place.__name__}")
    assert frame.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
