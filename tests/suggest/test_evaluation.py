"""`closeloop eval` measures what is there, says what is not, and never learns from what it asks about."""

from pathlib import Path

import pytest

from powerup.cli import main
from powerup.suggest.evaluation import owners
from powerup.suggest.evaluation.figures import Figure, table

HERE = Path(__file__).parent / "data"
REAL = Path(__file__).resolve().parents[2].parent / "shared/data/tickets"


def test_it_prints_a_table_and_names_what_is_missing(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["eval", "--data", str(HERE)]) == 0
    told = capsys.readouterr().out
    assert "oem_forum: left out" in told and "rust_issues: left out" in told
    row = next(line for line in told.splitlines() if line.startswith("corefx_areas") and "top-1" in line)
    assert "goal" in row and "baseline" in row
    assert "ms a suggestion" in told and "seconds to learn" in told


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (["--data", "/no/such/place"], "there is no folder /no/such/place"),
        (["--data", str(HERE), "--part", "later"], "later"),
        (["--data", str(HERE), "--part", "train"], "learnt from"),
    ],
)
def test_what_cannot_be_measured_is_one_line(words: list[str], problem: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["eval", *words]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith("closeloop: ") and problem in told.err and told.err.count("\n") == 1


def test_a_broken_file_is_named_with_its_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "corefx_areas.train.jsonl").write_text('{"id": 1}\nnot json\n')
    (tmp_path / "corefx_areas.test.jsonl").write_text("")
    assert main(["eval", "--data", str(tmp_path)]) == 2
    assert "corefx_areas.train.jsonl, line 2: not JSON" in capsys.readouterr().err


def test_a_missed_goal_matters_only_when_asked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    row = '{"id": %d, "area": "%s", "title": "%s", "body": ""}\n'
    (tmp_path / "corefx_areas.train.jsonl").write_text("".join(row % (n, "ab"[n % 2], "same words") for n in range(8)))
    (tmp_path / "corefx_areas.test.jsonl").write_text(row % (9, "a", "same words") + row % (10, "b", "same words"))
    assert main(["eval", "--data", str(tmp_path)]) == 0
    assert main(["eval", "--data", str(tmp_path), "--strict"]) == 1
    assert "goal missed" in capsys.readouterr().out


def test_the_order_of_the_questions_does_not_matter(tmp_path: Path) -> None:
    lines = (HERE / "corefx_areas.test.jsonl").read_text().splitlines(keepends=True)
    (tmp_path / "corefx_areas.train.jsonl").write_text((HERE / "corefx_areas.train.jsonl").read_text())
    told = []
    for order in (lines, lines[::-1]):
        (tmp_path / "corefx_areas.test.jsonl").write_text("".join(order))
        told.append({figure.measure: figure.value for figure in owners.figures(tmp_path, "test") if figure.measure.startswith("top")})
    assert told[0] == told[1]


def test_fewer_is_better_of_times_and_false_alarms() -> None:
    late = Figure("forum", "bursts", "false alarms per month", 0.6, 10, 0.7, 0.5)
    good = Figure("forum", "owner", "top-1", 0.6, 10, 0.6, 0.5)
    assert late.goal_missed and late.ahead == pytest.approx(0.1)
    assert not good.goal_missed and good.ahead == 0
    assert table([late, good]).splitlines()[1].endswith("beats the baseline, goal missed")
    assert table([late, good]).splitlines()[2].endswith("as the baseline, goal met")


@pytest.mark.skipif(not (REAL / "corefx_areas.test.jsonl").exists(), reason=f"the data sets are not in {REAL} (docs/suggestions.md)")
def test_the_goals_are_met_on_real_threads(tmp_path: Path) -> None:
    for part in ("train", "test"):
        (tmp_path / f"corefx_areas.{part}.jsonl").symlink_to(REAL / f"corefx_areas.{part}.jsonl")
    found = [figure for figure in owners.figures(tmp_path, "test") if figure.goal is not None]
    assert [figure.measure for figure in found if figure.goal_missed] == []
    assert len(found) == 2
