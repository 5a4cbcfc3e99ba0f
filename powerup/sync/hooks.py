"""Works on received webhooks. A hint says where to look; what is written down is what the vendor then shows."""

from powerup import clock
from powerup.errors import CloseloopError, NotFoundError
from powerup.forums import actions as forum_actions
from powerup.forums import queries as forums
from powerup.inbox import actions as inbox
from powerup.inbox.models import Received
from powerup.integrations.errors import GoneError, IntegrationError, RateLimitedError
from powerup.log import logger
from powerup.services import Services
from powerup.sync import slack_clicks
from powerup.sync.board_changes import work_on
from powerup.sync.engine import RATE_PAUSE
from powerup.sync.pace import slower
from powerup.sync.reading import read_thread

log = logger("inbox")

OUR_FAULT = "Working on this broke on our side; the log has the details."
_PAUSE = 5.0
"""Seconds before the second try; doubles each time."""
_LONGEST_PAUSE = 600.0


def run_one(services: Services, worker: str) -> bool:
    """Work on the next due hint; returns whether there was one."""
    item = claim(services, worker)
    if item is not None:
        carry_out(services, item)
    return item is not None


def claim(services: Services, worker: str) -> Received | None:
    """Take the next due hint, or None."""
    with services.database.write() as session:
        return inbox.claim(session, worker=worker, lease_seconds=services.settings.lease_seconds)


def carry_out(services: Services, item: Received) -> None:
    """Work on a claimed hint and write down how it went; what we got wrong ourselves is raised."""
    began = clock.now()
    try:
        _work(services, item)
    except CloseloopError as error:
        give_back(services, item, error)
        return
    with services.database.write() as session:
        inbox.settle_done(session, item)
        if "thread" in item.hint:
            # A forum tells of one post in several events; each reading may be many requests.
            inbox.settle_same(session, item, received_before=began)
    log.info("hint done", item=item.id, source=item.source)


def give_back(services: Services, item: Received, error: CloseloopError | None) -> None:
    """Try the hint later, or give it up: polling finds the same change anyway. None: it was our own fault."""
    vendor = error if isinstance(error, IntegrationError) else None
    pause = min(_PAUSE * 2 ** (item.attempts - 1), _LONGEST_PAUSE)
    with services.database.write() as session:
        inbox.settle_failed(
            session,
            item,
            error.detail if error else OUR_FAULT,
            permanent=vendor.permanent if vendor else error is not None,
            pause_seconds=max(pause, (vendor.retry_after if vendor else None) or 0.0),
        )
    log.warning("hint failed", item=item.id, source=item.source, attempts=item.attempts, status=vendor.http_status if vendor else None)


def _work(services: Services, item: Received) -> None:
    kind, _, row_id = item.source.partition(":")
    if kind == "forum":
        _read_again(services, item, int(row_id))
    elif kind == "slack":
        slack_clicks.work_on(services, item)
    else:
        work_on(services, int(row_id), item.hint)


def _read_again(services: Services, item: Received, forum_id: int) -> None:
    try:
        with services.database.read() as session:
            forum = forums.get(session, item.workspace_id, forum_id)
    except NotFoundError:
        # Removed meanwhile: nothing to do.
        return
    with services.forum(forum) as adapter:
        try:
            read_thread(services, adapter, forum, item.hint["thread"])
        except GoneError:
            # That was the news.
            return
        except RateLimitedError as error:
            # Polls and back-fill of this forum wait too, not only this hint.
            pace = slower(forum.pace)
            with services.database.write() as session:
                forum_actions.ask_less(session, forum.id, seconds=max(error.retry_after or RATE_PAUSE, pace), pace=pace)
            raise
