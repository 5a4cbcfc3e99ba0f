"""Naive Bayes that forgets: what was learnt long ago counts less, because areas and people change."""

import math
from collections.abc import Iterable

from powerup.suggest.vocabulary import Vector

Scores = dict[str, float]

_MOST_TIMES = 3.0
"""A word repeated thirty times is a pasted log, not thirty reasons."""
_SMOOTHING = 0.1
_TOO_LARGE = 1e90


class Bayes:
    """Word counts per owner; each document learnt makes all earlier ones a little lighter."""

    def __init__(self, half_life: float) -> None:
        self._growth = 2 ** (1 / half_life)
        self._unit = 1.0
        self._counts: dict[str, Scores] = {}
        self._totals: Scores = {}

    def learn(self, features: dict[str, float], owner: str, weight: float) -> None:
        """One assignment more; a negative weight takes one back."""
        # Instead of shrinking all that is old, the unit of what is new grows.
        self._unit *= self._growth
        unit = self._unit * weight
        added = 0.0
        for feature, times in features.items():
            row = self._counts.setdefault(feature, {})
            before = row.get(owner, 0.0)
            row[owner] = max(0.0, before + min(times, _MOST_TIMES) * unit)
            added += row[owner] - before
        self._totals[owner] = max(0.0, self._totals.get(owner, 0.0) + added)
        if self._unit > _TOO_LARGE:
            self._rescale()

    def scores(self, features: dict[str, float], owners: Iterable[str]) -> Scores:
        """How well the words fit each owner, comparable between short and long texts."""
        log, scale, length = math.log, 1 / (_SMOOTHING * self._unit), 0.0
        found = dict.fromkeys(self._totals, 0.0)
        for feature, times in features.items():
            row = self._counts.get(feature)
            if row is None:
                continue
            times = min(times, _MOST_TIMES)
            length += times
            for owner, counted in row.items():
                found[owner] += times * log(counted * scale + 1)
        shorter = 1 / math.sqrt(max(1.0, length))
        return {owner: (found.get(owner, 0.0) - length * self._mass(owner)) * shorter for owner in owners}

    def speak(self, features: dict[str, float], among: Vector, owners: list[str]) -> dict[str, Scores]:
        """What each feature of `among` adds to the owners' scores."""
        scale, log, counts = 1 / (_SMOOTHING * self._unit), math.log, self._counts
        masses = [(owner, self._mass(owner)) for owner in owners]
        shorter = 1 / math.sqrt(max(1.0, sum(min(times, _MOST_TIMES) for feature, times in features.items() if feature in counts)))
        found = {}
        for feature, _ in among:
            if row := counts.get(feature):
                times = min(features[feature], _MOST_TIMES) * shorter
                found[feature] = {owner: times * (log(row.get(owner, 0.0) * scale + 1) - mass) for owner, mass in masses}
        return found

    def drop(self, features: Iterable[str]) -> None:
        """Forget features."""
        for feature in features:
            for owner, counted in self._counts.pop(feature, {}).items():
                self._totals[owner] = max(0.0, self._totals[owner] - counted)

    def forget(self, owner: str) -> None:
        """Forget an owner."""
        self._totals.pop(owner, None)
        for row in self._counts.values():
            row.pop(owner, None)

    def _mass(self, owner: str) -> float:
        return math.log(self._totals.get(owner, 0.0) / self._unit + _SMOOTHING * len(self._counts) + 1e-9)

    def _rescale(self) -> None:
        for row in (*self._counts.values(), self._totals):
            for owner in row:
                row[owner] /= self._unit
        self._unit = 1.0
