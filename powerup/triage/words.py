"""Words in customers' texts, as far as the audit of the map needs them. No I/O."""

import re
from collections import Counter
from collections.abc import Sequence

MOST = 8
"""Words that are proposed."""
LEAST_LENGTH = 4
LEAST_THREADS = 2
SHARE = 0.2
"""Of the threads, that have to share a word."""

_WORD = re.compile(r"[^\W\d_][\w-]*[^\W_]")
_EVERYDAY = """
about after again also always another anybody anyone because been before being between both cannot could does doing done down each even
ever every from getting give goes going good have having hello help here into just keep know last like look made make many maybe more
most much must need never next once only other over please problem really same seems should since some someone something still such
support sure take than thank thanks that their them then there these they thing things think this those through tried trying under until
used using very want were what when where which while will with without work working works would your yours issue question team regards
"""
_COMMON = frozenset(_EVERYDAY.split())


def frequent(texts: Sequence[str], others: Sequence[str]) -> list[str]:
    """Words that several of these texts share and that are rarer in the others; the most shared first."""
    here, there = _counts(texts), _counts(others)
    least = max(LEAST_THREADS, SHARE * len(texts))
    shared = [word for word, count in here.items() if count >= least and _part(there[word], others) * 2 <= _part(count, texts)]
    return sorted(shared, key=lambda word: (-here[word], word))[:MOST]


def _counts(texts: Sequence[str]) -> Counter[str]:
    """In how many of the texts each word stands."""
    return Counter(word for text in texts for word in {found.lower() for found in _WORD.findall(text)} if _is_telling(word))


def _is_telling(word: str) -> bool:
    return len(word) >= LEAST_LENGTH and word not in _COMMON


def _part(count: int, of: Sequence[str]) -> float:
    return count / len(of) if of else 0.0
