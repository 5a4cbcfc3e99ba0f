"""What an admin of the site chose, and what waits for a moderator."""

from dataclasses import dataclass, field
from datetime import datetime

PRIVATE_CID = 90
"""The category that staff and the author of a thread alone may read."""


@dataclass(slots=True)
class Queued:
    """A message that waits for a moderator."""

    id: str
    thread_id: int
    username: str
    text: str
    at: datetime


@dataclass(slots=True)
class Options:
    """What an admin of the site chose, and what happens to it."""

    post_queue: bool = False
    """Messages of people who do not moderate wait for approval."""
    min_post_length: int = 8
    post_delay: int = 0
    """Seconds between two messages of one account; while it is set, every message comes too soon."""
    busy: bool = False
    """The event loop lags: everything is 503 with a web page."""
    private_uploads: bool = False
    guests_read: bool = True
    search: bool = True
    """A search plug-in is active."""
    show_groups: bool = True
    """People may see who is in which group."""
    max_tags: int = 5
    min_tag_length: int = 3
    max_tag_length: int = 15
    tag_whitelist: list[str] = field(default_factory=list)
    per_page: int = 20
    recent_max: int = 200
    """Topics that `/api/recent` knows at most."""
    raw_html: bool = False
    """HTML in Markdown counts."""
