"""Identifiers that look like Trello's."""

import random
import time

_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
_SEEDED_START = 0x65600000


class IdSource:
    """Makes 24-hex ids (a time, randomness and a counter, so they sort by creation), short links and tokens.

    With a seed it makes the same ones every time.
    """

    def __init__(self, seed: int | None) -> None:
        self._random: random.Random = random.SystemRandom() if seed is None else random.Random(seed)  # noqa: S311 - a double's ids
        self._seeded = seed is not None
        self._count = 0
        self._machine = self._random.getrandbits(40)

    def new_id(self) -> str:
        """A 24-hex id, greater than all before it."""
        self._count += 1
        moment = _SEEDED_START if self._seeded else int(time.time())
        return f"{moment:08x}{self._machine:010x}{self._count:06x}"

    def short_link(self) -> str:
        """Eight letters and digits, as in a card's address."""
        return "".join(self._random.choices(_ALPHABET, k=8))

    def token(self) -> str:
        """A user token in the form Trello has used since 2023."""
        return f"ATTA{self._random.getrandbits(288):072x}"
