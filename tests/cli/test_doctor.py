"""`closeloop doctor` prints what it found, for people and for programs."""

import json

import pytest

from tests.cli.conftest import Run
from tests.scene import Scene


def test_people_read_signs_sentences_and_mends(scene: Scene, run: Run) -> None:
    scene.forum.store.options = scene.forum.store.options.model_copy(update={"whispers": False})
    run("sync")
    status, said = run("doctor", "--forum", "Help")
    assert status == 0
    assert "Installation\n  ok" in said and "Help (http://" in said
    assert "Internal notes: not allowed now." in said and "→ " in said and "whispers allowed groups" in said
    assert said.rstrip().endswith("steps.")


def test_programs_read_json_and_the_status(scene: Scene, run: Run) -> None:
    scene.forum.stop()
    status, said = run("doctor", "--json")
    found = json.loads(said)
    assert (status, found["ok"]) == (1, False)
    assert [section["forum_id"] for section in found["sections"]] == [None, scene.forum_row.id]
    assert {"name", "mark", "says", "mend"} == set(found["sections"][1]["steps"][0])


def test_settings_that_are_missing_are_a_finding(monkeypatch: pytest.MonkeyPatch, scene: Scene, run: Run) -> None:
    monkeypatch.delenv("CLOSELOOP_SECRET_KEY")
    status, said = run("doctor")
    assert status == 1 and "CLOSELOOP_SECRET_KEY" in said
