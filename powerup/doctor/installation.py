"""The installation itself: settings, database, worker, Trello."""

from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import urlsplit

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from powerup import clock
from powerup.crypto import SealError
from powerup.db import migrate
from powerup.doctor.steps import Section, Step, failed, ok, skipped, warning
from powerup.forums.models import Forum
from powerup.inbox.models import Received
from powerup.integrations.errors import IntegrationError
from powerup.outbox.models import Delivery, State
from powerup.services import Services
from powerup.settings import Settings
from powerup.workspaces.models import Board, TrelloAccount

LATE = timedelta(minutes=2)
"""What has been due for so long shows that no worker runs."""
_LOCAL = ("localhost", "127.0.0.1", "::1")


def installation(services: Services) -> Section:
    """Everything that all forums need."""
    steps = [*_settings(services.settings), _database(services)]
    if steps[-1].mark == "ok":
        steps += [_worker(services), *_trello(services)]
    return Section("Installation", steps)


def has_database(section: Section) -> bool:
    """Whether rows can be looked at."""
    return any(step.name == "database" and step.mark == "ok" for step in section.steps)


def _settings(settings: Settings) -> Iterator[Step]:
    yield ok("settings", "The settings can be read; the keys are there.")
    address = urlsplit(settings.base_url)
    if address.scheme == "https":
        yield ok("base_url", f"The public address is {settings.base_url}.")
    elif address.hostname in _LOCAL:
        why = f"The public address is {settings.base_url}: only this machine can open it, and no webhook arrives."
        yield warning("base_url", why, "For real use set CLOSELOOP_BASE_URL to the https address under which others reach it.")
    else:
        why = f"The public address {settings.base_url} is not https: Trello loads no Power-Up from there."
        yield failed("base_url", why, "Put a certificate before it and set CLOSELOOP_BASE_URL to the https address.")
    for name in ("trello_api_key", "trello_plugin_id"):
        if not getattr(settings, name):
            mend = f"Set CLOSELOOP_{name.upper()} from https://trello.com/power-ups/admin."
            yield failed("trello_settings", f"CLOSELOOP_{name.upper()} is not set: Trello is not reached.", mend)


def _database(services: Services) -> Step:
    try:
        current = migrate.is_current(services.database)
    except SQLAlchemyError:
        why = "The database cannot be opened."
        return failed("database", why, "Compare CLOSELOOP_DATABASE_URL with where the database is, and see that it runs.")
    if not current:
        return failed("database", "The database has another schema than this version expects.", "Run: closeloop migrate")
    return ok("database", "The database answers and has the newest schema.")


def _worker(services: Services) -> Step:
    now = clock.now()
    late = now - LATE
    waiting = (State.pending, State.running)
    with services.database.read() as session:
        idle = (Forum.lease_until.is_(None)) | (Forum.lease_until <= late)
        forums = select(func.count()).select_from(Forum).where(Forum.removed_at.is_(None), Forum.next_sync_at < late, idle)
        sending = select(func.count()).select_from(Delivery).where(Delivery.state.in_(waiting), Delivery.next_attempt_at < late)
        hints = (
            select(func.count()).select_from(Received).where(Received.state.in_(("pending", "running")), Received.next_attempt_at < late)
        )
        counts = [session.scalar(each) or 0 for each in (forums, sending, hints)]
        read_at = session.scalar(select(func.max(Forum.last_sync_at)).where(Forum.removed_at.is_(None)))
    if any(counts):
        why = (
            f"No worker seems to run: {counts[0]} forums, {counts[1]} deliveries and {counts[2]} webhooks wait for longer than they should."
        )
        return failed("worker", why, "Start one: closeloop worker, or closeloop serve --with-worker.")
    if read_at is None:
        return skipped("worker", "Nothing has been read yet, so nothing shows whether a worker runs.")
    return ok("worker", f"A worker is at work; a forum was read at {read_at:%H:%M} UTC on {read_at:%d %B}.")


def _trello(services: Services) -> Iterator[Step]:
    with services.database.read() as session:
        live = select(Board.account_id).where(Board.disconnected_at.is_(None))
        accounts = session.scalars(select(TrelloAccount).where(TrelloAccount.id.in_(live)).order_by(TrelloAccount.id)).all()
    if not accounts:
        yield warning("trello", "No board is connected yet.", "A board admin opens the Power-Up's settings and connects the board.")
    for account in accounts:
        try:
            with services.trello(services.trello_token(account)) as trello:
                yield ok("trello", f"Trello answers; we act as {trello.me().username} there.")
        except IntegrationError as error:
            mend = "A board admin connects the board again in the Power-Up's settings." if error.reconnect else ""
            yield failed("trello", error.detail, mend)
        except SealError:
            yield failed("trello", "Trello's token cannot be opened.", LOST_KEY)


LOST_KEY = (
    "It was sealed with a key that CLOSELOOP_ENCRYPTION_KEY no longer lists: add the old key behind the new one, or connect it again."
)
