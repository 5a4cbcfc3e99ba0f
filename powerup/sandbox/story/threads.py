"""Reads `threads/*.md`: a few `name: value` lines, then posts, each begun by `@@ username age marks`.

Ages count back from the moment of seeding (`2d4h`, `9h12m`). Marks: `whisper`, `email`, `reply=N`, `html` (the text is cooked
HTML as it is, to play a forum that let it through), `closes`, `assigns=name`, `accepts=N` (the forum's own lines; their text is empty).
"""

import re
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from importlib import resources

from powerup.sandbox.common.slugs import slug_of

FIRST_ID = 11
"""Topic id of the oldest thread in an empty forum."""
_AGE = re.compile(r"(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?")


@dataclass(frozen=True, slots=True)
class StoryPost:
    """One post, or one of the forum's own lines."""

    username: str
    age: timedelta
    text: str
    marks: tuple[str, ...] = ()

    def mark(self, name: str) -> str | None:
        """The value of a mark: "" for a plain one, None when it is absent."""
        return next((mark.partition("=")[2] for mark in self.marks if mark.partition("=")[0] == name), None)


@dataclass(frozen=True, slots=True)
class StoryThread:
    """One thread. `key` is its file's name, `id` the topic id that it gets in an empty forum."""

    key: str
    id: int
    title: str
    category: str
    posts: tuple[StoryPost, ...]
    tags: tuple[str, ...] = ()
    private: bool = False
    pinned: bool = False

    @property
    def path(self) -> str:
        """Where it stands on the forum."""
        return f"/t/{slug_of(self.title)}/{self.id}"


@cache
def threads() -> tuple[StoryThread, ...]:
    """All threads, oldest first."""
    folder = resources.files(__package__) / "threads"
    read = [_thread(file.name.removesuffix(".md"), file.read_text("utf-8")) for file in folder.iterdir() if file.name.endswith(".md")]
    read.sort(key=lambda thread: (-thread.posts[0].age, thread.key))
    return tuple(
        StoryThread(one.key, number, one.title, one.category, one.posts, one.tags, one.private, one.pinned)
        for number, one in enumerate(read, FIRST_ID)
    )


def thread(key: str) -> StoryThread:
    """The thread of this name; KeyError when there is none."""
    for one in threads():
        if one.key == key:
            return one
    raise KeyError(key)


def _thread(key: str, text: str) -> StoryThread:
    head, *parts = re.split(r"^@@ ", text, flags=re.MULTILINE)
    values = dict(line.split(": ", 1) for line in head.strip().splitlines())
    posts = tuple(_post(part) for part in parts)
    tags = tuple(tag.strip() for tag in values.get("tags", "").split(",") if tag.strip())
    return StoryThread(key, 0, values["title"], values["category"], posts, tags, "private" in values, "pinned" in values)


def _post(part: str) -> StoryPost:
    line, _, text = part.partition("\n")
    username, age, *marks = line.split()
    match = _AGE.fullmatch(age)
    if match is None:
        raise ValueError(f"not an age: {age}")
    days, hours, minutes = (int(number or 0) for number in match.groups())
    return StoryPost(username, timedelta(days=days, hours=hours, minutes=minutes), text.strip(), tuple(marks))
