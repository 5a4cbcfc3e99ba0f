"""An answer: an owner, how sure, and the words that speak for it."""

from dataclasses import dataclass
from typing import Literal

from powerup.suggest.document import Document
from powerup.suggest.everyday import is_everyday
from powerup.suggest.features import Field, Place

Source = Literal["keyword", "learnt", "author"]

MOST_REASONS = 6
WORTH_MARKING = 0.2
"""Of the weight of the strongest learnt word: weaker ones would hide it."""


@dataclass(frozen=True, slots=True)
class Reason:
    """A word that speaks for an owner, where it stands, and how strongly. An author stands nowhere: `start` and `end` are 0."""

    field: Field
    start: int
    end: int
    text: str
    weight: float
    source: Source


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An owner; `share` is its part of all that speaks for anybody, so that all shares together are at most 1."""

    owner: str
    share: float
    reasons: tuple[Reason, ...]


def strongest(reasons: list[Reason]) -> tuple[Reason, ...]:
    """The strongest that do not overlap, and each text once."""
    chosen: list[Reason] = []
    said: set[str] = set()
    least = WORTH_MARKING * max((each.weight for each in reasons if each.source == "learnt"), default=0.0)
    for reason in sorted(reasons, key=lambda each: (-each.weight, each.field != "subject", each.start)):
        text = reason.text.casefold()
        if text in said or any(_overlap(reason, other) for other in chosen):
            continue
        if reason.source == "learnt" and (reason.weight < least or is_everyday(text)):
            continue
        said.add(text)
        chosen.append(reason)
        if len(chosen) == MOST_REASONS:
            break
    return tuple(chosen)


def reason_at(document: Document, place: Place, weight: float) -> Reason:
    """A learnt reason for what stands at a place."""
    text = document.subject if place.field == "subject" else document.body
    return Reason(place.field, place.start, place.end, text[place.start : place.end], round(weight, 4), "learnt")


def _overlap(one: Reason, other: Reason) -> bool:
    return one.field == other.field and one.start < other.end and other.start < one.end
