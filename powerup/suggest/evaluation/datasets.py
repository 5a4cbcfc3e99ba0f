"""Reads the data sets that a folder has: `<name>.train.jsonl` to learn from, `<name>.<part>.jsonl` to be asked about."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

NAMES = ("rust_issues", "corefx_areas", "oem_forum")
LEARNT = "train"

Row = dict[str, Any]


class DatasetError(Exception):
    """A folder or a part is not there, or a file cannot be read; the message says which."""


@dataclass(frozen=True, slots=True)
class Dataset:
    """The rows to learn, oldest first, and the newer rows to be asked about."""

    name: str
    learnt: list[Row]
    asked: list[Row]


def missing(folder: Path, part: str) -> list[str]:
    """The data sets that the folder does not have in full."""
    return [name for name in NAMES if not all(path.is_file() for path in _paths(folder, name, part))]


def read(folder: Path, name: str, part: str) -> Dataset | None:
    """A data set; None when the folder does not have it."""
    paths = _paths(folder, name, part)
    return Dataset(name, *(_rows(path) for path in paths)) if all(path.is_file() for path in paths) else None


def check(folder: Path, part: str) -> None:
    """Raise `DatasetError` when there is nothing to measure."""
    if not folder.is_dir():
        raise DatasetError(f"there is no folder {folder}; --data says where the data sets are")
    if part == LEARNT:
        raise DatasetError(f"--part {LEARNT} is what is learnt from; choose a part that is not, for example test")
    if len(missing(folder, part)) == len(NAMES):
        wanted = ", ".join(f"{name}.{part}.jsonl" for name in NAMES)
        raise DatasetError(
            f"{folder} has no data set with the parts {LEARNT} and {part} (looked for {wanted}, each with its {LEARNT} part)"
        )


def _paths(folder: Path, name: str, part: str) -> tuple[Path, Path]:
    return folder / f"{name}.{LEARNT}.jsonl", folder / f"{name}.{part}.jsonl"


def _rows(path: Path) -> list[Row]:
    rows = []
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            try:
                rows.append(json.loads(line))
            except ValueError as error:
                raise DatasetError(f"{path}, line {number}: not JSON ({error})") from error
    return rows
