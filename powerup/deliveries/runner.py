"""Carries deliveries out: claim, prepare, send, settle. No transaction is open while a vendor is asked."""

from sqlalchemy.orm import Session

from powerup.deliveries.job import Job, Outcome, TrelloPlace
from powerup.deliveries.registry import HANDLERS
from powerup.errors import CloseloopError
from powerup.events.actions import SYSTEM, record
from powerup.integrations.errors import IntegrationError, OvertakenError
from powerup.log import logger
from powerup.outbox import actions as outbox
from powerup.outbox.models import Delivery
from powerup.services import Services
from powerup.workspaces.actions import refuse_account

OUR_FAULT = "Something went wrong on our side. It is tried again; if it keeps failing, the log has the details."
"""The reason that people see when a handler broke; what broke is in the log."""

log = logger("deliveries")


def run_one(services: Services, worker: str) -> bool:
    """Carry out the next due delivery; returns whether there was one."""
    delivery = claim(services, worker)
    if delivery is None:
        return False
    carry_out(services, delivery)
    return True


def claim(services: Services, worker: str) -> Delivery | None:
    """Take the next due delivery, or None."""
    with services.database.write() as session:
        return outbox.claim(session, worker=worker, lease_seconds=services.settings.lease_seconds)


def carry_out(services: Services, delivery: Delivery) -> None:
    """Send a claimed delivery and write down how it went. What others got wrong is settled; what we got wrong is raised."""
    job: Job | None = None
    try:
        job = _prepared(services, delivery)
        outcome = job.send()
    except CloseloopError as error:
        give_back(services, delivery, error, place=getattr(job, "place", None))
        return
    try:
        with services.database.write() as session:
            outbox.settle_done(session, delivery, outcome)
            job.settle(session, outcome)
            _note(session, delivery, "delivery.done", outcome)
        log.info("delivery done", delivery=delivery.id, kind=delivery.kind, attempts=delivery.attempts)
    except outbox.LeaseLostError:
        log.warning("delivery was taken over", delivery=delivery.id, kind=delivery.kind)


def give_back(services: Services, delivery: Delivery, error: CloseloopError | None, *, place: object = None) -> None:
    """The attempt failed: plan the next, or give up with the reason on the screen.

    :param error: None when it was our own fault.
    :param place: where it was sent; a Trello account that was refused there is marked so.
    """
    vendor = error if isinstance(error, IntegrationError) else None
    # What we refuse ourselves (forum removed, board disconnected …) does not get better by trying again.
    permanent = vendor.permanent if vendor else error is not None
    try:
        with services.database.write() as session:
            gave_up = outbox.settle_failed(
                session,
                delivery,
                error.detail if error else OUR_FAULT,
                permanent=permanent,
                retry_after=vendor.retry_after if vendor else None,
                base_seconds=services.settings.retry_base_seconds,
                outcome={"overtaken": True} if isinstance(error, OvertakenError) else None,
            )
            if gave_up:
                _note(session, delivery, "delivery.failed", {})
            if vendor and vendor.reconnect and isinstance(place, TrelloPlace):
                refuse_account(session, place.account.id, sealed_token=place.account.sealed_token)
    except outbox.LeaseLostError:
        log.warning("delivery was taken over", delivery=delivery.id, kind=delivery.kind)
        return
    status = vendor.http_status if vendor else None
    log.warning("delivery failed", delivery=delivery.id, kind=delivery.kind, attempts=delivery.attempts, gave_up=gave_up, status=status)


def _prepared(services: Services, delivery: Delivery) -> Job:
    with services.database.read() as session:
        return HANDLERS[delivery.kind].prepare(session, services, delivery)


def _note(session: Session, delivery: Delivery, verb: str, outcome: Outcome) -> None:
    about = {"card_id": delivery.card_id, "ticket_id": delivery.ticket_id}
    more = {"url": outcome["url"]} if "url" in outcome else {}
    record(session, delivery.workspace_id, verb, by=SYSTEM, **about, delivery=delivery.id, kind=delivery.kind, **more)
