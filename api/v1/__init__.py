"""API version 1: one file a resource."""

from flask import Blueprint

from api import auth
from api.v1 import (
    areas,
    assignments,
    backfills,
    badges,
    boards,
    cards,
    deliveries,
    digests,
    files,
    forum_checks,
    forums,
    links,
    outages,
    ownership,
    people,
    previews,
    recorder,
    replies,
    resolutions,
    session,
    teams,
    ticket_cards,
    ticket_lookups,
    tickets,
    workspace,
)
from api.v1.triage import cards as triage_cards
from api.v1.triage import decisions as triage_decisions
from api.v1.triage import news as triage_news
from api.v1.triage import queue as triage_queue
from api.v1.triage import replies as triage_replies
from api.v1.triage import settings as triage_settings
from api.v1.triage import views as triage_views

blueprint = Blueprint("v1", __name__, url_prefix="/api/v1")

OPEN = (session.blueprint, boards.connections)
"""For people who have no seat yet; each checks who asks by itself."""

SEATED = (
    areas.blueprint,
    assignments.blueprint,
    backfills.blueprint,
    boards.blueprint,
    badges.blueprint,
    cards.blueprint,
    deliveries.blueprint,
    digests.blueprint,
    files.blueprint,
    forum_checks.blueprint,
    forums.blueprint,
    links.blueprint,
    outages.blueprint,
    ownership.blueprint,
    people.blueprint,
    previews.blueprint,
    recorder.blueprint,
    replies.blueprint,
    resolutions.blueprint,
    teams.blueprint,
    ticket_cards.blueprint,
    ticket_lookups.blueprint,
    tickets.blueprint,
    triage_cards.blueprint,
    triage_decisions.blueprint,
    triage_news.blueprint,
    triage_queue.blueprint,
    triage_replies.blueprint,
    triage_settings.blueprint,
    triage_views.blueprint,
    workspace.blueprint,
)
"""For members of a connected board."""

for part in OPEN:
    blueprint.register_blueprint(part)
for part in SEATED:
    part.before_request(auth.require_seat)
    blueprint.register_blueprint(part)
