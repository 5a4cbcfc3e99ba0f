"""The whole outside over HTTP (a Trello, a forum, a Slack channel) and an installation that is connected to them; no web server.

Ada administers the board and connected it; the forum knows us as its moderator "helper"; "mei" is a customer.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from powerup.cards import queries as cards
from powerup.cards.actions import SeenCard, remember
from powerup.cards.models import Card
from powerup.crypto import new_key, random_token
from powerup.deliveries import runner
from powerup.forums.actions import ForumSettings, Found, add
from powerup.forums.models import Forum
from powerup.integrations.forums.base import Feature
from powerup.outbox.actions import Order, enqueue
from powerup.outbox.models import Delivery
from powerup.sandbox.common.faults import FaultPlan
from powerup.sandbox.discourse.double import DiscourseDouble
from powerup.sandbox.discourse.models import Post, Topic
from powerup.sandbox.discourse.store import NewPost, NewTopic
from powerup.sandbox.slack import SlackDouble, create_slack
from powerup.sandbox.trello import By, PowerUp, RateLimits, TrelloDouble, TrelloOptions, create_trello
from powerup.sandbox.trello.store.models import Board as TrelloBoard
from powerup.sandbox.trello.store.models import Card as TrelloCard
from powerup.sandbox.trello.store.models import TList
from powerup.services import Services
from powerup.settings import Settings
from powerup.sync.reading import read_thread
from powerup.tickets.models import Ticket
from powerup.workspaces import queries as workspaces
from powerup.workspaces.actions import ProvenBoard, connect_board, set_slack
from powerup.workspaces.models import Board
from powerup.workspaces.queries import Seat
from tests.cast import ADA, BEN, CLEO
from tests.factories import BY_ADA

SECRET_KEY = random_token()
ENCRYPTION_KEY = new_key()


@dataclass
class Scene:
    """The installation and its surroundings."""

    services: Services
    trello: TrelloDouble
    forum: DiscourseDouble
    slack: SlackDouble
    trello_board: TrelloBoard
    inbox: TList
    trello_token: str
    board: Board
    forum_row: Forum

    # ---- outside

    def thread(self, title: str = "My step fails", text: str = "It stops after one minute, every time.") -> Topic:
        """A customer's new thread on the forum."""
        return self.forum.store.add_topic(NewTopic(title, NewPost("mei", text)))

    def posts(self, topic: Topic) -> list[Post]:
        """What stands in a thread on the forum."""
        with self.forum.store.lock:
            return [self.forum.store.rows.posts[number] for number in topic.post_ids]

    def trello_card(self, name: str = "Timeouts after the upgrade") -> TrelloCard:
        """A card that somebody made on Trello."""
        return self.trello.store.add_card(self.inbox, name, by=By(BEN.trello_id))

    def cards_in_inbox(self) -> list[TrelloCard]:
        """The cards of the list Inbox on Trello."""
        with self.trello.store.lock:
            return [card for card in self.trello.store.cards_of(self.trello_board.id) if card.list_id == self.inbox.id]

    # ---- inside

    @property
    def seat(self) -> Seat:
        """Ada's."""
        with self.services.database.read() as session:
            return workspaces.seat(session, trello_board_id=self.board.trello_id, member_id=ADA.trello_id)

    def card(self, made: TrelloCard | None = None) -> Card:
        """Our row of a card on Trello (of a new one)."""
        made = made or self.trello_card()
        seen = SeenCard(made.id, made.name, f"{self.trello.url}/c/{made.short_link}", made.list_id, made.closed)
        with self.services.database.write() as session:
            return remember(session, session.get_one(Board, self.board.id), seen)

    def ticket(self, topic: Topic | None = None) -> Ticket:
        """Our row of a thread on the forum (of a new one)."""
        with self.services.forum(self.forum_row) as adapter:
            return read_thread(self.services, adapter, self.forum_row, str((topic or self.thread()).id))

    def order(self, kind: str, payload: dict[str, Any] | None = None, **about: Any) -> int:
        """Enqueue a delivery; its id."""
        lane = about.pop("lane", f"{kind}:{about}")
        with self.services.database.write() as session:
            order = Order(kind, lane, payload or {}, created_by=ADA.trello_id, **about)
            return enqueue(session, self.board.workspace_id, order, max_attempts=self.services.settings.max_attempts).id

    def deliver(self, tries: int = 1) -> None:
        """Carry out everything that is due; again at once (however long the pause) up to `tries` times."""
        for number in range(tries):
            if number:
                self.wind()
            while runner.run_one(self.services, "test"):
                pass

    def wind(self) -> None:
        """Make every waiting delivery due now."""
        with self.services.database.write() as session:
            for delivery in session.scalars(select(Delivery).where(Delivery.state == "pending")):
                delivery.next_attempt_at = delivery.created_at

    def delivery(self, delivery_id: int) -> Delivery:
        """How it stands."""
        with self.services.database.read() as session:
            return session.get_one(Delivery, delivery_id)

    def known_card(self, trello_id: str) -> Card | None:
        """Our row by Trello's id."""
        with self.services.database.read() as session:
            return cards.by_trello_id(session, self.board.workspace_id, trello_id)

    # ---- trouble

    def lose_next_answer(self, of: TrelloDouble | DiscourseDouble | SlackDouble, *, method: str = "POST", path: str = "") -> None:
        """The next such call is carried out and its answer lost."""
        of.faults.set(FaultPlan(lose_answer_every=1, methods=(method,), path_contains=path, times=1))

    def break_calls(self, of: TrelloDouble | DiscourseDouble | SlackDouble, **plan: Any) -> None:
        """Every call fails as the plan says, and is not carried out."""
        of.faults.set(FaultPlan(**({"fail_every": 1} | plan)))


@contextmanager
def connected(database_url: str, *, limits: RateLimits | None = None, **changes: Any) -> Iterator[Scene]:
    """A scene with its board, its forum and (unless a test disconnects it) no Slack."""
    options = TrelloOptions(power_up=PowerUp(), limits=limits or RateLimits(), webhook_retry_seconds=())
    with create_trello(options) as trello, DiscourseDouble(hook_waits=()) as forum, create_slack() as slack:
        services = Services.from_settings(settings_for(database_url, trello, forum, slack, **changes))
        try:
            yield _connect(services, trello, forum, slack)
        finally:
            services.close()


def settings_for(database_url: str, trello: TrelloDouble, forum: DiscourseDouble, slack: SlackDouble, **changes: Any) -> Settings:
    """Settings that lead to the doubles and nowhere else."""
    power_up = trello.options.power_up
    values: dict[str, Any] = {
        "base_url": "https://closeloop.test",
        "database_url": database_url,
        "secret_key": (SECRET_KEY,),
        "encryption_key": (ENCRYPTION_KEY,),
        "trello_plugin_id": power_up.id,
        "trello_api_key": power_up.api_key,
        "trello_api_secret": power_up.secret,
        "trello_api_url": f"{trello.url}/1",
        "trello_origin": trello.url,
        "slack_api_url": slack.api_url,
        "private_hosts": tuple(double.url.removeprefix("http://") for double in (trello, forum, slack)),
        "connect_timeout": 2.0,
        "read_timeout": 5.0,
        "retry_base_seconds": 60.0,
        "max_attempts": 5,
    }
    return Settings(**(values | changes))


def _connect(services: Services, trello: TrelloDouble, forum: DiscourseDouble, slack: SlackDouble) -> Scene:
    store = trello.store
    ours = store.add_organization("ours", "Ours")
    ada, ben = (store.add_member(who.username, who.full_name, organizations=(ours,), id=who.trello_id) for who in (ADA, BEN))
    store.add_member(CLEO.username, CLEO.full_name, id=CLEO.trello_id)
    there = store.add_board("Support", organization=ours, members={ada: "admin", ben: "normal"})
    token = store.make_token(ada, trello.options.power_up.api_key).value
    forum.store.add_user("helper", moderator=True)
    forum.store.add_user("mei", "Mei Tanaka")
    proven = ProvenBoard(there.id, there.name, f"{trello.url}/b/{there.short_link}", ours.id, "Ours", {ADA.trello_id: "admin"})
    wanted = ForumSettings(
        "discourse", "Help", forum.url, credentials={"api_key": forum.api_key, "api_username": "helper"}, hook_secret="the forum's secret"
    )
    with services.database.write() as session:
        board = connect_board(session, proven, member_id=ADA.trello_id, token=token, sealer=services.sealer)
        found = Found(sorted(Feature), {}, "helper")
        row = add(session, board.workspace_id, wanted, found, by=BY_ADA, sealer=services.sealer)
    return Scene(services, trello, forum, slack, there, store.add_list(there, "Inbox"), token, board, row)


def connect_slack(scene: Scene) -> None:
    """Ada connects the channel."""
    with scene.services.database.write() as session:
        workspace = workspaces.workspace(session, scene.board.workspace_id)
        set_slack(session, workspace, scene.slack.webhook_url, sealer=scene.services.sealer, by=BY_ADA)
