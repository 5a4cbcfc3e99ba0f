"""The scripted measurement measures what it says. No test here looks at a time."""

from playwright.sync_api import expect

from tests.bench.triage_page import Figures, clear, report
from tests.browser.triage.stage import Stage, numbered


def test_each_key_is_timed_and_every_thread_is_saved(stage: Stage) -> None:
    stage.threads(*numbered("No heartbeat", 6))
    page = stage.open()
    figures = clear(page, 6)
    assert len(figures.costs) == len(figures.scripts) == 6
    assert all(0 < script < cost for script, cost in zip(figures.scripts, figures.costs, strict=True))
    assert 0 < figures.typed_seconds <= figures.saved_seconds
    expect(page.get_by_role("heading", name="All done")).to_be_visible()
    assert stage.desk.rows() == []


def test_a_missed_mark_is_said() -> None:
    slow = Figures([80.0] * 3, [1.0] * 3, 1.0, 2.0)
    assert not slow.passed and "MISSED" in report(slow)
    fast = Figures([20.0] * 3, [1.0] * 3, 1.0, 2.0)
    assert fast.passed and "pass" in report(fast)
