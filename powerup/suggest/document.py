"""A thread as it is known when it arrives."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Document:
    """What a customer wrote, who wrote it, and where. Nothing that is known only later belongs here."""

    subject: str
    body: str = ""
    author: str | None = None
    place: str | None = None
    """A forum or a category; opaque."""
