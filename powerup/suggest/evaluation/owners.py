"""How often the right owner is the first suggestion, or among the first three."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from time import process_time

from powerup.suggest.document import Document
from powerup.suggest.evaluation.datasets import Dataset, Row, read
from powerup.suggest.evaluation.figures import Figure
from powerup.suggest.evaluation.naive import NaiveBayes
from powerup.suggest.owners import OwnerModel

_AREAS = 20
"""Of rust_issues' areas the most frequent ones of the train part are asked about, as in the data set's own baseline."""


@dataclass(frozen=True, slots=True)
class Task:
    """What is an owner here, and what must be reached (top-1, top-3)."""

    dataset: str
    name: str
    owners: Callable[[Row], list[str]]
    goals: tuple[float, float] | None = None
    in_place: bool = False
    """The forum is known when the thread arrives, and not what is asked for."""


TASKS = (
    Task("rust_issues", "owner: area", lambda row: list(row["areas"]), (0.70, 0.90)),
    Task("corefx_areas", "owner: area", lambda row: [row["area"]], (0.75, 0.90)),
    Task("oem_forum", "owner: forum", lambda row: [row["forum"]]),
    Task("oem_forum", "owner: person", lambda row: [row["main_helper"]] if row["main_helper"] else [], in_place=True),
)


def figures(folder: Path, part: str) -> Iterator[Figure]:
    """All figures of one part; nothing of it is learnt while it is measured."""
    for task in TASKS:
        if dataset := read(folder, task.dataset, part):
            yield from _measure(task, dataset)


def _measure(task: Task, dataset: Dataset) -> Iterator[Figure]:
    often = Counter(owner for row in dataset.learnt for owner in task.owners(row))
    chosen = {owner for owner, _ in often.most_common(_AREAS if task.dataset == "rust_issues" else None)}
    model, naive = OwnerModel(), NaiveBayes()
    learnt = [(row, owners) for row in dataset.learnt if (owners := [each for each in task.owners(row) if each in chosen])]
    asked = [(row, right) for row in dataset.asked if (right := chosen.intersection(task.owners(row)))]
    if not learnt or not asked:
        return
    # Time of the processor, not of the wall: what else the machine does is not measured.
    started = process_time()
    for row, owners in learnt:
        for owner in owners:
            model.learn(_document(row, task), owner)
    learning = process_time() - started
    for row in dataset.learnt:
        # Rows without an owner too: the data sets' own baseline knows their words.
        naive.learn(row["title"], row["body"], [each for each in task.owners(row) if each in chosen])
    simple = [(naive.ranked(row["title"], row["body"]), right) for row, right in asked]
    started = process_time()
    found = [([each.owner for each in model.suggest(_document(row, task))], right) for row, right in asked]
    asking = process_time() - started
    for at, most in enumerate((1, 3)):
        goal = task.goals[at] if task.goals else None
        yield Figure(task.dataset, task.name, f"top-{most}", _hits(found, most), len(asked), _hits(simple, most), goal)
    yield Figure(task.dataset, task.name, "ms a suggestion", 1000 * asking / len(asked), len(asked), None, None)
    yield Figure(task.dataset, task.name, "seconds to learn", learning, sum(len(owners) for _, owners in learnt), None, None)


def _document(row: Row, task: Task) -> Document:
    return Document(row["title"], row["body"], row.get("author"), row["forum"] if task.in_place else None)


def _hits(found: list[tuple[list[str], set[str]]], most: int) -> float:
    return sum(bool(right & set(ranked[:most])) for ranked, right in found) / len(found)
