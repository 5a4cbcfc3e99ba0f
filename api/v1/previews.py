"""POST /previews: what addresses on a card are, without asking any forum."""

from typing import Any

from flask import Blueprint
from pydantic import Field

from api import auth
from api.context import services
from api.openapi import Model, body, documented
from api.v1.shapes.tickets import ForumRef, TicketSummary, forum_ref, ticket_summary
from powerup.sync.lookup import known_tickets

blueprint = Blueprint("previews", __name__)


class PreviewQuestion(Model):
    """Addresses, as they stand on cards."""

    urls: list[str] = Field(max_length=50)


class Preview(Model):
    """`ours`: a thread of a connected forum; `ticket` is None while we have not read it."""

    ours: bool
    forum: ForumRef | None
    ticket: TicketSummary | None


class PreviewAnswer(Model):
    """By address."""

    previews: dict[str, Preview]


@blueprint.post("/previews")
@documented(tag="tickets", json=PreviewQuestion, answers={200: PreviewAnswer}, problems=(413, 422))
def ask() -> dict[str, Any]:
    """Which of these addresses are threads of ours, and what we know of them."""
    found = known_tickets(services(), auth.seat().workspace_id, body(PreviewQuestion).urls)
    return {
        "previews": {
            url: {
                "ours": forum is not None,
                "forum": forum_ref(forum.id, forum.name, forum.kind) if forum else None,
                "ticket": ticket_summary(summary) if summary else None,
            }
            for url, (forum, summary) in found.items()
        }
    }
