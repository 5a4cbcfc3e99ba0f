"""Are earlier threads about the same problem found? Each thread is asked for when it arrives, among those that came before.

The index knows the texts of all earlier threads, and confirmed pairs only from the part to learn from, as soon as they were marked:
nothing that people said of the threads in question is used but to count hits.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from time import process_time

from powerup.suggest.document import Document
from powerup.suggest.evaluation.bm25 import BM25, words
from powerup.suggest.evaluation.datasets import LEARNT, Row, read
from powerup.suggest.evaluation.figures import Figure
from powerup.suggest.similar import LIKELY, Similar, SimilarIndex

_DEPTHS = (1, 5, 10, 20)
_GOALS = {"rust_issues": 0.55}
"""Recall among the first five."""
_MILLISECONDS = 20.0
_TASKS = {"rust_issues": "duplicates", "oem_forum": "related threads"}


@dataclass(slots=True)
class _Counts:
    """What was found so far."""

    asked: int = 0
    found: Counter[int] = field(default_factory=Counter)
    found_by_baseline: Counter[int] = field(default_factory=Counter)
    recurring: int = 0
    recurring_found: int = 0
    recurring_found_by_baseline: int = 0
    seconds: float = 0.0
    questions: int = 0
    likely: int = 0
    likely_marked: int = 0


def figures(folder: Path, part: str) -> Iterator[Figure]:
    """Recall, time and the precision of "looks like" on each data set that the folder has."""
    for name in _TASKS:
        dataset = read(folder, name, part)
        if dataset is not None and dataset.asked:
            rows = [*dataset.learnt, *_between(folder, name, part, dataset.asked), *dataset.asked]
            yield from _table(name, _measured(name, rows, dataset.learnt, {row["id"] for row in dataset.asked}))


def _between(folder: Path, name: str, part: str, asked: list[Row]) -> list[Row]:
    """Rows of further parts that are older than those asked about: their texts are there to be found, nothing is learnt from them."""
    first = min(row["created_at"] for row in asked)
    parts = sorted(path.name.split(".")[1] for path in folder.glob(f"{name}.*.jsonl"))
    others = [read(folder, name, other) for other in parts if other not in (LEARNT, part)]
    return [row for other in others if other for row in other.asked if row["created_at"] < first]


def _measured(name: str, rows: list[Row], learnt: list[Row], asked: set[int]) -> _Counts:
    rows = sorted(rows, key=lambda row: (row["created_at"], row["id"]))
    same = _marked(rows)
    links = sorted(link for row in learnt for link in _links(name, row))
    index, baseline, counts = SimilarIndex(), BM25(), _Counts()
    for row in rows:
        while links and links[0][0] < row["created_at"]:
            index.join(*links.pop(0)[1:])
        document = Document(row["title"], row["body"], row["author"], row.get("forum"))
        at, said = datetime.fromisoformat(row["created_at"]), words(row["title"], row["body"])
        if row["id"] in asked:
            started = process_time()
            answers = index.similar(document, limit=max(_DEPTHS), at=at)
            counts.seconds += process_time() - started
            counts.questions += 1
            gold = [key for key in _gold(name, row) if key in index]
            if gold:
                _count(counts, row, gold, [answer.key for answer in answers], baseline.top(said, max(_DEPTHS)))
            _count_likely(counts, same.get(row["id"], set()), same, answers)
        index.add(row["id"], document, at)
        baseline.add(row["id"], said)
    return counts


def _count(counts: _Counts, row: Row, gold: list[int], answers: list[int | str], usual: list[int]) -> None:
    counts.asked += 1
    for depth in _DEPTHS:
        counts.found[depth] += bool(set(gold) & set(answers[:depth]))
        counts.found_by_baseline[depth] += bool(set(gold) & set(usual[:depth]))
    if row.get("recurs_after_close"):
        counts.recurring += 1
        counts.recurring_found += bool(set(gold) & set(answers[:5]))
        counts.recurring_found_by_baseline += bool(set(gold) & set(usual[:5]))


def _count_likely(counts: _Counts, marked: set[int], same: dict[int, set[int]], answers: list[Similar]) -> None:
    for answer in answers[:5]:
        if answer.likeness >= LIKELY and isinstance(answer.key, int):
            counts.likely += 1
            counts.likely_marked += answer.key in marked or bool(marked & same.get(answer.key, set()))


def _gold(name: str, row: Row) -> list[int]:
    """The threads that should be found."""
    if name == "oem_forum":
        return list(row["refs_threads"])
    return [row["dup_of"]] if row["dup_confidence"] == "high" else []


def _marked(rows: list[Row]) -> dict[int, set[int]]:
    """For each thread those that it, or another with it, was ever marked as the same problem as; both ways round."""
    pairs: dict[int, set[int]] = {}
    for row in rows:
        for other in [row["dup_of"]] if row.get("dup_of") else row.get("refs_threads", []):
            pairs.setdefault(row["id"], set()).add(other)
            pairs.setdefault(other, set()).add(row["id"])
    return pairs


def _links(name: str, row: Row) -> Iterator[tuple[str, int, int]]:
    """When a pair was confirmed, and the pair."""
    for original in _gold(name, row):
        if name == "rust_issues":
            yield row["dup_marked_at"], row["id"], original
            continue
        # A link's own time is not kept; posts are cut, so the one that has it may not be found. Then the last post's time is safe.
        posts = [post["at"] for post in row["posts"] if f"node/{original}" in post["text"]] or [post["at"] for post in row["posts"]]
        yield max(posts, default=row["created_at"]), row["id"], original


def _table(name: str, counts: _Counts) -> Iterator[Figure]:
    task, asked = _TASKS[name], counts.asked
    for depth in _DEPTHS:
        if asked:
            goal = _GOALS.get(name) if depth == 5 else None
            value, usual = counts.found[depth] / asked, counts.found_by_baseline[depth] / asked
            yield Figure(name, task, f"recall@{depth}", value, asked, usual, goal)
    if counts.recurring:
        n = counts.recurring
        yield Figure(
            name, "recurrences after close", "recall@5", counts.recurring_found / n, n, counts.recurring_found_by_baseline / n, None
        )
    yield Figure(
        name, task, "ms a question, of processor time", 1000 * counts.seconds / counts.questions, counts.questions, None, _MILLISECONDS
    )
    if counts.likely:
        yield Figure(name, task, 'precision of "looks like"', counts.likely_marked / counts.likely, counts.likely, None, None)
