"""Which texts have which terms, both ways round, in typed arrays: 13,000 threads of 150 terms fit where dictionaries would not."""

import math
from array import array
from dataclasses import dataclass

from powerup.suggest.terms import Terms

_WEIGHTS = (3.0, 1.0, 0.7)
_NORMS = (0.3, 0.6, 0.7)
"""How far the length of each field counts against it."""
_SATURATION = 1.2
PHRASE = 0.5
"""What a shared phrase of an error message adds, beside its words."""
TALLIES = [(packed >> 10, packed >> 5 & 31, packed & 31) for packed in range(8 << 10)]
"""Packed counts, taken apart: in the subject, in prose, in code; three, five and five bits."""
WEIGHTS = [math.log1p(2 * subject + prose + 0.5 * code) for subject, prose, code in TALLIES]
"""One number for packed counts; nought for a phrase, which has none."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One text, as the index holds it."""

    terms: "array[int]"
    counts: "array[int]"
    """Of each term, packed as in TALLIES."""
    lengths: tuple[int, int, int]


def pack(terms: Terms, word: str) -> int:
    """How often a word stands in each field, in one number."""
    subject, prose, code = min(terms.subject[word], 7), min(terms.prose[word], 31), min(terms.code[word], 31)
    return subject << 10 | prose << 5 | code


class Postings:
    """Terms by number, entries by slot. A slot that is given up stays in the lists until they are packed anew."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}
        self.entries: list[Entry | None] = []
        self.slots: list[array[int]] = []
        self.impacts: list[array[float]] = []
        self.live = 0
        self._lengths = [0, 0, 0]
        self._logs = [math.log(0.5)]

    def add(self, terms: Terms) -> int:
        """Index a text; its slot."""
        return self._insert(self._entry(terms))

    def remove(self, slot: int) -> None:
        """Give a slot up."""
        entry = self.entries[slot]
        if entry is None:
            return
        self.entries[slot] = None
        self.live -= 1
        for field, length in enumerate(entry.lengths):
            self._lengths[field] -= length

    def packed(self) -> "tuple[Postings, dict[int, int]]":
        """The same without what was given up, and where each slot went."""
        fresh, moved = Postings(), {}
        words = list(self.numbers)
        for slot, entry in enumerate(self.entries):
            if entry is not None:
                terms = array("I", [fresh._number(words[term]) for term in entry.terms])
                moved[slot] = fresh._insert(Entry(terms, entry.counts, entry.lengths))
        return fresh, moved

    def idf(self, term: int | None) -> float:
        """How rare a term is: the logarithm of texts by texts that have it; None is a term that no text has."""
        return math.log(len(self.entries) + 1) - self._logs[0 if term is None else len(self.slots[term])]

    def mean(self, field: int) -> float:
        """The average length of a field; never nought."""
        return self._lengths[field] / self.live + 1e-9 if self.live else 1.0

    def norm(self, lengths: tuple[int, int, int]) -> tuple[float, float, float]:
        """How much longer than usual each field of a text is; half the difference counts."""
        subject, prose, code = (0.5 + 0.5 * length / max(self.mean(field), 1.0) for field, length in enumerate(lengths))
        return subject, prose, code

    def _number(self, word: str) -> int:
        number = self.numbers.setdefault(word, len(self.slots))
        if number == len(self.slots):
            self.slots.append(array("I"))
            self.impacts.append(array("f"))
        return number

    def _entry(self, terms: Terms) -> Entry:
        packed: dict[str, int] = dict.fromkeys(sorted(terms.phrases), 0)
        for word in (*terms.subject, *terms.prose, *terms.code):
            packed[word] = pack(terms, word)
        numbers = array("I", [self._number(word) for word in packed])
        return Entry(numbers, array("H", packed.values()), (terms.subject.total(), terms.prose.total(), terms.code.total()))

    def _insert(self, entry: Entry) -> int:
        slot = len(self.entries)
        self.entries.append(entry)
        self._logs.append(math.log(len(self.entries) + 0.5))
        self.live += 1
        for field, length in enumerate(entry.lengths):
            self._lengths[field] += length
        factors = [
            weight / (1 - norm + norm * length / self.mean(field))
            for field, (weight, norm, length) in enumerate(zip(_WEIGHTS, _NORMS, entry.lengths, strict=True))
        ]
        for term, packed in zip(entry.terms, entry.counts, strict=True):
            subject, prose, code = TALLIES[packed]
            often = factors[0] * subject + factors[1] * prose + factors[2] * code
            self.slots[term].append(slot)
            self.impacts[term].append(often / (often + _SATURATION) if packed else PHRASE)
        return slot
