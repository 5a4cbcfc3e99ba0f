"""One forum, step by step, from its address to its history. What its vendor is called stays in the adapter."""

import socket
from collections.abc import Iterator
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from sqlalchemy import func, select

from powerup import clock
from powerup.crypto import SealError
from powerup.doctor.installation import LOST_KEY
from powerup.doctor.steps import Section, Step, failed, ok, skipped, warning
from powerup.doctor.words import FEATURES
from powerup.forums import queries
from powerup.forums.models import Backfill
from powerup.forums.models import Forum as ForumRow
from powerup.forums.progress import words
from powerup.integrations.errors import AddressRefusedError, IntegrationError
from powerup.integrations.forums.base import Check, Feature, Forum
from powerup.integrations.http import HttpClient
from powerup.services import Services
from powerup.tickets.models import Ticket

_SILENT = timedelta(minutes=10)
"""A thread that changed so long after the last webhook shows that webhooks have stopped."""
_NOT_POLLED = 5
"""Polls that may be late before it is said."""
_HOOKS = (Feature.webhook, Feature.signed_webhook)


def forum(services: Services, row: ForumRow) -> Section:
    """Everything about one forum. Asks it a few times; works when it is down."""
    steps: list[Step] = []
    try:
        with services.forum(row) as adapter:
            check = _live(services, row, adapter, steps)
            steps += _features(adapter, check)
            steps.append(_webhook(services, row, adapter))
    except SealError:
        steps.append(failed("credentials", "The stored credentials cannot be opened.", LOST_KEY))
    steps += [_sync(services, row), _history(services, row)]
    return Section(f"{row.name} ({row.base_url})", steps, row.id)


def _live(services: Services, row: ForumRow, adapter: Forum, steps: list[Step]) -> Check | None:
    """Steps that ask the forum; each needs the one before. None when it could not be asked what it allows."""
    for step in _address(services, row, adapter):
        steps.append(step)
        if step.mark == "failed":
            steps.append(skipped("account", "The forum itself was not asked, because its address does not answer."))
            return None
    try:
        check = adapter.check()
    except IntegrationError as error:
        steps.append(failed("account", error.detail, _mend_of(error)))
        return None
    for problem in check.problems:
        steps.append(failed("account", problem))
    if check.problems:
        return None
    who = f"we act as {check.acting_as}" if check.acting_as else "we read as any passer-by, without an account"
    steps.append(ok("account", f"It is a {adapter.label} called “{check.site_name}”; {who}."))
    steps += [warning("account", words) for words in check.warnings]
    steps += _reading(adapter)
    return check


def _address(services: Services, row: ForumRow, adapter: Forum) -> Iterator[Step]:
    parts = urlsplit(row.base_url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        yield skipped("address", f"{row.base_url} is no web address; whether it answers is seen at the next step.")
        return
    try:
        socket.getaddrinfo(parts.hostname, parts.port or 443)
    except (OSError, UnicodeError):
        yield failed("address", f"There is no host {parts.hostname}.", "Correct the address in the settings, or this machine's DNS.")
        return
    try:
        with HttpClient(services.http_policy, vendor=adapter.label) as http:
            http.request("GET", row.base_url)
    except IntegrationError as error:
        if isinstance(error, AddressRefusedError):
            mend = f"If that is meant, add {parts.netloc} to CLOSELOOP_PRIVATE_HOSTS."
            yield failed("address", error.detail, mend)
            return
        if error.http_status is None:
            yield failed("address", error.detail, "See that the site is up and that this machine may reach it.")
            return
        # Any status is an answer; what it means is seen below.
    yield ok("address", f"{parts.hostname} is found and answers.")
    if parts.scheme == "http":
        yield warning("encryption", "The address is http: keys and messages travel readable.", "Enter the https address if there is one.")


def _reading(adapter: Forum) -> Iterator[Step]:
    try:
        page = adapter.changed_since(None)
    except IntegrationError as error:
        yield failed("listing", f"Threads cannot be listed. {error.detail}", _mend_of(error))
        return
    if not page.stubs:
        mend = "If there are threads, give the account permission to see them."
        yield warning("listing", "The list of threads can be read and is empty.", mend)
        return
    yield ok("listing", f"Threads can be listed; the newest page has {len(page.stubs)}.")
    try:
        thread = adapter.read(page.stubs[-1].external_id)
    except IntegrationError as error:
        yield failed("reading", f"A thread cannot be read. {error.detail}", _mend_of(error))
        return
    count = len(thread.messages)
    yield ok("reading", f"A thread can be read; it has {count} {'message' if count == 1 else 'messages'}.")


def _features(adapter: Forum, check: Check | None) -> Iterator[Step]:
    for feature in Feature:
        name = f"can:{feature}"
        if feature in _HOOKS:
            continue
        if feature in adapter.cannot:
            yield skipped(name, f"{FEATURES[feature]}: not possible here. {adapter.cannot[feature]}")
        elif check is not None and feature in check.features:
            yield ok(name, f"{FEATURES[feature]}: possible.")
        elif check is not None:
            yield warning(name, f"{FEATURES[feature]}: not allowed now.", check.missing.get(feature, ""))


def _webhook(services: Services, row: ForumRow, adapter: Forum) -> Step:
    every = f"every {services.settings.poll_seconds} seconds"
    if Feature.webhook in adapter.cannot:
        return skipped("webhook", f"{adapter.cannot[Feature.webhook]} News is fetched {every}.")
    signed = Feature.signed_webhook not in adapter.cannot
    came, refused = row.last_hook_at, row.hook_refused_at
    if signed and not queries.hook_secret(row, services.sealer):
        mend = f"Enter one in the forum's settings, and the same on the forum. {adapter.hook_help}".strip()
        tell = failed if came or refused else warning
        return tell("webhook", f"No webhook secret is set, so that every webhook is refused; news is fetched {every}.", mend)
    if refused is not None and (came is None or refused > came):
        mend = "Enter the same secret in the forum's settings here and on the forum. " if signed else ""
        mend = f"{mend}{adapter.hook_help}".strip()
        return failed("webhook", f"The last webhook, {_at(refused)}, was refused: its secret or its form is not the one expected.", mend)
    if came is None:
        why = f"No webhook has come yet; news is fetched {every}."
        mend = f"The webhook's address stands in the forum's settings in the Power-Up. {adapter.hook_help}".strip()
        return warning("webhook", why, mend)
    with services.database.read() as session:
        changed = session.scalar(select(func.max(Ticket.changed_at)).where(Ticket.forum_id == row.id))
    if changed is not None and changed > came + _SILENT and changed < clock.now() - _SILENT:
        why = f"The last webhook came {_at(came)}, and a thread changed {_at(changed)} without one."
        return warning("webhook", why, f"Look on the forum whether it still sends them. {adapter.hook_help}".strip())
    return ok("webhook", f"The last webhook came {_at(came)}.")


def _sync(services: Services, row: ForumRow) -> Step:
    if row.state == "broken":
        return failed("sync", f"The last poll failed. {row.sync_error}", f"It is tried again {_at(row.next_sync_at)}.")
    if row.last_sync_at is None:
        return warning("sync", "It has not been read to the end yet.", "Give the worker a minute; see the step about it above.")
    late = timedelta(seconds=services.settings.poll_seconds) * _NOT_POLLED + timedelta(minutes=5)
    if row.last_sync_at < clock.now() - late and not row.todo:
        return failed("sync", f"It was read last {_at(row.last_sync_at)}, which is too long ago.", "See the step about the worker above.")
    slow = f" It asked us to slow down: {row.pace:.1f} seconds lie between two threads now." if row.pace else ""
    return ok("sync", f"It was read {_at(row.last_sync_at)}.{slow}")


def _history(services: Services, row: ForumRow) -> Step:
    with services.database.read() as session:
        made = session.scalar(select(Backfill).where(Backfill.forum_id == row.id))
    if made is None:
        return skipped("history", f"Its history was never asked for. Ask with: closeloop sync --since 2020-01-01 --forum {row.id}")
    if made.state == "failed":
        mend = f"Mend that, then: closeloop sync --resume --forum {row.id}"
        return failed("history", f"Reading its history stopped. {made.error}", mend)
    if made.state == "paused":
        return warning("history", f"Reading its history is paused: {words(made)}.", f"Go on with: closeloop sync --resume --forum {row.id}")
    if made.error:
        return warning("history", f"Reading its history: {words(made)}.")
    return ok("history", f"Its history: {words(made)}.")


def _mend_of(error: IntegrationError) -> str:
    return "Enter the credentials again in the forum's settings." if error.reconnect else ""


def _at(moment: datetime | None) -> str:
    return f"at {moment:%H:%M} UTC on {moment:%d %B}" if moment else "soon"
