"""A triage desk for the tests of the API: a team with an area, and threads that wait."""

from dataclasses import dataclass
from typing import Any

from powerup.sandbox.trello.store.models import TList
from tests.api.world import Client, World
from tests.cast import ADA, BEN


@dataclass
class Desk:
    """Ada administers, Ben is in the team Deployments, which owns Agents (heartbeat) and Timeouts (timeout)."""

    world: World
    team_id: int
    agents_id: int
    timeouts_id: int

    @property
    def ada(self) -> Client:
        """The admin."""
        return self.world.as_(ADA)

    @property
    def ben(self) -> Client:
        """A member."""
        return self.world.as_(BEN)

    @property
    def inbox(self) -> TList:
        """Where the team's cards are made."""
        return self.world.trello.store.lists_of(self.world.board)[0]

    def thread(self, title: str = "No heartbeat", text: str = "The agent shows no heartbeat since noon.") -> int:
        """A customer's new thread, read; our id."""
        topic = self.world.thread(title, text)
        answer = self.ben.post("/api/v1/ticket-lookups", {"url": self.world.thread_url(topic)})
        return int(of(answer)["ticket"]["id"])

    def rows(self, who: Client | None = None, **query: Any) -> list[dict[str, Any]]:
        """The queue's rows."""
        found: list[dict[str, Any]] = of((who or self.ben).get("/api/v1/triage/queue", query_string=query))["rows"]
        return found

    def ids(self, **query: Any) -> list[int]:
        """Their ids."""
        return [row["id"] for row in self.rows(**query)]

    def decide(self, *ids: int, who: Client | None = None, batch: str = "batch-0001", **wanted: Any) -> dict[str, Any]:
        """Decide about threads; by default they go to the team."""
        said = {"kind": "assign", "ticket_ids": list(ids), "batch": batch} | wanted
        if said["kind"] == "assign":
            said.setdefault("team_id", self.team_id)
        return of((who or self.ben).post("/api/v1/triage/decisions", said))

    def assign(self, ticket_id: int, **wanted: Any) -> int:
        """Give one to the team; the assignment's id."""
        return int(self.decide(ticket_id, batch=f"assign-{ticket_id:04}", **wanted)["done"][0]["assignment_id"])


def of(answer: Any, status: int = 0) -> dict[str, Any]:
    """A good answer's body."""
    assert answer.status_code == status or (not status and answer.status_code < 300), (answer.status_code, answer.json)
    body: dict[str, Any] = answer.json
    return body


def desk(world: World) -> Desk:
    """Set the desk up, as an admin does it."""
    ada = world.as_(ADA)
    wanted = {"name": "Deployments", "board_trello_id": world.board.id, "member_ids": [BEN.trello_id]}
    team_id = of(ada.post("/api/v1/teams", wanted))["team"]["id"]
    areas = [
        of(ada.post(f"/api/v1/teams/{team_id}/areas", {"name": name, "keywords": [word]}))["area"]["id"]
        for name, word in (("Agents", "heartbeat"), ("Timeouts", "timeout"))
    ]
    return Desk(world, team_id, *areas)
