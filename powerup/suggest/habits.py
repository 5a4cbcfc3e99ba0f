"""Who gets threads at all these days, and who gets those of an author or a place."""

import math

from powerup.suggest.bayes import Scores

_TOO_LARGE = 1e90
_DOUBT = 2.0
"""Assignments that an author's past must outweigh before it counts as a habit."""
_MOST_KNOWN = 20_000
"""Authors remembered; beyond it the one longest unseen is forgotten."""


class Recent:
    """Each owner's part of the recent assignments."""

    def __init__(self, half_life: float) -> None:
        self._growth, self._unit = 2 ** (1 / half_life), 1.0
        self._counts: Scores = {}

    def learn(self, owner: str, weight: float) -> None:
        """One assignment more."""
        self._unit *= self._growth
        self._counts[owner] = max(0.0, self._counts.get(owner, 0.0) + weight * self._unit)
        if self._unit > _TOO_LARGE:
            self._counts = {owner: counted / self._unit for owner, counted in self._counts.items()}
            self._unit = 1.0

    def scores(self, owners: list[str]) -> Scores:
        """The logarithm of each owner's part."""
        half = 0.5 * self._unit
        total = sum(self._counts.values()) + half * len(owners)
        return {owner: math.log((self._counts.get(owner, 0.0) + half) / total) for owner in owners}

    def forget(self, owner: str) -> None:
        """Forget an owner."""
        self._counts.pop(owner, None)


class Habits:
    """Owners by something else than words: an author, a place."""

    def __init__(self) -> None:
        self._known: dict[str, Scores] = {}

    def learn(self, key: str | None, owner: str, weight: float) -> None:
        """One assignment more."""
        if key is None:
            return
        row = self._known.pop(key, {})
        row[owner] = max(0.0, row.get(owner, 0.0) + weight)
        self._known[key] = row
        if len(self._known) > _MOST_KNOWN:
            del self._known[next(iter(self._known))]

    def scores(self, key: str | None, usual: Scores) -> Scores:
        """How much more (or less) than `usual`, the logarithms for all, each owner gets of this one."""
        row = self._known.get(key) if key is not None else None
        if not row:
            return dict.fromkeys(usual, 0.0)
        total = sum(row.values()) + _DOUBT
        return {owner: math.log((row.get(owner, 0.0) + _DOUBT * math.exp(log)) / total) - log for owner, log in usual.items()}

    def forget(self, owner: str) -> None:
        """Forget an owner."""
        for row in self._known.values():
            row.pop(owner, None)
