"""Install Closeloop on the doubles as an admin would: every step is a request to its own API."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

from powerup import clock
from powerup.crypto import random_token
from powerup.integrations.errors import IntegrationError, RejectedError, VendorBrokenError
from powerup.integrations.http import Answer, HttpClient
from powerup.sandbox.kinds import LocalForum
from powerup.sandbox.slack import SlackDouble
from powerup.sandbox.story.links import links_of
from powerup.sandbox.story.trello import StoryIds
from powerup.sandbox.trello import TrelloDouble

FIRST = "deployments"
BOARDS = (FIRST, "web", "success", "ownership")
"""The boards that Ada connects; the last says who owns what."""
TEAMS = 3
"""That get threads, as the Ownership board says."""
ON_TEAMS = "Customer success"
"""The team that reads Microsoft Teams."""

CANNED = (
    ("We are on it", "Hello {name}, thank you for telling us. We see it and are looking into it; you will hear from us today."),
    ("Please send the log", "Hello {name}, could you attach the task log of the failed run? With it we can tell what stopped."),
    ("Known, being fixed", "Hello {name}, this is a known problem and a fix is on its way. We tell you here when it is out."),
)
"""First replies that are often the same."""

LIVE_CARDS = 5
"""Cards that are made for the newest threads of a live forum."""


@dataclass
class Installer:
    """One admin (Ada) and what she does."""

    http: HttpClient
    closeloop_url: str
    trello: TrelloDouble
    story: StoryIds
    alive: Callable[[], bool]
    _tokens: dict[str, str] = field(default_factory=dict)
    """Board -> bearer token: all is done long before one runs out."""

    def wait_until_ready(self, seconds: float) -> None:
        """Until /readyz says so; raises VendorBrokenError when the product ends or takes too long."""
        pause, deadline = threading.Event(), monotonic() + seconds
        while monotonic() < deadline and self.alive():
            try:
                self.http.request("GET", f"{self.closeloop_url}/readyz")
            except IntegrationError:
                pause.wait(0.1)
            else:
                return
        raise VendorBrokenError("Closeloop did not start; its log says why.", permanent=True)

    def connect_boards(self) -> None:
        """Ada connects the teams' boards, and the one that says who owns what."""
        power_up = self.trello.options.power_up
        ada = self.trello.store.member(self.story.members["ada"])
        for board in BOARDS:
            token = self.trello.store.make_token(ada, power_up.api_key)
            self.api("PUT", "boards/current/connection", self.story.boards[board], {"trello_token": token.value})

    def connect_chat(self, slack: SlackDouble) -> None:
        """Ada enters the Slack app's token and secret, a webhook for what no team owns, and tells Slack where clicks go."""
        wanted = {
            "slack_webhook_url": slack.webhook_url_of("support"),
            "slack_bot_token": slack.bot_token,
            "slack_signing_secret": slack.signing_secret,
        }
        slack.request_url = self.api("PUT", "workspace", self.story.boards[FIRST], wanted)["slack_request_url"]

    def connect_teams(self, slack: SlackDouble) -> None:
        """Teams come from the Ownership board; Ada adds what stands on no board: a webhook, and who is who on Slack."""
        board = self.story.boards[FIRST]
        found = self._wait_for_teams()
        team = next(each for each in found["teams"] if each["name"] == ON_TEAMS)
        self.api("PUT", f"teams/{team['id']}", board, {"hook_kind": "msteams", "hook_url": slack.teams_url})
        on_slack = {user.name: user.id for user in slack.options.users}
        for person in found["people"]:
            if person["name"] in on_slack:
                self.api("PUT", f"people/{person['id']}", board, {"slack_user_id": on_slack[person["name"]]})
        # Who is who on the forum is read off the answers that staff wrote there, which are known by now.
        self.api("POST", "ownership/readings", board)
        for title, text in CANNED:
            self.api("POST", "triage/canned-replies", board, {"title": title, "text": text})

    def connect_forum(self, forum: LocalForum) -> None:
        """Ada connects the local forum with its credentials, and gives the forum the webhook's address."""
        secret = random_token()
        body = {**forum.double.connection(), "webhook_secret": secret, "staff_groups": ["support"]}
        made = self.api("POST", "forums", self.story.boards[FIRST], body)
        forum.double.register_hook(made["webhook_url"], secret)
        self._wait_for_tickets(made["id"], at_least=len(forum.ids) * 9 // 10)

    def connect_live_forum(self, url: str) -> None:
        """Ada connects a public forum without credentials, read-only, and has cards made for its newest threads."""
        body = {"kind": "discourse", "name": url.split("//")[-1].rstrip("/"), "base_url": url, "credentials": {}}
        board = self.story.boards[FIRST]
        made = self.api("POST", "forums", board, body)
        self._wait_for_tickets(made["id"], at_least=LIVE_CARDS)
        newest = self.api("GET", f"tickets?limit={LIVE_CARDS}", board)
        for ticket in newest["tickets"]:
            wanted = {"list_id": self.story.lists[f"{FIRST}/Inbox"], "request_id": f"demo-card-{ticket['id']}"}
            self.api("POST", f"tickets/{ticket['id']}/cards", board, wanted)

    def link_story(self, forum: LocalForum) -> None:
        """The links that earlier triage made."""
        for board, card, url in links_of(self.story, forum.addresses(self.closeloop_url)):
            self.api("POST", f"cards/{card}/links", board, {"url": url})

    def resolve_one(self) -> None:
        """A problem of the past, so that the board shows what the end of the loop looks like."""
        body = {
            "type": "docs",
            "evidence_url": "https://docs.northwind.example/agents/two-on-one-machine",
            "note": "Asked three times this year; now there is a page.",
            "message": "How two agents share a machine now has a page of its own: "
            "https://docs.northwind.example/agents/two-on-one-machine. Thank you for asking!",
            "request_id": "demo-resolution",
        }
        self.api("POST", f"cards/{self.story.cards['spaces']}/resolution", self.story.board_of["spaces"], body)

    def api(self, method: str, path: str, board: str, body: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """One request to the product as Ada on a board; raises IntegrationError with what it answered."""
        plugin_id, member_id = self.trello.options.power_up.id, self.story.members["ada"]
        jwt = self.trello.keys.sign(plugin_id=plugin_id, board_id=board, member_id=member_id, state="", at=clock.now())
        if board not in self._tokens:
            self._tokens[board] = self._json("POST", "session", {"jwt": jwt}, {})["token"]
        return self._json(method, path, body, {"Authorization": f"Bearer {self._tokens[board]}"})

    def _json(self, method: str, path: str, body: Mapping[str, Any] | None, headers: Mapping[str, str]) -> dict[str, Any]:
        answer = self.http.request(method, f"{self.closeloop_url}/api/v1/{path}", json=body, headers=headers, classify=_explained)
        parsed: dict[str, Any] = answer.json() if answer.body else {}
        return parsed

    def _wait_for_teams(self, seconds: float = 30.0) -> dict[str, Any]:
        pause, deadline = threading.Event(), monotonic() + seconds
        while monotonic() < deadline:
            found = self.api("GET", "teams", self.story.boards[FIRST])
            if sum(team["ready"] for team in found["teams"]) >= TEAMS:
                return found
            pause.wait(0.2)
        raise VendorBrokenError("Reading the Ownership board took too long.", permanent=True)

    def _wait_for_tickets(self, forum_id: int, *, at_least: int, seconds: float = 60.0) -> None:
        pause, deadline = threading.Event(), monotonic() + seconds
        while monotonic() < deadline:
            forum = self.api("GET", f"forums/{forum_id}", self.story.boards[FIRST])
            if forum["sync_error"]:
                raise VendorBrokenError(forum["sync_error"], permanent=True)
            if forum["ticket_count"] >= at_least:
                return
            pause.wait(0.2)
        raise VendorBrokenError("Reading the forum took too long.", permanent=True)


def _explained(answer: Answer) -> IntegrationError | None:
    """What the product itself says is wrong, in its own words."""
    if answer.status < 400 or "problem+json" not in answer.headers.get("content-type", ""):
        return None
    return RejectedError(str(answer.json()["detail"]), permanent=True, http_status=answer.status)
