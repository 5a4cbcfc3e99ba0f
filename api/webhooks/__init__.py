"""What others send us: verify, store in the inbox, answer at once."""

from flask import Blueprint

from api.webhooks import forums, trello

blueprint = Blueprint("webhooks", __name__, url_prefix="/webhooks")
for part in (forums.blueprint, trello.blueprint):
    blueprint.register_blueprint(part)
