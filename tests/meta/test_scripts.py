"""The Makefile's helpers: the progress line, the search for a Chromium and for a Python."""

import os
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest

from scripts import ensure_chromium, progress
from tests.meta.files import ROOT


@pytest.mark.parametrize(
    "line, said",
    [
        ("Collecting sqlalchemy<2.2,>=2.1\n", "sqlalchemy"),
        ("  Downloading nh3-0.3.8-cp38-abi3-manylinux.whl (800 kB)\n", "nh3-0.3.8-cp38-abi3-manylinux.whl"),
        ("Collecting PyJWT[crypto]\n", "PyJWT"),
        ("Setting up chromium (156.0)\n", "chromium"),
        ("Requirement already satisfied: flask\n", None),
    ],
)
def test_the_progress_line_names_what_is_worked_on(line: str, said: str | None) -> None:
    assert progress.telling(line) == said


def test_a_command_that_works_leaves_one_line_and_none_of_its_output() -> None:
    out = StringIO()
    assert progress.run("Working", [sys.executable, "-c", "print('noise')"], out) == 0
    assert "Working: done in" in out.getvalue()
    assert "noise" not in out.getvalue()


def test_a_command_that_fails_shows_what_it_said() -> None:
    out = StringIO()
    assert progress.run("Working", [sys.executable, "-c", "print('the reason'); raise SystemExit(3)"], out) == 3
    assert "the reason" in out.getvalue()
    assert "FAILED" in out.getvalue()


def test_a_chromium_that_was_named_and_does_not_start_is_refused_with_the_mend(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CLOSELOOP_CHROMIUM", "/nowhere/chromium")
    assert ensure_chromium.main() == 1
    assert "/nowhere/chromium" in capsys.readouterr().err


def test_a_chromium_that_was_named_is_taken(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CLOSELOOP_CHROMIUM", str(_program(tmp_path / "browser", "exit 0")))
    assert ensure_chromium.find() == str(tmp_path / "browser")


def test_an_old_python_is_named_with_what_is_needed(tmp_path: Path) -> None:
    _program(tmp_path / "python3", 'case "$2" in *version_info*exit*|*sys.exit*) exit 1;; *) echo 3.9;; esac')
    asked = _find_python(tmp_path)
    assert asked.returncode == 1
    assert "needs Python 3.11 or newer, and python3 is 3.9" in asked.stderr


def test_no_python_at_all_is_one_clear_line(tmp_path: Path) -> None:
    asked = _find_python(tmp_path)
    assert asked.returncode == 1
    assert asked.stderr.startswith("Closeloop: needs Python 3.11 or newer, and found none.")
    assert len(asked.stderr.splitlines()) == 1


def test_a_python_without_venv_says_which_package_is_missing(tmp_path: Path) -> None:
    _program(tmp_path / "python3.11", 'case "$2" in *ensurepip*) exit 1;; *sys.exit*) exit 0;; *) echo 3.11;; esac')
    assert "python3-venv" in _find_python(tmp_path).stderr


def _find_python(path: Path) -> subprocess.CompletedProcess[str]:
    """Run the search where only this folder is on the PATH."""
    script = ["/bin/sh", str(ROOT / "scripts/find_python.sh")]
    return subprocess.run(script, env={**os.environ, "PATH": str(path), "PYTHON": ""}, capture_output=True, text=True, check=False)


def _program(path: Path, body: str) -> Path:
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)
    return path
