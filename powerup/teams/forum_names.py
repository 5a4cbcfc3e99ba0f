"""What a person or a team is called on one of several forums. Pure.

One text serves all: `ada.okafor; Old help: ada` is "ada" on the forum "Old help" and "ada.okafor" on every other.
"""

from collections.abc import Collection


def own_name(text: str | None, forum: str, forums: Collection[str]) -> str | None:
    """The name that was given for this very forum, or None. `forums` are the names of all that are connected."""
    return next((value for name, value in _entries(text, forums) if name is not None and name == _key(forum)), None)


def common_name(text: str | None, forums: Collection[str]) -> str | None:
    """The name that was given for no forum in particular, or None."""
    return next((value for name, value in _entries(text, forums) if name is None), None)


def _entries(text: str | None, forums: Collection[str]) -> list[tuple[str | None, str]]:
    known = {_key(forum) for forum in forums}
    found: list[tuple[str | None, str]] = []
    for part in (text or "").split(";"):
        before, colon, after = part.partition(":")
        # Groups may have colons in their names: only a forum's own name makes it a prefix.
        entry = (_key(before), after.strip()) if colon and _key(before) in known else (None, part.strip())
        if entry[1]:
            found.append(entry)
    return found


def _key(name: str) -> str:
    return " ".join(name.split()).casefold()
