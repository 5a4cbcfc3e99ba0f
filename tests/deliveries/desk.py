"""Two teams on two boards, and somebody at the triage desk. `Web` works on the scene's board, `Agents` on one that Ben connected."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from powerup import clock
from powerup.assignments import queries as owned
from powerup.assignments.actions import Owner
from powerup.assignments.models import Assignment
from powerup.deliveries import runner
from powerup.links.models import Link
from powerup.outbox.models import Delivery
from powerup.sandbox.trello.store.models import Board as TrelloBoard
from powerup.sandbox.trello.store.models import Card as TrelloCard
from powerup.sandbox.trello.store.models import TList
from powerup.teams.actions import SeenPerson, remember_people
from powerup.teams.models import Team
from powerup.tickets.models import Ticket
from powerup.triage import undo
from powerup.triage.decisions import Desk, Wanted, decide
from powerup.triage.impacts import set_impact
from powerup.triage.models import Decision
from powerup.triage.rules import Impact
from powerup.triage.settings import pace
from powerup.workspaces import queries as workspaces
from powerup.workspaces.actions import ProvenBoard, SlackApp, connect_board, set_members, set_slack_app
from powerup.workspaces.models import Board
from tests.cast import ADA, BEN
from tests.factories import BY_ADA
from tests.scene import Scene


@dataclass
class Office:
    """The scene with its teams."""

    scene: Scene
    web: Team
    agents: Team
    other_board: Board
    other_trello_board: TrelloBoard
    other_inbox: TList

    # ---- what triagers do

    def assign(self, ticket: Ticket, team: Team | None = None, member_id: str | None = None) -> Decision:
        """Give a thread to a team (Web) and perhaps to a person."""
        owner = Owner((team or self.web).id, None, member_id)
        with self.at_desk() as (session, desk):
            here = session.get_one(Ticket, ticket.id)
            return decide(session, here, Wanted("assign", uuid4().hex, owner), desk)

    def undo(self, decision: Decision) -> None:
        """Take it back."""
        with self.at_desk() as (session, desk):
            undo.undo(session, session.get_one(Decision, decision.id), desk)

    def reassign(self, ticket: Ticket, team: Team, member_id: str | None = None) -> None:
        """Pass it on."""
        with self.at_desk() as (session, desk):
            undo.reassign(session, self._live(session, ticket), Owner(team.id, None, member_id), desk)

    def hand_back(self, ticket: Ticket) -> None:
        """The team does not want it."""
        with self.at_desk() as (session, desk):
            undo.hand_back(session, self._live(session, ticket), desk, why="Not ours.")

    def take(self, ticket: Ticket, member_id: str) -> None:
        """A person makes it theirs."""
        with self.at_desk() as (session, desk):
            undo.take(session, self._live(session, ticket), member_id, desk)

    def impact(self, ticket: Ticket, impact: Impact) -> None:
        """Say how bad it is."""
        with self.at_desk() as (session, desk):
            set_impact(session, session.get_one(Ticket, ticket.id), impact, desk)

    @contextmanager
    def at_desk(self) -> Iterator[tuple[Session, Desk]]:
        """A transaction, and Ada who decides."""
        settings = self.scene.services.settings
        with self.scene.services.database.write() as session:
            yield session, Desk(BY_ADA, pace(session, self.scene.board.workspace_id), settings.max_attempts)

    # ---- how it stands

    def live(self, ticket: Ticket) -> Assignment | None:
        """Whose it is."""
        with self.scene.services.database.read() as session:
            return owned.live(session, ticket.id)

    def standing(self, ticket: Ticket) -> str:
        """Where it stands in triage."""
        with self.scene.services.database.read() as session:
            return session.get_one(Ticket, ticket.id).triage

    def links(self, ticket: Ticket) -> int:
        """To how many cards it is linked."""
        with self.scene.services.database.read() as session:
            return len(session.scalars(select(Link.id).where(Link.ticket_id == ticket.id, Link.ended_at.is_(None))).all())

    def deliveries(self, kind: str) -> Sequence[Delivery]:
        """All of a kind, oldest first."""
        with self.scene.services.database.read() as session:
            return session.scalars(select(Delivery).where(Delivery.kind == kind).order_by(Delivery.id)).all()

    def unfinished(self) -> list[tuple[str, str, str | None]]:
        """What is neither done nor cancelled."""
        with self.scene.services.database.read() as session:
            rows = session.scalars(select(Delivery).where(Delivery.state.not_in(("done", "cancelled"))))
            return [(row.kind, row.state, row.reason) for row in rows]

    def cards(self, board: TrelloBoard | None = None) -> list[TrelloCard]:
        """All cards of a board on Trello, archived ones too."""
        with self.scene.trello.store.lock:
            return list(self.scene.trello.store.cards_of((board or self.scene.trello_board).id))

    def labels(self, card: TrelloCard) -> list[str]:
        """What the card wears."""
        return [self.scene.trello.store.label(each).name for each in card.label_ids]

    # ---- a worker that is interrupted

    def claim(self, kind: str) -> Delivery:
        """A worker takes the next delivery, which is of this kind, and has not done it yet."""
        delivery = runner.claim(self.scene.services, "slow")
        assert delivery is not None and delivery.kind == kind
        return delivery

    def finish(self, delivery: Delivery) -> None:
        """The worker goes on."""
        runner.carry_out(self.scene.services, delivery)

    @staticmethod
    def _live(session: Session, ticket: Ticket) -> Assignment:
        found = owned.live(session, ticket.id)
        assert found is not None
        return found


def office(scene: Scene) -> Office:
    """Furnish it."""
    store = scene.trello.store
    ada, ben = store.member(ADA.trello_id), store.member(BEN.trello_id)
    there = store.add_board("Agents", organization=store.organization("ours"), members={ben: "admin", ada: "normal"})
    inbox = store.add_list(there, "Inbox")
    token = store.make_token(ben, scene.trello.options.power_up.api_key).value
    scene.forum.store.add_group("web", ["helper"])
    roles = {ADA.trello_id: "normal", BEN.trello_id: "admin"}
    proven = ProvenBoard(there.id, "Agents", f"{scene.trello.url}/b/{there.short_link}", _organization(scene), "Ours", roles)
    with scene.services.database.write() as session:
        board = connect_board(session, proven, member_id=BEN.trello_id, token=token, sealer=scene.services.sealer)
        set_members(session, session.get_one(Board, scene.board.id), {ADA.trello_id: "admin", BEN.trello_id: "normal"})
        remember_people(session, board.workspace_id, [SeenPerson(who.trello_id, who.username, who.full_name) for who in (ADA, BEN)])
        web = team(session, scene.board.workspace_id, "Web", scene.board, scene.inbox, forum_group="web", slack_channel="#web-and-api")
        agents = team(session, scene.board.workspace_id, "Agents", board, inbox, member_ids=[BEN.trello_id], slack_channel="#deployments")
    return Office(scene, web, agents, board, there, inbox)


def team(session: Session, workspace_id: int, name: str, board: Board | None, inbox: TList | None, **more: Any) -> Team:
    """A team as the settings would make it."""
    place = {"board_id": board.id if board else None, "inbox_list_id": inbox.id if inbox else None}
    made = Team(workspace_id=workspace_id, name=name, from_settings=[], created_at=clock.now(), **{"member_ids": []} | place | more)
    made.inbox_list_name = "Inbox" if inbox else None
    session.add(made)
    session.flush()
    return made


def connect_slack_app(scene: Scene, *, buttons: bool = True) -> None:
    """The workspace's own Slack app."""
    app = SlackApp(scene.slack.bot_token, scene.slack.signing_secret if buttons else None)
    with scene.services.database.write() as session:
        set_slack_app(session, workspaces.workspace(session, scene.board.workspace_id), app, sealer=scene.services.sealer, by=BY_ADA)


def _organization(scene: Scene) -> str:
    return scene.trello.store.organization("ours").id
