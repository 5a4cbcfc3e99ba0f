"""The same customer on several forums: recognised by an e-mail address that each forum verified, and by nothing else."""

from collections.abc import Mapping, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from powerup.forums.models import Forum
from powerup.tickets.models import Customer, Ticket

SHOWN = 10
"""Threads of a person that are listed beside one of them."""


def threads_of(session: Session, workspace_id: int, customer_id: int, *, but: int, limit: int = SHOWN) -> Sequence[tuple[Ticket, Forum]]:
    """The person's other threads on all forums of the workspace, latest first, each with its forum."""
    accounts = accounts_of(session, workspace_id, [customer_id]).get(customer_id, [customer_id])
    wanted = (
        select(Ticket, Forum)
        .join(Forum, Forum.id == Ticket.forum_id)
        .where(Ticket.workspace_id == workspace_id, Ticket.customer_id.in_(accounts), Ticket.id != but)
        .order_by(Ticket.created_at.desc(), Ticket.id.desc())
        .limit(limit)
    )
    return [(row.Ticket, row.Forum) for row in session.execute(wanted)]


def counts(session: Session, workspace_id: int, customer_ids: Sequence[int]) -> Mapping[int, int]:
    """How many threads the person behind each of these accounts has opened, over all forums."""
    accounts = accounts_of(session, workspace_id, customer_ids)
    everybody = {account for group in accounts.values() for account in group}
    wanted = select(Ticket.customer_id, func.count()).where(Ticket.workspace_id == workspace_id, Ticket.customer_id.in_(everybody))
    opened = {customer_id: number for customer_id, number in session.execute(wanted.group_by(Ticket.customer_id))}
    return {customer_id: sum(opened.get(account, 0) for account in group) for customer_id, group in accounts.items()}


def accounts_of(session: Session, workspace_id: int, customer_ids: Sequence[int]) -> dict[int, list[int]]:
    """All accounts of the person behind each of these, itself included; unknown ids are absent."""
    about = select(Customer.id, Customer.email_print).where(Customer.workspace_id == workspace_id)
    prints = {customer_id: found for customer_id, found in session.execute(about.where(Customer.id.in_(customer_ids)))}
    known = {found for found in prints.values() if found}
    same: dict[str, list[int]] = {}
    if known:
        for customer_id, found in session.execute(about.where(Customer.email_print.in_(known)).order_by(Customer.id)):
            same.setdefault(found or "", []).append(customer_id)
    return {customer_id: same[found] if found else [customer_id] for customer_id, found in prints.items()}
