"""Weighs what keywords say against what was learnt. No I/O.

On the first days little is learnt, and of few teams: a model that knows one team sees it everywhere. So what was learnt counts as
much as it has to show: words of this very thread that speak for the choice, and enough lessons. A correction counts as many
lessons, for whoever corrects wants to see it believed.
"""

from collections.abc import Sequence
from dataclasses import replace

from powerup.suggest.suggestion import MOST_REASONS, Reason, Suggestion

ENOUGH = 5.0
"""Lessons at which what was learnt has half its say."""
FEWEST = 2
"""Words that must speak for what was learnt where no keyword does."""
CORRECTION = 20
"""A correction counts as so many lessons."""


def weigh(keywords: Sequence[Suggestion], learnt: Sequence[Suggestion], *, lessons: int, corrections: int) -> list[Suggestion]:
    """Both opinions as one, best first; shares add up to at most 1.

    Where no keyword speaks, what was learnt decides alone, if more than one word of the thread speaks for it.
    """
    spoken = [one for one in learnt if any(reason.source != "keyword" for reason in one.reasons)]
    say = _say(spoken, lessons + CORRECTION * corrections)
    if not keywords:
        sure = bool(spoken) and len(spoken[0].reasons) >= FEWEST
        return [replace(one, share=one.share * say) for one in spoken] if sure else []
    shares: dict[str, float] = {}
    reasons: dict[str, tuple[Reason, ...]] = {}
    for part, opinions in ((1.0 - say, keywords), (say, spoken)):
        for one in opinions:
            shares[one.owner] = shares.get(one.owner, 0.0) + part * one.share
            reasons[one.owner] = (*reasons.get(one.owner, ()), *one.reasons)[:MOST_REASONS]
    found = [Suggestion(owner, share, reasons[owner]) for owner, share in shares.items() if share > 0.0]
    return sorted(found, key=lambda one: (-one.share, one.owner))


def without(suggestions: Sequence[Suggestion], owners: frozenset[str]) -> list[Suggestion]:
    """All but these, who have given the thread back; the others share what was theirs."""
    if not owners:
        return list(suggestions)
    left = [one for one in suggestions if one.owner not in owners]
    whole = sum(one.share for one in left)
    return [replace(one, share=one.share / whole) for one in left] if whole else []


def _say(learnt: Sequence[Suggestion], lessons: int) -> float:
    """How much of the say what was learnt has, from 0 to 1."""
    words = len(learnt[0].reasons) if learnt else 0
    return words / (words + 1.0) * lessons / (lessons + ENOUGH)
