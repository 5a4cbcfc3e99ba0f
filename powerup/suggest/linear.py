"""A weight for each word and owner, moved a little by each assignment: logistic regression, learnt online (AdaGrad)."""

import math
from collections.abc import Iterable
from random import Random

from powerup.suggest.bayes import Scores
from powerup.suggest.vocabulary import Vector

_STEP = 0.5
_AGAIN = 2
"""Earlier assignments gone through again with each new one; without them the newest would drown the rest."""
_REMEMBERED = 2000
_SLIGHT = 0.04
"""Owners whose probability is this near to the truth are left as they are: it saves most of the work."""


class Linear:
    """Learns what sets owners apart, where `Bayes` learns what belongs to each."""

    def __init__(self) -> None:
        self._weights: dict[str, Scores] = {}
        self._moved: dict[str, float] = {}
        self._owners: dict[str, None] = {}
        self._past: list[tuple[Vector, str, float]] = []
        self._next = 0
        self._random = Random(1)  # noqa: S311 - seeded, so that the same calls give the same result

    def learn(self, vector: Vector, owner: str, weight: float) -> None:
        """Move towards this owner, and again towards a few earlier ones."""
        self._owners[owner] = None
        self._step(vector, owner, weight)
        for _ in range(min(_AGAIN, len(self._past))):
            self._step(*self._past[self._earlier()])
        self._remember((vector, owner, weight))

    def prefer(self, vector: Vector, right: str, wrong: str) -> None:
        """Step until `right` is before `wrong` for this text, a few times at most."""
        for _ in range(8):
            found = self.scores(vector, (right, wrong))
            if found[right] > found[wrong] + 1:
                return
            self._step(vector, right, 1.0)

    def scores(self, vector: Vector, owners: Iterable[str]) -> Scores:
        """How much the words speak for each owner."""
        found = self._raw(vector)
        return {owner: found.get(owner, 0.0) for owner in owners}

    def speak(self, vector: Vector, owners: list[str]) -> dict[str, Scores]:
        """What each feature adds to the owners' scores."""
        weights = self._weights
        known = ((feature, value, weights[feature]) for feature, value in vector if feature in weights)
        return {feature: {owner: value * row[owner] for owner in owners if owner in row} for feature, value, row in known}

    def drop(self, features: Iterable[str]) -> None:
        """Forget features."""
        for feature in features:
            self._weights.pop(feature, None)
            self._moved.pop(feature, None)

    def forget(self, owner: str) -> None:
        """Forget an owner."""
        self._owners.pop(owner, None)
        self._past = [each for each in self._past if each[1] != owner]
        self._next = 0
        for row in self._weights.values():
            row.pop(owner, None)

    def _raw(self, vector: Vector) -> Scores:
        found: Scores = dict.fromkeys(self._owners, 0.0)
        weights = self._weights
        for feature, value in vector:
            row = weights.get(feature)
            if row:
                for owner, weight in row.items():
                    found[owner] += value * weight
        return found

    def _step(self, vector: Vector, right: str, weight: float) -> None:
        found = self._raw(vector)
        highest = max(found.values())
        odds = {owner: math.exp(score - highest) for owner, score in found.items()}
        total = sum(odds.values())
        errors = [(owner, (each / total - (owner == right)) * weight) for owner, each in odds.items()]
        errors = [(owner, error) for owner, error in errors if abs(error) > _SLIGHT]
        size = sum(error * error for _, error in errors)
        moved, weights, sqrt = self._moved, self._weights, math.sqrt
        for feature, value in vector:
            moved[feature] = past = moved.get(feature, 1e-3) + size * value * value * 0.5
            step = _STEP * value / sqrt(past)
            row = weights.get(feature)
            if row is None:
                row = weights[feature] = {}
            for owner, error in errors:
                row[owner] = row.get(owner, 0.0) - step * error

    def _earlier(self) -> int:
        """One of the past, newer ones more often: what a word means drifts."""
        return (self._next - 1 - int(len(self._past) * self._random.random() ** 2)) % len(self._past)

    def _remember(self, each: tuple[Vector, str, float]) -> None:
        if len(self._past) < _REMEMBERED:
            self._past.append(each)
        else:
            self._past[self._next] = each
            self._next = (self._next + 1) % _REMEMBERED
