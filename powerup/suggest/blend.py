"""How far to trust each of several opinions: learnt from how good each would have been on the assignments as they came in."""

import math
from collections.abc import Iterable

from powerup.suggest.bayes import Scores

Opinions = dict[str, Scores]
"""Per source, a score per owner; about zero on average."""

_STEP = 0.02
_OWN_STEP = 0.03
_BIAS_STEP = 0.06
_ENOUGH = 30
"""Assignments before trust is learnt: with fewer, being right is luck."""


class Blend:
    """A weight per source, a small correction of it per owner, and a leaning towards each owner that follows recent weeks."""

    def __init__(self, trust: Scores) -> None:
        self.trust = dict(trust)
        self._moved = dict.fromkeys(trust, 0.1)
        self._own: dict[str, Scores] = {source: {} for source in trust}
        self._own_moved: dict[str, Scores] = {source: {} for source in trust}
        self._bias: Scores = {}
        self._learnt = 0

    def scores(self, opinions: Opinions, owners: Iterable[str]) -> Scores:
        """One score per owner; `shares` makes them comparable."""
        bias = self._bias
        found = {owner: bias.get(owner, 0.0) for owner in owners}
        for source, opinion in opinions.items():
            trust, own = self.trust[source], self._own[source]
            for owner in found:
                found[owner] += (trust + own.get(owner, 0.0)) * opinion[owner]
        return found

    def weigh(self, source: str, owner: str) -> float:
        """How much a source counts for an owner."""
        return self.trust[source] + self._own[source].get(owner, 0.0)

    def learn(self, opinions: Opinions, owners: list[str], right: str) -> None:
        """Trust more those that would have said `right`; call it before they learn it themselves."""
        self._learnt += 1
        if self._learnt < _ENOUGH:
            return
        part = shares(self.scores(opinions, owners))
        errors = {owner: part[owner] - (owner == right) for owner in owners}
        sqrt = math.sqrt
        for source, opinion in opinions.items():
            own, own_moved, slope = self._own[source], self._own_moved[source], 0.0
            for owner, error in errors.items():
                pull = error * opinion[owner]
                slope += pull
                own_moved[owner] = past = own_moved.get(owner, 0.1) + pull * pull
                own[owner] = own.get(owner, 0.0) - _OWN_STEP * pull / sqrt(past)
            self._moved[source] += slope * slope
            self.trust[source] = max(0.0, self.trust[source] - _STEP * slope / sqrt(self._moved[source]))
        for owner, error in errors.items():
            self._bias[owner] = self._bias.get(owner, 0.0) - _BIAS_STEP * error

    def forget(self, owner: str) -> None:
        """Forget an owner."""
        for row in (self._bias, *self._own.values(), *self._own_moved.values()):
            row.pop(owner, None)


def centred(scores: Scores) -> Scores:
    """The same scores, about zero on average."""
    middle = sum(scores.values()) / len(scores) if scores else 0.0
    return {owner: score - middle for owner, score in scores.items()}


def shares(scores: Scores) -> Scores:
    """Scores as parts of one."""
    highest = max(scores.values(), default=0.0)
    odds = {owner: math.exp(score - highest) for owner, score in scores.items()}
    total = sum(odds.values())
    return {owner: each / total for owner, each in odds.items()}
