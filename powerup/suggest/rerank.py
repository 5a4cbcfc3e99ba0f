"""How alike a question and one candidate are: some twenty numbers, weighed by what past duplicates taught."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from powerup.suggest.postings import TALLIES, Entry, Postings
from powerup.suggest.query import Query

_FREQUENT_PHRASE = 300
"""A phrase that more texts have is part of every report, such as "note: we would appreciate a bug report"."""


@dataclass(frozen=True, slots=True)
class Around:
    """What is known of a candidate beside its text."""

    rough: float
    """Its score in the first, rough choice, as a part of the highest."""
    age: float
    """Days before the question."""
    same_author: bool
    same_place: bool
    known: int
    """Threads that were confirmed to be about the same problem."""
    family: float
    """The highest rough score among those."""
    joined: bool
    """It was itself confirmed to be about an earlier thread's problem: then that one is the better answer."""


class Features(NamedTuple):
    """What speaks for a candidate, or against it. "x_in_y": the question's x says what the candidate's y says."""

    rough: float
    subject_in_subject: float
    subject_in_prose: float
    subject_in_code: float
    prose_in_subject: float
    code_in_subject: float
    subject_covered: float
    """The part of the question's subject, by rarity, that the candidate says somewhere."""
    its_subject_covered: float
    phrases: float
    has_phrase: float
    rarest_phrase: float
    shared: float
    age: float
    recent: float
    same_author: float
    same_place: float
    length: float
    known: float
    often_known: float
    family: float
    joined: float


WORTH = Features(
    rough=3.91,
    subject_in_subject=2.87,
    subject_in_prose=0.84,
    subject_in_code=2.5,
    prose_in_subject=1.79,
    code_in_subject=1.38,
    subject_covered=1.94,
    its_subject_covered=0.87,
    phrases=-0.85,
    has_phrase=-2.7,
    rarest_phrase=5.01,
    shared=0.65,
    age=-1.7,
    recent=-0.69,
    same_author=-0.55,
    same_place=0.19,
    length=-2.23,
    known=-0.88,
    often_known=1.98,
    family=3.02,
    joined=-0.83,
)
"""Learnt by a listwise logistic model (softmax over a question's candidates) from the confirmed pairs in the training parts of
rust_issues (duplicates) and oem_forum (threads that answers link to); docs/similar.md says how. Numbers that say nearly the same
share a worth, so the sign of one alone means little: a phrase in common counts (has_phrase) only if it is a rare one (rarest_phrase)."""

_SHARE, _SUM, _BIAS = 0.44, 1.37, -7.26
"""Of the likeness; learnt from all threads of the later half of rust_issues' training part, with worths learnt on the earlier half."""


@dataclass(slots=True)
class _Overlap:
    """Sums over the terms that both have."""

    fields: list[float]
    shared: int = 0
    subject_covered: float = 0.0
    its_covered: float = 0.0
    its_mass: float = 1e-9
    said: float = 0.0
    rarest: float = 0.0


def compare(postings: Postings, query: Query, entry: Entry, around: Around) -> Features:
    """The numbers for one candidate."""
    both = _overlap(postings, query, entry)
    return Features(
        rough=around.rough,
        subject_in_subject=both.fields[0] / 20,
        subject_in_prose=both.fields[1] / 20,
        subject_in_code=both.fields[2] / 20,
        prose_in_subject=both.fields[3] / 20,
        code_in_subject=both.fields[6] / 20,
        subject_covered=both.subject_covered / query.subject_mass,
        its_subject_covered=both.its_covered / both.its_mass,
        phrases=math.log1p(both.said / 10),
        has_phrase=float(both.said > 0),
        rarest_phrase=both.rarest / 10,
        shared=math.log1p(both.shared),
        age=math.log1p(around.age) / 3,
        recent=0.5 ** (around.age / 60),
        same_author=float(around.same_author),
        same_place=float(around.same_place),
        length=math.log1p(sum(entry.lengths)) / 3,
        known=float(around.known > 0),
        often_known=math.log1p(around.known),
        family=around.family,
        joined=float(around.joined),
    )


def score(features: Features) -> float:
    """One number: the better the likelier the same problem. Only differences between candidates of one question mean something."""
    return sum(map(float.__mul__, WORTH, features))


def likenesses(scores: Sequence[float], roughs: Sequence[float]) -> list[float]:
    """For each candidate of one question, about how often one so alike was the same problem.

    What counts is how far it stands out among the others (its share, if all shared one whole by their scores) and how much it has
    in common with the question at all: the best of a poor lot is still poor.
    """
    best = max(scores, default=0.0)
    whole = math.log(sum(math.exp(score - best) for score in scores)) + best if scores else 0.0
    return [
        1 / (1 + math.exp(-(_SHARE * (score - whole) + _SUM * math.log1p(rough) + _BIAS)))
        for score, rough in zip(scores, roughs, strict=True)
    ]


def _overlap(postings: Postings, query: Query, entry: Entry) -> _Overlap:
    norms, asked, phrases = postings.norm(entry.lengths), query.asked, query.phrases
    both = _Overlap([0.0] * 9)
    for number, packed in zip(entry.terms, entry.counts, strict=True):
        if not packed:
            idf = phrases.get(number)
            if idf is not None and len(postings.slots[number]) <= _FREQUENT_PHRASE:
                both.said += idf
                both.rarest = max(both.rarest, idf)
            continue
        term = asked.get(number)
        if packed >> 10:
            idf = postings.idf(number) if term is None else term.idf
            both.its_mass += idf
            if term is not None:
                both.its_covered += idf
        if term is None:
            continue
        both.shared += 1
        if term.subject:
            both.subject_covered += term.idf
        for mine, strength in term.strengths:
            for its, count in enumerate(TALLIES[packed]):
                if count:
                    both.fields[mine + its] += strength * count / (count + norms[its])
    return both
