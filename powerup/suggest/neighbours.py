"""Whose were the most similar earlier threads? Newer ones have more to say."""

import math
from collections.abc import Iterable
from heapq import nlargest

from powerup.suggest.bayes import Scores
from powerup.suggest.vocabulary import Vector

_ASKED = 40
_WORDS = 60
"""Of a document, the heaviest: enough to find it by."""
_PER_WORD = 150
"""Documents remembered per feature, the newest."""
_REMEMBERED = 20_000
"""Documents in all, the newest."""
_HALF_LIFE = 1500
_NOBODY = 0.02


class Neighbours:
    """An index of earlier documents by feature."""

    def __init__(self) -> None:
        self._postings: dict[str, list[tuple[int, float]]] = {}
        self._owners: dict[int, tuple[str, float]] = {}
        self._count = 0

    def learn(self, vector: Vector, owner: str, weight: float) -> None:
        """Remember a document."""
        number, self._count = self._count, self._count + 1
        self._owners[number] = (owner, weight)
        self._owners.pop(number - _REMEMBERED, None)
        for feature, value in vector[:_WORDS]:
            postings = self._postings.setdefault(feature, [])
            postings.append((number, value))
            if len(postings) > _PER_WORD:
                del postings[0]

    def scores(self, vector: Vector, owners: Iterable[str]) -> Scores:
        """The logarithm of each owner's part of the votes."""
        votes: Scores = {}
        for number, likeness in self._nearest(vector):
            owner, weight = self._owners[number]
            votes[owner] = votes.get(owner, 0.0) + weight * likeness**2 * 0.5 ** ((self._count - number) / _HALF_LIFE)
        total = sum(votes.values()) + 1e-9
        return {owner: math.log(votes.get(owner, 0.0) / total + _NOBODY) for owner in owners}

    def take_back(self, vector: Vector, owner: str) -> None:
        """Forget that this very document was this owner's."""
        for number, likeness in self._nearest(vector, 3):
            if likeness > 0.8 and self._owners[number][0] == owner:
                del self._owners[number]

    def drop(self, features: Iterable[str]) -> None:
        """Forget features."""
        for feature in features:
            self._postings.pop(feature, None)

    def forget(self, owner: str) -> None:
        """Forget an owner's documents."""
        self._owners = {number: each for number, each in self._owners.items() if each[0] != owner}

    def _nearest(self, vector: Vector, most: int = _ASKED) -> list[tuple[int, float]]:
        likeness: dict[int, float] = {}
        for feature, value in vector[:_WORDS]:
            for number, weight in self._postings.get(feature, ()):
                likeness[number] = likeness.get(number, 0.0) + value * weight
        known = ((number, each) for number, each in likeness.items() if number in self._owners)
        return nlargest(most, known, key=lambda each: each[1])
