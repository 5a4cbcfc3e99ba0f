"""Who should own a thread, learnt one assignment at a time."""

from collections.abc import Collection

from powerup.suggest.blend import Blend, shares
from powerup.suggest.document import Document
from powerup.suggest.experts import TRUST, Experts, Seen
from powerup.suggest.keywords import KeywordMap, Match
from powerup.suggest.reasons import explain
from powerup.suggest.suggestion import Reason, Suggestion

__all__ = ["OwnerModel", "Reason", "Suggestion"]

_KEYWORD = {"subject": 2.0, "body": 1.0}
"""What a keyword is worth by where it stands; each further one of the same owner half of the one before."""
_FADES = 100.0
"""Assignments learnt after which keywords count half: by then experience says better what they are worth."""
_CORRECTION = 2.0


class OwnerModel:
    """Learns from assignments and corrections; the same calls in the same order give the same answers.

    What it keeps is bounded: 60,000 features, 20,000 documents, 20,000 authors and places; the files of each say what goes first.
    """

    def __init__(self) -> None:
        self._experts = Experts()
        self._blend = Blend(TRUST)
        self._owners: dict[str, float] = {}
        self._last: tuple[Document, Seen] | None = None
        self._learnt = 0

    def learn(self, document: Document, owner: str, *, weight: float = 1.0) -> None:
        """Somebody assigned this thread to this owner. A thread with two owners is learnt once for each, one after the other."""
        new = self._last is None or self._last[0] != document
        seen = self._experts.see(document) if self._last is None or new else self._last[1]
        if new:
            self._last = (document, seen)
            self._learnt += 1
            if owner in self._owners:
                known = list(self._owners)
                self._blend.learn(self._experts.opinions(seen, known), known, owner)
        self._owners[owner] = self._owners.get(owner, 0.0) + weight
        self._experts.learn(seen, owner, weight, new=new)

    def correct(self, document: Document, wrong: str, right: str) -> None:
        """A triager gave the thread to `right` instead of `wrong`; the next thread like it already profits."""
        if wrong == right:
            return
        self.learn(document, right, weight=_CORRECTION)
        self._experts.take_back(self._experts.see(document), wrong, right)

    def forget_owner(self, owner: str) -> None:
        """Somebody left, or an area is no more: it is not suggested until it is learnt anew."""
        self._owners.pop(owner, None)
        self._experts.forget(owner)
        self._blend.forget(owner)
        self._last = None

    def suggest(
        self, document: Document, *, owners: Collection[str] | None = None, keywords: KeywordMap | None = None, limit: int = 3
    ) -> list[Suggestion]:
        """The likeliest owners, best first, each with its reasons; empty when nothing is known."""
        matches = keywords.matches(document) if keywords else []
        matches = [match for match in matches if owners is None or match.owner in owners]
        learnt = [owner for owner in self._owners if owners is None or owner in owners]
        bonus = self._bonus(matches)
        known = list(dict.fromkeys([*learnt, *bonus]))
        if not known or limit <= 0:
            return []
        seen = self._experts.see(document)
        scores = self._blend.scores(self._experts.opinions(seen, known), known) if learnt else dict.fromkeys(known, 0.0)
        part = shares({owner: scores[owner] + bonus.get(owner, 0.0) for owner in known})
        best = sorted(known, key=lambda owner: (-part[owner], owner))[:limit]
        reasons = explain(self._experts, self._blend, seen, part, best, matches)
        return [Suggestion(owner, part[owner], reasons[owner]) for owner in best]

    def _bonus(self, matches: list[Match]) -> dict[str, float]:
        """What the keywords add to each owner's score."""
        fade = _FADES / (_FADES + self._learnt)
        best: dict[tuple[str, str], float] = {}
        for match in matches:
            key = (match.owner, match.keyword.casefold())
            best[key] = max(best.get(key, 0.0), _KEYWORD[match.field])
        found: dict[str, list[float]] = {}
        for (owner, _), worth in best.items():
            found.setdefault(owner, []).append(worth)
        return {owner: fade * sum(each / 2**at for at, each in enumerate(sorted(worth, reverse=True))) for owner, worth in found.items()}
