"""Which categories are tickets here, and which of them are private."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from powerup.integrations.errors import GoneError
from powerup.integrations.forums.nodebb.site import Json, maybe_ident

_NUMBER = re.compile(r"[1-9][0-9]{0,17}")


@dataclass(frozen=True, slots=True)
class Scope:
    """The numbers of categories that an admin entered; `only` empty: all that our account sees."""

    only: frozenset[str] = frozenset()
    private: frozenset[str] = frozenset()
    nonsense: tuple[str, ...] = ()
    """What was entered and names no category."""

    @classmethod
    def of(cls, credentials: Mapping[str, str]) -> Self:
        """From the settings `categories` and `private_categories`: numbers or addresses, separated by commas."""
        only, wrong = _numbers(credentials.get("categories", ""))
        private, wrong_too = _numbers(credentials.get("private_categories", ""))
        return cls(only, private, (*wrong, *wrong_too))

    def holds(self, topic: Json) -> bool:
        """Whether the topic is in a category that is tickets here."""
        return not self.only or maybe_ident(topic, "cid") in self.only

    def is_private(self, topic: Json) -> bool:
        """Whether its subject must not stand where others read."""
        return maybe_ident(topic, "cid") in self.private

    def refuse_others(self, topic: Json) -> None:
        """Raise GoneError for a topic of another category."""
        if not self.holds(topic):
            why = "This thread is in a category that is not tickets here (the forum's settings name those that are)."
            raise GoneError(why, permanent=True)


def _numbers(text: str) -> tuple[frozenset[str], tuple[str, ...]]:
    parts = [part.strip() for part in text.split(",") if part.strip()]
    # The number in an address, /category/5/support; without a pattern that would try each "/category/" of a very long text.
    found = {part: part.rpartition("/category/")[2].partition("/")[0] for part in parts}
    sound = {part: number for part, number in found.items() if _NUMBER.fullmatch(number)}
    return frozenset(sound.values()), tuple(part for part in found if part not in sound)
