"""The local forums by kind, each with the story on it."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from powerup.sandbox.desk.double import DeskDouble
from powerup.sandbox.discourse.double import DiscourseDouble
from powerup.sandbox.github.double import GithubDouble
from powerup.sandbox.mail.double import MailDouble
from powerup.sandbox.nodebb.double import NodeBBDouble
from powerup.sandbox.roundup.double import RoundupDouble
from powerup.sandbox.rt.double import RtDouble
from powerup.sandbox.story.desk import seed_desk
from powerup.sandbox.story.forum import seed_forum
from powerup.sandbox.tender.double import TenderDouble
from powerup.sandbox.zendesk.double import ZendeskDouble

DEFAULT = "discourse"
_DESKS: Mapping[str, Callable[[], DeskDouble]] = {
    desk.kind: desk for desk in (TenderDouble, NodeBBDouble, ZendeskDouble, GithubDouble, MailDouble, RtDouble, RoundupDouble)
}
KINDS = (DEFAULT, *_DESKS)
"""What `closeloop demo --forum-kind` takes."""


@dataclass(frozen=True)
class LocalForum:
    """A running double and where its threads are."""

    double: DiscourseDouble | DeskDouble
    ids: Mapping[str, int]
    """A story thread's key -> its number on the double."""

    @property
    def url(self) -> str:
        """Where people read it."""
        return self.double.url

    def hosts(self) -> list[str]:
        """Every address on this machine that Closeloop talks to."""
        return [self.url, *(self.double.servers() if isinstance(self.double, DeskDouble) else ())]

    def addresses(self, home: str) -> dict[str, str]:
        """Each thread's address by its key, as Closeloop at `home` knows it."""
        return {key: self.double.address_of(number, home) for key, number in self.ids.items()}


@contextmanager
def local_forum(kind: str, port: int, now: datetime) -> Iterator[LocalForum]:
    """A forum of this kind with the story on it, while the context lasts; KeyError for a kind that there is not."""
    if kind == DEFAULT:
        with DiscourseDouble(port) as forum:
            yield LocalForum(forum, seed_forum(forum.store, now))
        return
    desk = _DESKS[kind]()
    desk.start(port)
    try:
        yield LocalForum(desk, seed_desk(desk, now))
    finally:
        desk.stop()
