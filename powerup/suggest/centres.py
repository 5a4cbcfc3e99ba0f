"""What the threads of each owner are like on the whole: the middle of them all, newer ones counting more."""

import math
from collections.abc import Iterable

from powerup.suggest.bayes import Scores
from powerup.suggest.vocabulary import Vector

_SCALE = 12.0
"""A likeness is seldom above a third; with this the differences are as large as those of the other sources."""
_DOUBT = 0.5
"""Added to the length of each sum, in documents: the middle of one or two threads is no middle yet."""
_TOO_LARGE = 1e90


class Centres:
    """Word weights summed up per owner; a text is compared with each sum by the angle between the two."""

    def __init__(self, half_life: float) -> None:
        self._growth = 2 ** (1 / half_life)
        self._unit = 1.0
        self._sums: dict[str, Scores] = {}
        self._squares: Scores = {}
        """Per owner, the square of its sum's length."""

    def learn(self, vector: Vector, owner: str, weight: float) -> None:
        """One assignment more; a negative weight takes one back."""
        # As in `Bayes`: instead of shrinking all that is old, the unit of what is new grows.
        self._unit *= self._growth
        unit = self._unit * weight
        square = self._squares.get(owner, 0.0)
        for feature, value in vector:
            row = self._sums.setdefault(feature, {})
            before = row.get(owner, 0.0)
            row[owner] = after = max(0.0, before + value * unit)
            square += after * after - before * before
        self._squares[owner] = max(0.0, square)
        if self._unit > _TOO_LARGE:
            self._rescale()

    def scores(self, vector: Vector, owners: Iterable[str]) -> Scores:
        """How alike the text and each owner's threads are."""
        found = dict.fromkeys(self._squares, 0.0)
        for feature, value in vector:
            if row := self._sums.get(feature):
                for owner, added in row.items():
                    found[owner] += value * added
        return {owner: found.get(owner, 0.0) * self._scale(owner) for owner in owners}

    def speak(self, vector: Vector, owners: list[str]) -> dict[str, Scores]:
        """What each feature adds to the owners' scores."""
        scales = [(owner, self._scale(owner)) for owner in owners]
        known = ((feature, value, self._sums[feature]) for feature, value in vector if feature in self._sums)
        return {feature: {owner: value * row.get(owner, 0.0) * scale for owner, scale in scales} for feature, value, row in known}

    def drop(self, features: Iterable[str]) -> None:
        """Forget features."""
        for feature in features:
            for owner, added in self._sums.pop(feature, {}).items():
                self._squares[owner] = max(0.0, self._squares[owner] - added * added)

    def forget(self, owner: str) -> None:
        """Forget an owner."""
        self._squares.pop(owner, None)
        for row in self._sums.values():
            row.pop(owner, None)

    def _scale(self, owner: str) -> float:
        return _SCALE / (math.sqrt(self._squares.get(owner, 0.0)) + _DOUBT * self._unit)

    def _rescale(self) -> None:
        for row in self._sums.values():
            for owner in row:
                row[owner] /= self._unit
        for owner in self._squares:
            self._squares[owner] /= self._unit**2
        self._unit = 1.0
