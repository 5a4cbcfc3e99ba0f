"""Measures how good the suggestions are, on data sets that lie outside the repository."""

from collections.abc import Callable, Iterator
from pathlib import Path

from powerup.suggest.evaluation import bursts, owners, similar
from powerup.suggest.evaluation.figures import Figure

MEASURED: list[Callable[[Path, str], Iterator[Figure]]] = [
    owners.figures,
    similar.figures,
    bursts.figures,
]
"""Everything that `closeloop eval` measures, in the order of its table."""
