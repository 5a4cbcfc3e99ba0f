"""API version 1: one file a resource."""

from flask import Blueprint

from api import auth
from api.v1 import (
    badges,
    boards,
    cards,
    deliveries,
    forum_checks,
    forums,
    links,
    previews,
    replies,
    resolutions,
    session,
    ticket_cards,
    ticket_lookups,
    tickets,
    workspace,
)

blueprint = Blueprint("v1", __name__, url_prefix="/api/v1")

OPEN = (session.blueprint, boards.connections)
"""For people who have no seat yet; each checks who asks by itself."""

SEATED = (
    boards.blueprint,
    badges.blueprint,
    cards.blueprint,
    deliveries.blueprint,
    forum_checks.blueprint,
    forums.blueprint,
    links.blueprint,
    previews.blueprint,
    replies.blueprint,
    resolutions.blueprint,
    ticket_cards.blueprint,
    ticket_lookups.blueprint,
    tickets.blueprint,
    workspace.blueprint,
)
"""For members of a connected board."""

for part in OPEN:
    blueprint.register_blueprint(part)
for part in SEATED:
    part.before_request(auth.require_seat)
    blueprint.register_blueprint(part)
