"""Which threads people confirmed to be about the same problem as an earlier one."""

from collections.abc import Hashable
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)


class Confirmed(Generic[Key]):
    """Pairs of a thread and its original. Either may be unknown to the index: the pair counts as soon as it is known."""

    def __init__(self) -> None:
        # Dictionaries with no values: sets whose order is that of insertion, so that answers do not depend on hash seeds.
        self._originals: dict[Key, dict[Key, None]] = {}
        self._members: dict[Key, dict[Key, None]] = {}

    def join(self, key: Key, original: Key) -> None:
        """Remember a pair; a thread and itself are none."""
        if key != original:
            self._originals.setdefault(key, {})[original] = None
            self._members.setdefault(original, {})[key] = None

    def originals(self, key: Key) -> tuple[Key, ...]:
        """The threads that this one was joined to."""
        return tuple(self._originals.get(key, ()))

    def members(self, key: Key) -> tuple[Key, ...]:
        """The threads that were joined to this one."""
        return tuple(self._members.get(key, ()))

    def forget(self, key: Key) -> None:
        """Take a thread out of all its pairs."""
        for one, other in ((self._originals, self._members), (self._members, self._originals)):
            for partner in one.pop(key, ()):
                del other[partner][key]
                if not other[partner]:
                    del other[partner]
