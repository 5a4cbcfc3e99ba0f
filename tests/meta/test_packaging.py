"""pyproject.toml, the Makefile and the lock say what they must."""

import re
import tomllib

import pytest

from powerup import __version__
from tests.meta.files import ROOT, text, tracked

PROJECT = tomllib.loads(text("pyproject.toml"))
LAYERS = next(contract["layers"] for contract in PROJECT["tool"]["importlinter"]["contracts"] if contract["name"] == "One direction")


def test_each_dependency_says_why_it_is_there() -> None:
    named = [*PROJECT["build-system"]["requires"], *PROJECT["project"]["dependencies"]]
    named += [one for extra in PROJECT["project"]["optional-dependencies"].values() for one in extra]
    lines = text("pyproject.toml").splitlines()
    assert [one for one in named if not any(re.search(rf'"{re.escape(one)}"[\],]* # \w.{{10,}}', line) for line in lines)] == []


def test_each_dependency_has_a_lower_and_an_upper_bound() -> None:
    named = [*PROJECT["project"]["dependencies"], *PROJECT["project"]["optional-dependencies"]["dev"]]
    assert [one for one in named if not re.search(r"==|>=[\d.]+,<", one)] == []


def test_the_version_is_written_the_same_twice() -> None:
    assert PROJECT["project"]["version"] == __version__


@pytest.mark.parametrize("table, key", [("lint", "ignore"), ("lint", "per-file-ignores")])
def test_each_exception_from_a_rule_is_explained(table: str, key: str) -> None:
    value = PROJECT["tool"]["ruff"][table][key]
    codes = value if isinstance(value, list) else [code for codes in value.values() for code in codes]
    for code in codes:
        assert re.search(rf'"{code}"[\],]* # \w', text("pyproject.toml")), code


def test_each_target_of_the_makefile_is_listed_by_help() -> None:
    makefile = text("Makefile")
    phony = re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)
    assert phony
    assert set(phony[1].split()) == set(re.findall(r"^([a-z]+):.*## \w", makefile, re.MULTILINE))
    assert {"help", "demo", "test", "lint", "bench"} <= set(phony[1].split())


def test_each_room_has_its_place_in_the_layers() -> None:
    placed = {word.strip("()") for layer in LAYERS for word in re.split(r"[|:\s]+", layer)}
    rooms = {".".join(path.split("/")[:2]).removesuffix(".py") for path in tracked() if re.fullmatch(r"powerup/\w+(\.py|/.*\.py)", path)}
    assert rooms - {"powerup.__init__"} - placed == set()


def test_the_contracts_that_the_design_asks_for_are_there() -> None:
    kinds = {contract["type"] for contract in PROJECT["tool"]["importlinter"]["contracts"]}
    assert {"layers", "forbidden", "protected", "independence"} <= kinds


def test_the_lock_names_no_addresses_and_has_checksums() -> None:
    lock = text("package-lock.json")
    assert '"resolved"' not in lock
    assert lock.count('"integrity"') >= 20


def test_the_scripts_of_ci_can_be_run() -> None:
    assert (ROOT / ".ci/run").stat().st_mode & 0o111
    assert "make lint" in text(".ci/run") and "make test" in text(".ci/run")
