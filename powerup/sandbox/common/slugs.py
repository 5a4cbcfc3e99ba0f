"""The readable part of a topic's address."""

from slugify import slugify


def slug_of(title: str) -> str:
    """Lower-case words of `title` in ASCII; `topic` when nothing is left, as Discourse does."""
    return slugify(title, max_length=80, word_boundary=True) or "topic"
