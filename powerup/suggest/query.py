"""A new thread as a question to the index, and the first, rough choice of threads that might answer it."""

import heapq
from collections.abc import Callable
from dataclasses import dataclass

from powerup.suggest.postings import TALLIES, WEIGHTS, Postings, pack
from powerup.suggest.terms import Terms

_MOST_TERMS = 45
_MOST_PHRASES = 40
_COMMON = 0.15
"""A term that more than this part of all texts have is not looked up ..."""
_SMALL = 50
"""... unless they are no more than so many."""
_ROUGH = 400
_FLOOR = 0.1
"""Part of the highest sum below which nothing is looked at: most texts share some word with any other."""
_FADES = 100.0
"""Days after which being recent counts half."""
_RECENT = 0.4


@dataclass(frozen=True, slots=True)
class Asked:
    """A term of the question."""

    word: str
    idf: float
    """How rare it is in the index."""
    weight: float
    """How strongly the question says it."""
    subject: bool
    strengths: tuple[tuple[int, float], ...]
    """By the part of the question that says it (0 subject, 3 prose, 6 code): rarity by how often it says so."""


@dataclass(frozen=True, slots=True)
class Query:
    """What the index knows of a question's terms."""

    asked: dict[int, Asked]
    phrases: dict[int, float]
    """Number and rarity of each phrase."""
    subject_mass: float
    """The rarity of all words of the subject, also of those that the index does not know."""


def ask(postings: Postings, terms: Terms) -> Query:
    """Look a text's terms up."""
    asked: dict[int, Asked] = {}
    subject_mass = 1e-9
    for word in dict.fromkeys([*terms.subject, *terms.prose, *terms.code]):
        number = postings.numbers.get(word)
        idf = postings.idf(number)
        packed = pack(terms, word)
        if word in terms.subject:
            subject_mass += idf
        if number is not None:
            strengths = tuple((3 * part, idf * 2 * count / (count + 1)) for part, count in enumerate(TALLIES[packed]) if count)
            asked[number] = Asked(word, idf, WEIGHTS[packed], word in terms.subject, strengths)
    numbers = [postings.numbers.get(phrase) for phrase in sorted(terms.phrases)]
    return Query(asked, {number: postings.idf(number) for number in numbers if number is not None}, subject_mass)


def rough(postings: Postings, query: Query, age: Callable[[int], float]) -> list[tuple[float, int]]:
    """Scores and slots of texts that share the most telling terms, best first."""
    sums = _sums(postings, query)
    floor = _FLOOR * max(sums, default=0.0)
    found = [slot for slot, value in enumerate(sums) if value > floor and postings.entries[slot]]
    aged = [
        (sums[slot] * (1 + _RECENT * 0.5 ** (age(slot) / _FADES)), slot) for slot in heapq.nlargest(_ROUGH, found, key=sums.__getitem__)
    ]
    return sorted(aged, key=lambda pair: (-pair[0], pair[1]))


def _sums(postings: Postings, query: Query) -> list[float]:
    common = _COMMON * len(postings.entries) + _SMALL
    chosen: list[tuple[float, int]] = []
    for number, term in query.asked.items():
        if len(postings.slots[number]) <= common:
            chosen.append((term.idf * term.weight, number))
    phrases = ((idf, number) for number, idf in query.phrases.items())
    sums = [0.0] * len(postings.entries)
    for weight, number in [*heapq.nlargest(_MOST_TERMS, chosen), *heapq.nlargest(_MOST_PHRASES, phrases)]:
        for slot, impact in zip(postings.slots[number], postings.impacts[number], strict=True):
            sums[slot] += weight * impact
    return sums
