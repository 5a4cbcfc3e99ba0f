"""What others send us: verify, store in the inbox, answer at once."""

from flask import Blueprint

from api.webhooks import forums, slack, trello

blueprint = Blueprint("webhooks", __name__, url_prefix="/webhooks")
for part in (forums.blueprint, slack.blueprint, trello.blueprint):
    blueprint.register_blueprint(part)
