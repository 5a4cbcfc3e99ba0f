"""The baseline: multinomial naive Bayes as everybody would write it first. Kept apart from the product, to be beaten."""

import math
import re
from collections import Counter

_STOP_WORDS = """
the a an and or of to in is it i this that for on with as be are was not but have has can if you my we from at by so do what how there when
which would should will just no any
"""
"""Fixed: another list would be another baseline."""
_STOP = frozenset(_STOP_WORDS.split())
_WORD = re.compile(r"[a-z_][a-z0-9_]{1,30}")
_MOST_TIMES = 3
_SMOOTHING = 0.1


class NaiveBayes:
    """Learns all, then answers."""

    def __init__(self) -> None:
        self._documents: Counter[str] = Counter()
        self._words: dict[str, Counter[str]] = {}
        self._known: set[str] = set()

    def learn(self, title: str, body: str, owners: list[str]) -> None:
        """One document with its owners."""
        counted = _count(title, body)
        for owner in owners:
            self._documents[owner] += 1
            row = self._words.setdefault(owner, Counter())
            for word, times in counted.items():
                row[word] += min(times, _MOST_TIMES)
        self._known.update(counted)

    def ranked(self, title: str, body: str) -> list[str]:
        """All owners, the likeliest first."""
        asked = {word: min(times, _MOST_TIMES) for word, times in _count(title, body).items() if word in self._known}
        scored = []
        for owner, documents in self._documents.items():
            row, total = self._words[owner], self._words[owner].total() + _SMOOTHING * len(self._known)
            fit = sum(times * math.log((row[word] + _SMOOTHING) / total) for word, times in asked.items())
            scored.append((math.log(documents) + fit, owner))
        return [owner for _, owner in sorted(scored, reverse=True)]


def _count(title: str, body: str) -> Counter[str]:
    return Counter(word for word in _WORD.findall(((title + " ") * 3 + body).lower()) if word not in _STOP)
