"""Similar threads are measured as they would be asked for: among earlier threads only, and without a look at the answers."""

import json
from pathlib import Path
from typing import Any

import pytest

from powerup.suggest.evaluation.bm25 import BM25, words
from powerup.suggest.evaluation.figures import Figure
from powerup.suggest.evaluation.similar import figures


def issue(number: int, day: str, title: str, body: str = "", **more: Any) -> dict[str, Any]:
    common = {"dup_of": None, "dup_confidence": None, "dup_marked_at": None, "recurs_after_close": False, "author": "u1"}
    return {"id": number, "created_at": f"{day}T10:00:00Z", "title": title, "body": body, **common, **more}


def same(number: int, day: str) -> dict[str, Any]:
    return {"dup_of": number, "dup_confidence": "high", "dup_marked_at": f"{day}T12:00:00Z"}


def write(folder: Path, name: str, part: str, rows: list[dict[str, Any]]) -> None:
    (folder / f"{name}.{part}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    learnt = [
        issue(1, "2026-01-01", "Kettle whistles", "A high note."),
        issue(2, "2026-01-02", "Toaster burns the bread"),
        issue(3, "2026-01-03", "Fridge hums at night"),
        issue(4, "2026-01-04", "Whistling kettle", **same(1, "2026-01-05")),
    ]
    asked = [
        issue(5, "2026-02-01", "My kettle is whistling", **same(1, "2026-02-02"), recurs_after_close=True),
        issue(6, "2026-02-02", "The lamp flickers", **same(7, "2026-02-04")),
        issue(7, "2026-02-03", "Lamp flickering"),
        issue(8, "2026-02-04", "Humming fridge", **same(3, "2026-02-05")),
    ]
    write(tmp_path, "rust_issues", "train", learnt)
    write(tmp_path, "rust_issues", "test", asked)
    return tmp_path


def by_measure(folder: Path, part: str) -> dict[tuple[str, str], Figure]:
    return {(figure.task, figure.measure): figure for figure in figures(folder, part)}


def test_duplicates_of_earlier_threads_are_counted(folder: Path) -> None:
    measured = by_measure(folder, "test")

    five = measured["duplicates", "recall@5"]
    assert (five.n, five.value, five.goal) == (2, 1.0, 0.55), "6 is a duplicate of a later thread, which nobody could have found"
    assert five.baseline == 1.0
    assert measured["recurrences after close", "recall@5"].n == 1
    assert measured["duplicates", "ms a question, of processor time"].n == 4
    assert {measure for _, measure in measured} >= {"recall@1", "recall@5", "recall@10", "recall@20"}


def test_parts_between_are_there_to_be_found(folder: Path) -> None:
    write(folder, "rust_issues", "heldout", [issue(9, "2026-03-01", "Lamp flickers again", **same(6, "2026-03-02"))])

    five = by_measure(folder, "heldout")["duplicates", "recall@5"]

    assert (five.n, five.value) == (1, 1.0)


def test_related_threads_of_a_forum_are_counted(tmp_path: Path) -> None:
    def thread(number: int, day: str, title: str, refs: list[int]) -> dict[str, Any]:
        posts = [{"at": f"{day}T11:00:00Z", "text": f"see /node/{ref}"} for ref in refs]
        row = issue(number, day, title)
        return {**row, "forum": "Help", "refs_threads": refs, "posts": posts}

    write(tmp_path, "oem_forum", "train", [thread(1, "2026-01-01", "Kettle whistles", []), thread(2, "2026-01-02", "Kettle hot", [1])])
    write(tmp_path, "oem_forum", "test", [thread(3, "2026-02-01", "Kettle is whistling", [1])])

    five = by_measure(tmp_path, "test")["related threads", "recall@5"]

    assert (five.dataset, five.value, five.n, five.goal) == ("oem_forum", 1.0, 1, None)


def test_a_folder_without_data_has_no_figures(tmp_path: Path) -> None:
    assert list(figures(tmp_path, "test")) == []


def test_the_baseline_counts_subject_words_three_times_and_prefers_rare_ones() -> None:
    baseline = BM25()
    baseline.add(1, words("Kettle", "whistles"))
    baseline.add(2, words("Other", "kettle whistles whistles"))
    baseline.add(3, words("Other", "thing"))

    assert words("Kettle", "is hot") == ["kettle", "kettle", "kettle", "hot"]
    assert baseline.top(["kettle"], 2) == [1, 2]
    assert baseline.top(["unicorn"], 2) == []
