"""Earlier threads about the same problem as a new one: found by rare words and error messages, ordered by what past duplicates taught.

Pure Python and in memory: some 5 kB a thread, 10 to 20 milliseconds a question among 13,000. Nothing here does I/O; whoever owns an index
fills it in the order in which threads arrived and tells it of confirmed pairs.
"""

import heapq
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime

from powerup.suggest.confirmed import Confirmed
from powerup.suggest.document import Document
from powerup.suggest.postings import Entry, Postings
from powerup.suggest.query import Query, ask, rough
from powerup.suggest.rerank import Around, Features, compare, likenesses, score
from powerup.suggest.terms import read, spoken

NEWEST = 20_000
"""Threads that an index holds; the oldest makes room."""
LIKELY = 0.2
"""Likeness from which it is worth saying "looks like".

Of what this shows on the test part of rust_issues, 29 % was marked there as the same problem (61 of 207 answers, to 2,372 threads).
People mark by no means every duplicate, so more than that are right; on a forum whose threads only refer to each other (oem_forum) it
hardly ever speaks, and none of its 12 answers there was one that people had linked.
"""
_WORDS_SHOWN = 6
_CANDIDATES = 150
"""Threads that are compared closely."""
_FAMILIES = 50
"""Of these, the originals are compared too, although they may share no word with the question."""
_UNKNOWN_AGE = 60.0
_SLACK = 100
_BEST = -2
"""Where the highest sum stands among the sums of slots, which are never negative."""

Key = int | str


@dataclass(frozen=True, slots=True)
class Similar:
    """An earlier thread that may be about the same problem."""

    key: Key
    score: float
    """Orders the answers to one question; not comparable between questions."""
    likeness: float
    """Between 0 and 1: about how often a thread so alike was marked as the same problem. See LIKELY."""
    words: tuple[str, ...]
    """Words of the question that the thread has too, the most telling first."""


@dataclass(frozen=True, slots=True)
class _Held:
    key: Key
    day: float | None
    author: str | None
    place: str | None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A thread that was compared closely, and the numbers that came of it."""

    slot: int
    key: Key
    rough: float
    features: Features


class SimilarIndex:
    """Threads by what they say. Adding, removing and joining take effect at once."""

    def __init__(self, newest: int = NEWEST) -> None:
        self._newest = newest
        self._postings = Postings()
        self._slots: dict[Key, int] = {}
        self._held: list[_Held] = []
        self._by_age: list[tuple[float, int]] = []
        self._confirmed: Confirmed[Key] = Confirmed()
        self._latest = 0.0

    def __len__(self) -> int:
        return len(self._slots)

    def __contains__(self, key: Key) -> bool:
        return key in self._slots

    def add(self, key: Key, document: Document, at: datetime | None = None) -> None:
        """Index a thread; the same key again replaces what it said. Without a time it counts as new."""
        if key in self._slots:
            self._drop(key)
        day = _day(at)
        self._latest = max(self._latest, day or 0.0)
        slot = self._postings.add(read(document.subject, document.body))
        self._slots[key] = slot
        self._held.append(_Held(key, day, document.author, document.place))
        heapq.heappush(self._by_age, (self._latest if day is None else day, slot))
        while len(self._slots) > self._newest:
            _, oldest = heapq.heappop(self._by_age)
            if self._postings.entries[oldest] is not None:
                self.remove(self._held[oldest].key)
        self._tidy()

    def remove(self, key: Key) -> None:
        """Forget a thread and what was confirmed of it; an unknown one is no error."""
        self._confirmed.forget(key)
        if key in self._slots:
            self._drop(key)
            self._tidy()

    def join(self, key: Key, original_key: Key) -> None:
        """Someone confirmed that a thread is about the same problem as an earlier one; later questions are answered better."""
        self._confirmed.join(key, original_key)

    def similar(self, document: Document, *, limit: int = 5, at: datetime | None = None, exclude: Collection[Key] = ()) -> list[Similar]:
        """The threads most like this one, best first; those of `exclude` are not among them.

        :param at: when the thread arrived, for recent ones are likelier; else as late as the newest thread.
        """
        query, candidates = self.candidates(document, at=at, exclude=exclude)
        if not candidates or limit < 1:
            return []
        scores = [score(candidate.features) for candidate in candidates]
        likely = likenesses(scores, [candidate.rough for candidate in candidates])
        order = sorted(range(len(candidates)), key=lambda place: (-scores[place], -candidates[place].slot))[:limit]
        said = spoken(f"{document.subject}\n{document.body}")
        return [
            Similar(candidates[place].key, scores[place], likely[place], self._words(query, candidates[place].slot, said))
            for place in order
        ]

    def candidates(self, document: Document, *, at: datetime | None = None, exclude: Collection[Key] = ()) -> tuple[Query, list[Candidate]]:
        """What `similar` orders, with the numbers it orders by: for evaluation, and for learning the weights."""
        now = self._latest if at is None else _day(at) or 0.0
        left_out = frozenset(exclude)
        query = ask(self._postings, read(document.subject, document.body))
        found = rough(self._postings, query, lambda slot: self._age(slot, now))
        if not found:
            return query, []
        sums = {slot: value for value, slot in found}
        sums[_BEST] = found[0][0]
        pool = [slot for _, slot in found[:_CANDIDATES]]
        originals = [self._slots.get(key) for slot in pool[:_FAMILIES] for key in self._confirmed.originals(self._held[slot].key)]
        pool = [slot for slot in dict.fromkeys([*pool, *originals]) if slot is not None and self._held[slot].key not in left_out]
        return query, [self._candidate(query, slot, sums, document, now) for slot in pool]

    def _candidate(self, query: Query, slot: int, sums: dict[int, float], document: Document, now: float) -> Candidate:
        held = self._held[slot]
        best = sums[_BEST]
        members = self._confirmed.members(held.key)
        around = Around(
            rough=sums.get(slot, 0.0) / best,
            age=self._age(slot, now),
            same_author=document.author is not None and document.author == held.author,
            same_place=document.place is not None and document.place == held.place,
            known=len(members),
            family=max((sums.get(self._slots.get(member, -1), 0.0) for member in members), default=0.0) / best,
            joined=bool(self._confirmed.originals(held.key)),
        )
        return Candidate(slot, held.key, sums.get(slot, 0.0), compare(self._postings, query, self._entry(slot), around))

    def _words(self, query: Query, slot: int, said: dict[str, str]) -> tuple[str, ...]:
        entry = self._entry(slot)
        telling = heapq.nlargest(
            3 * _WORDS_SHOWN,
            (
                (asked.idf * asked.weight * (1 + (packed >> 10 > 0)), asked.word)
                for term, packed in zip(entry.terms, entry.counts, strict=True)
                if (asked := query.asked.get(term)) is not None and asked.word in said
            ),
        )
        return tuple(dict.fromkeys(said[word] for _, word in telling))[:_WORDS_SHOWN]

    def _entry(self, slot: int) -> Entry:
        entry = self._postings.entries[slot]
        if entry is None:
            raise LookupError(f"slot {slot} was given up")
        return entry

    def _age(self, slot: int, now: float) -> float:
        day = self._held[slot].day
        return _UNKNOWN_AGE if day is None else max(now - day, 0.0)

    def _drop(self, key: Key) -> None:
        self._postings.remove(self._slots.pop(key))

    def _tidy(self) -> None:
        """Pack anew when a quarter is given up: seldom enough to cost nothing, often enough to bound the memory."""
        if len(self._held) <= 1.25 * len(self._slots) + _SLACK:
            return
        self._postings, moved = self._postings.packed()
        self._slots = {key: moved[slot] for key, slot in self._slots.items()}
        self._held = [self._held[slot] for slot in moved]
        self._by_age = [(age, moved[slot]) for age, slot in self._by_age if slot in moved]
        heapq.heapify(self._by_age)


def _day(at: datetime | None) -> float | None:
    if at is None:
        return None
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp() / 86_400
