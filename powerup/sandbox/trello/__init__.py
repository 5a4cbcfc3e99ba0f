"""A stateful Trello in memory: REST API, signed identities, webhooks, authorize page, and the board page that frames the Power-Up.

double = create_trello(TrelloOptions(), seed=tell_the_story)     # seed(store) fills it, now and after every reset
with double:                                                     # or double.start(port=8900) ... double.stop()
    double.url, double.store, double.faults, double.dispatcher, double.keys, double.meter, double.options.power_up
"""

from collections.abc import Callable
from typing import Any

from flask import Flask, request

from powerup.sandbox.common.faults import Faults
from powerup.sandbox.common.server import Served
from powerup.sandbox.trello.authorize import Authorize
from powerup.sandbox.trello.control import Control
from powerup.sandbox.trello.identity import KeyRing
from powerup.sandbox.trello.limits import Meter
from powerup.sandbox.trello.options import PowerUp, RateLimits, TrelloOptions
from powerup.sandbox.trello.pages import Pages
from powerup.sandbox.trello.rest.app import mount
from powerup.sandbox.trello.rest.shapes import Shapes
from powerup.sandbox.trello.state import StateReader
from powerup.sandbox.trello.store import By, Store
from powerup.sandbox.trello.store.models import Action, Webhook
from powerup.sandbox.trello.webhooks import Dispatcher

__all__ = ["By", "PowerUp", "RateLimits", "Store", "TrelloDouble", "TrelloOptions", "create_trello"]

Seed = Callable[[Store], object]


class TrelloDouble(Served):
    """The application and everything behind it."""

    def __init__(self, options: TrelloOptions, seed: Seed) -> None:
        super().__init__()
        self.options = options
        self.store = Store(options.id_seed)
        self.keys = KeyRing()
        self.meter = Meter(options.limits)
        self.shapes = Shapes(self.store, options.power_up.id)
        self.state = StateReader(self.store, self.shapes, options)
        self.dispatcher = Dispatcher(self.store, options, self._describe)
        self.store.on_action = self.dispatcher.tell
        self._seed = seed
        self.app = self._application()
        self.faults = Faults.install(self.app, api=("/1/",), pages=("/1/authorize",))
        seed(self.store)

    def reset(self) -> None:
        """Begin again with the seeded story: tokens, webhooks, faults and counters are gone too."""
        self.faults.clear()
        self.faults.requests.clear()
        self.dispatcher.drop_all()
        self.meter.reset()
        with self.store.lock:
            self.store.clear()
            self._seed(self.store)

    def _started(self, url: str) -> None:
        self.shapes.set_origin(url)

    def _stopping(self) -> None:
        self.faults.clear()
        self.store.close()
        self.dispatcher.close()

    def _application(self) -> Flask:
        app = Flask(__name__, static_folder=None)
        # Trello's write routes are documented with and without a slash at the end.
        app.url_map.strict_slashes = False
        app.json.sort_keys = False  # type: ignore[attr-defined]  # the default provider has it
        app.extensions |= {
            "trello_store": self.store,
            "trello_options": self.options,
            "trello_shapes": self.shapes,
            "trello_keys": self.keys,
            "trello_inner": app.wsgi_app,
        }
        app.before_request(lambda: self.shapes.set_origin(request.host_url))
        mount(app, self.store, self.meter)
        Control(self).mount(app)
        Authorize(self).mount(app)
        Pages(self.options).mount(app)
        return app

    def _describe(self, action: Action, webhook: Webhook) -> dict[str, Any]:
        """The body of a webhook's request."""
        shelves = self.store.shelves
        model: dict[str, Any] = {"id": webhook.model_id}
        if webhook.model_id in shelves.boards:
            model = self.shapes.board(shelves.boards[webhook.model_id])
        elif webhook.model_id in shelves.cards:
            model = self.shapes.card(shelves.cards[webhook.model_id])
        elif webhook.model_id in shelves.lists:
            model = self.shapes.list(shelves.lists[webhook.model_id])
        return {"action": self.shapes.action(action), "model": model, "webhook": self.shapes.webhook(webhook)}


def create_trello(options: TrelloOptions | None = None, seed: Seed = lambda store: None) -> TrelloDouble:
    """A Trello, filled by `seed`; `start()` it, or use it in `with`."""
    return TrelloDouble(options or TrelloOptions(), seed)
