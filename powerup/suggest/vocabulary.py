"""How common each feature is, and with it how much it weighs in a document."""

import math

Vector = list[tuple[str, float]]
"""Features with their weights, the heaviest first; as a whole of length 1."""

MOST_FEATURES = 60_000
"""Known at once. Beyond it the quarter seen in the fewest documents, of these the longest known, is forgotten."""
LONGEST_VECTOR = 120


class Vocabulary:
    """Counts documents per feature."""

    def __init__(self) -> None:
        self.documents = 0
        self.seen: dict[str, int] = {}

    def add(self, features: dict[str, float]) -> None:
        """One document more."""
        self.documents += 1
        seen = self.seen
        for feature in features:
            seen[feature] = seen.get(feature, 0) + 1

    def vector(self, features: dict[str, float]) -> Vector:
        """The weights by which documents are compared: rare words weigh more, repetition weighs little."""
        log, seen, total = math.log, self.seen, self.documents + 2
        heavy = [(feature, (1 + log(times)) * log(total / (seen.get(feature, 0) + 0.5))) for feature, times in features.items()]
        heavy.sort(key=_weight, reverse=True)
        return of_length_one(heavy)[:LONGEST_VECTOR]

    def surplus(self) -> list[str]:
        """Features to forget now; empty most of the time."""
        if len(self.seen) <= MOST_FEATURES:
            return []
        rarest = sorted(self.seen, key=self.seen.__getitem__)[: MOST_FEATURES // 4]
        for feature in rarest:
            del self.seen[feature]
        return rarest


def of_length_one(weights: Vector) -> Vector:
    """The same direction, so that long and short texts compare."""
    length = math.sqrt(sum(weight * weight for _, weight in weights)) or 1.0
    return [(feature, weight / length) for feature, weight in weights]


def _weight(pair: tuple[str, float]) -> float:
    return pair[1]
