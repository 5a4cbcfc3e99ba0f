"""What every page owes to everybody: legible in both themes, usable in a narrow frame, without a barrier."""

from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # it has none
from playwright.sync_api import Frame, Page

LOOKS = [
    {"viewport": {"width": 1280, "height": 800}},
    {"viewport": {"width": 304, "height": 700}},
    {"viewport": {"width": 1280, "height": 800}, "color_scheme": "dark"},
    {"viewport": {"width": 304, "height": 700}, "color_scheme": "dark"},
]
"""Options of a browser."""
NAMES = ["wide", "narrow", "wide and dark", "narrow and dark"]


def expect_no_barrier(page: Page | Frame) -> None:
    """Neither a violation that axe knows of, nor anything beside the window."""
    # A frame is a part of Trello's page, which has the first heading.
    rules = {"page-has-heading-one": {"enabled": isinstance(page, Page)}}
    found = Axe().run(page, options={"resultTypes": ["violations"], "rules": rules, "preload": False})
    assert found.violations_count == 0, found.generate_report()
    wide, window = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert wide <= window
