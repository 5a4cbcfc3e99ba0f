"""The project's own rules of shape hold."""

import re
from pathlib import PurePosixPath

import pytest

from tests.meta.files import text, tracked

MOST_LINES = 400
LONG_BY_NATURE = (
    "package-lock.json",
    "static/vendor/",
    "LICENSE",
    "docs/settings.md",
    "CHANGELOG.md",
    "powerup/db/migrations/versions/",
    # Power-Ups load Trello's library as one classic script, so the stand-in for it is one too.
    "powerup/sandbox/trello/host/power-up.js",
)
WAITING = "tests/helpers.py"
"""The one file of the tests that may sleep, inside `wait_for`."""

RUNS_TESTS = re.compile(r"(^|/)tests/.*\.py$")


def test_no_file_is_too_long_to_read() -> None:
    long = {path: len(text(path).splitlines()) for path in tracked() if not path.startswith(LONG_BY_NATURE)}
    assert {path: lines for path, lines in long.items() if lines > MOST_LINES} == {}


def test_tests_wait_on_a_state_and_never_sleep() -> None:
    sleepy = re.compile(r"\b(sleep|wait_for_timeout)\(")
    pages = [path for path in tracked() if RUNS_TESTS.search(path) and path not in (WAITING, "tests/meta/test_shape.py")]
    assert [path for path in pages if sleepy.search(text(path))] == []
    assert len(sleepy.findall(text(WAITING))) == 1


def test_each_folder_of_tests_is_a_package_so_that_names_may_repeat() -> None:
    folders = {PurePosixPath(path).parent.as_posix() for path in tracked() if RUNS_TESTS.search(path)}
    assert {folder for folder in folders if f"{folder}/__init__.py" not in tracked()} == set()


@pytest.mark.parametrize("pattern", [r"except Exception\b", r"^[ \t]+(import \w+|from [\w.]+ import )"])
def test_what_the_style_forbids_is_rare_and_named(pattern: str) -> None:
    """Broad excepts and imports inside functions: only where the style allows one."""
    allowed = {r"except Exception\b": {"powerup/worker.py", "api/errors.py"}}.get(pattern, set())
    product = [path for path in tracked() if path.startswith(("api/", "powerup/")) and path.endswith(".py") and path not in allowed]
    found = [path for path in product if re.search(pattern, _code(path), re.MULTILINE)]
    assert found == []


def _code(path: str) -> str:
    """The text without what is in triple quotes, and without imports that are for type checkers only."""
    code = re.sub(r'""".*?"""', "", text(path), flags=re.DOTALL)
    return re.sub(r"^if TYPE_CHECKING:\n(?:    .*\n|\n)+", "", code, flags=re.MULTILINE)
