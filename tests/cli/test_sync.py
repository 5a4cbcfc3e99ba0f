"""`closeloop sync`: history from the command line, with progress, resumable."""

import signal
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from powerup import clock
from powerup.cli.sync import bar, day
from powerup.forums.models import Forum
from powerup.sync.history import Backfiller
from tests.cli.conftest import Run
from tests.faults.workers import environment
from tests.helpers import run_closeloop, wait_for
from tests.scene import Scene
from tests.sync.past import backfill, begin, go_on, next_poll_in, poll, subjects, with_past


def test_it_reads_the_past_itself_and_says_so(scene: Scene, run: Run) -> None:
    titles = with_past(scene, 35)
    status, said = run("sync", "--since", "2020-01-01")
    assert status == 0
    assert set(subjects(scene)) == set(titles)
    assert "Help: done, all " in said and "since 01 January 2020 are here" in said


def test_without_a_day_it_polls_and_leaves_history_alone(scene: Scene, run: Run) -> None:
    next_poll_in(scene, hours=1)
    scene.thread("A new one")
    status, said = run("sync", "--forum", "help")
    assert (status, subjects(scene)) == (0, ["A new one"])
    assert "never asked for" in said


def test_pause_status_and_resume(scene: Scene, run: Run) -> None:
    with_past(scene, 5)
    next_poll_in(scene, hours=1)
    assert run("sync", "--since", "2020", "--detach", "--forum", str(scene.forum_row.id))[0] == 0
    assert (backfill(scene).state, subjects(scene)) == ("running", [])
    assert "paused" in run("sync", "--pause")[1]
    assert backfill(scene).state == "paused" and go_on(scene) == 0
    assert "paused" in run("sync", "--status")[1]
    status, said = run("sync", "--resume")
    assert (status, backfill(scene).state, len(subjects(scene))) == (0, "done", 5)
    assert "all 5 threads" in said


def test_who_reads_already_is_watched(scene: Scene, run: Run) -> None:
    with_past(scene, 3)
    next_poll_in(scene, hours=1)
    begin(scene)
    held = Backfiller(scene.services, "a worker").claim()
    assert held is not None

    status, said = run("sync", "--status")
    assert status == 0 and "running" in said
    Backfiller(scene.services, "a worker", wait=lambda _: None).work_on(held)
    assert run("sync", "--since", "2024")[0] == 0
    assert backfill(scene).state == "done"


def test_a_forum_that_cannot_be_read_is_told(scene: Scene, run: Run) -> None:
    scene.break_calls(scene.forum, status=500)
    status, said = run("sync")
    assert status == 1 and "cannot be read now" in said


def test_an_unknown_forum_is_answered_with_those_that_are_there(scene: Scene, run: Run) -> None:
    status, said = run("sync", "--forum", "nowhere")
    assert status == 2 and f"{scene.forum_row.id} “Help”" in said


def test_ctrl_c_ends_it_in_order_and_it_goes_on_later(scene: Scene) -> None:
    with_past(scene, 60)
    poll(scene)
    known = len(subjects(scene))
    with scene.services.database.write() as session:
        session.get_one(Forum, scene.forum_row.id).pace = 1.0
    with run_closeloop(["sync", "--since", "2020-01-01"], environment(scene.services.settings)) as command:
        wait_for(lambda: len(subjects(scene)) > known + 2, 30, "some threads")
        command.send(signal.SIGINT)
        wait_for(lambda: command.process.poll() is not None, 30, "the end")
        assert command.process.returncode == 130 and "goes on exactly here" in command.log
    left = backfill(scene)
    assert (left.state, left.lease_by) == ("running", None) and left.read == len(subjects(scene)) - known < 30
    # It also keeps to the pace that the forum asked for.
    with time_machine.travel(clock.now() + timedelta(minutes=1)):
        go_on(scene)
    assert len(subjects(scene)) == 60


@pytest.mark.parametrize(("text", "month"), [("2020", 1), ("2020-03", 3), ("2020-03-15", 3)])
def test_a_day_may_be_short(text: str, month: int) -> None:
    assert day(text) == datetime(2020, month, 15 if text.endswith("15") else 1, tzinfo=UTC)
    assert day(text) < clock.now()


def test_nonsense_is_no_day(run: Run) -> None:
    with pytest.raises(SystemExit):
        run("sync", "--since", "yesterday")


def test_a_bar_is_as_long_as_its_share() -> None:
    assert bar(None) == "[" + "-" * 24 + "]"
    assert bar(0.5).count("#") == 12 and bar(1.0).count("-") == 0
