"""Who is who: Ada owns the workspace, Ben is on her team, Cleo must never see it."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Person:
    """Somebody as Trello knows them."""

    trello_id: str
    username: str
    full_name: str
    role: Literal["admin", "normal"] | None
    """On the boards of the tests; None: no member of them."""


ADA = Person("5f0000000000000000000a0a", "ada", "Ada Okafor", "admin")
BEN = Person("5f0000000000000000000b0b", "ben", "Ben Lindqvist", "normal")
CLEO = Person("5f0000000000000000000c0c", "cleo", "Cleo Marchetti", None)

EVERYBODY = (ADA, BEN, CLEO)
