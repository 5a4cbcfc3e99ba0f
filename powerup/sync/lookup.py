"""Addresses of threads: which are ours, and what is behind them."""

from collections.abc import Mapping, Sequence

from powerup.errors import UrlNotOursError
from powerup.forums import queries as forums
from powerup.forums.models import Forum as ForumRow
from powerup.integrations.errors import GoneError
from powerup.services import Services
from powerup.sync.reading import read_thread
from powerup.threads import ThreadState
from powerup.tickets import queries as tickets
from powerup.tickets.models import Ticket
from powerup.tickets.queries import Summary

LONGEST = 2_000
"""Characters of an address that we look at."""


def ticket_for_url(services: Services, workspace_id: int, url: str) -> Ticket:
    """The ticket behind a pasted address; a thread that we do not know yet is read from its forum now.

    Raises UrlNotOursError naming the connected forums, GoneError, or IntegrationError.
    """
    connected = _connected(services, workspace_id)
    found = _locate(services, connected, [url]).get(url)
    if found is None:
        raise _not_ours(connected)
    forum, thread_id = found
    with services.database.read() as session:
        known = tickets.by_external_id(session, forum.id, thread_id)
    # A thread that was deleted may have been brought back; what stands on the screen of whoever pastes it decides.
    if known is not None and known.state != ThreadState.deleted:
        return known
    with services.forum(forum) as adapter:
        ticket = read_thread(services, adapter, forum, thread_id)
    if ticket.state == ThreadState.deleted:
        # Moderators still see what nobody else does.
        raise GoneError("This thread was deleted on the forum.", permanent=True, http_status=None)
    return ticket


def known_tickets(services: Services, workspace_id: int, urls: Sequence[str]) -> dict[str, tuple[ForumRow | None, Summary | None]]:
    """For each address the forum that it belongs to, or None, and what we know of its thread, or None. Asks no forum."""
    located = _locate(services, _connected(services, workspace_id), urls)
    found: dict[str, tuple[ForumRow | None, Summary | None]] = dict.fromkeys(urls, (None, None))
    with services.database.read() as session:
        for url, (forum, thread_id) in located.items():
            ticket = tickets.by_external_id(session, forum.id, thread_id)
            found[url] = (forum, tickets.summary(session, workspace_id, ticket.id) if ticket else None)
    return found


def thread_at(services: Services, workspace_id: int, url: str) -> tuple[ForumRow, str] | None:
    """The connected forum and the thread's id there, or None for an address that is not ours."""
    return _locate(services, _connected(services, workspace_id), [url]).get(url)


def _connected(services: Services, workspace_id: int) -> Sequence[ForumRow]:
    with services.database.read() as session:
        return forums.listed(session, workspace_id)


def _locate(services: Services, connected: Sequence[ForumRow], urls: Sequence[str]) -> Mapping[str, tuple[ForumRow, str]]:
    located: dict[str, tuple[ForumRow, str]] = {}
    for forum in connected:
        with services.forum(forum) as adapter:
            for url in urls:
                thread_id = adapter.thread_id_of(url.strip()) if len(url) <= LONGEST and url not in located else None
                if thread_id is not None:
                    located[url] = (forum, thread_id)
    return located


def _not_ours(connected: Sequence[ForumRow]) -> UrlNotOursError:
    problem = [{"field": "url", "message": "is no thread of a connected forum"}]
    if not connected:
        return UrlNotOursError("No forum is connected yet. A board admin can connect one in the Power-Up's settings.", errors=problem)
    names = ", ".join(f"{forum.name} ({forum.base_url})" for forum in connected)
    return UrlNotOursError(f"Paste the address of a thread on a connected forum: {names}.", errors=problem)
