"""Which thread an id or an address means, and the reverse. No I/O."""

import re
from dataclasses import dataclass

from powerup.integrations.errors import GoneError
from powerup.integrations.github import Repository

ISSUE, DISCUSSION = "issue", "discussion"
_THREAD = re.compile(rf"({ISSUE}|{DISCUSSION})-([1-9][0-9]{{0,9}})")
_NUMBER = re.compile(r"[1-9][0-9]{0,9}")
_PAGES = {"issues": ISSUE, "discussions": DISCUSSION}


@dataclass(frozen=True, slots=True)
class Which:
    """An issue or a discussion of the repository. Both are numbered from one row, so a number alone does not say which."""

    kind: str
    number: int

    @property
    def thread_id(self) -> str:
        """As it is known outside: `issue-12`, `discussion-34`. It is also the id of the thread's first message."""
        return f"{self.kind}-{self.number}"

    @property
    def is_issue(self) -> bool:
        """Whether it is read by REST."""
        return self.kind == ISSUE


def which(thread_id: str) -> Which:
    """The reverse of `Which.thread_id`; raises GoneError for what can be none."""
    found = _THREAD.fullmatch(thread_id)
    if not found:
        raise GoneError("No thread of GitHub has such an id.", permanent=True, sent=False)
    return Which(found[1], int(found[2]))


def thread_id_in(repository: Repository, url: str) -> str | None:
    """The thread in an address such as `…/owner/name/issues/12#issuecomment-3` of this very repository, else None."""
    parts = repository.has_page(url)
    if not parts or len(parts) != 2 or parts[0] not in _PAGES or not _NUMBER.fullmatch(parts[1]):
        return None
    return f"{_PAGES[parts[0]]}-{parts[1]}"
