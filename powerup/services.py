"""What an installation has at hand: settings, database, keys, and the way to each vendor. Made once a process, shared by threads."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Self

from powerup.crypto import Sealer, Signer
from powerup.db.engine import Database
from powerup.errors import Code
from powerup.forums import queries as forums
from powerup.forums.models import Forum as ForumRow
from powerup.integrations.errors import CredentialsRefusedError
from powerup.integrations.forums.base import Forum, ForumConfig
from powerup.integrations.forums.registry import open_forum
from powerup.integrations.http import HttpClient, HttpPolicy
from powerup.integrations.msteams.client import TeamsWebhook
from powerup.integrations.slack.bot import SlackBot
from powerup.integrations.slack.client import SlackWebhook
from powerup.integrations.trello.client import TrelloClient, open_http
from powerup.integrations.trello.identity import TrelloKeys
from powerup.integrations.trello.limits import RateBudget
from powerup.settings import Settings
from powerup.throttle import Throttle, Throttles
from powerup.triage.brain import Brains
from powerup.workspaces.actions import token_purpose
from powerup.workspaces.models import TrelloAccount

SIGN_INS, SIGN_IN_SECONDS = 30, 10.0
"""Of Trello's 300 calls in ten seconds, so many may go into signing in; each is up to two."""
FILES, FILE_SECONDS = 120, 60.0
"""So many files of customers' messages are fetched from forums in a while, for one workspace by this process."""
FILES_AT_ONCE = 2
_MOST_BUDGETS = 1_000
"""Tokens whose allowance is remembered."""


class TrelloNotConnectedError(CredentialsRefusedError):
    """There is no token to act with on this board."""

    code = Code.trello_refused


@dataclass(frozen=True)
class Services:
    """Everything that a worker or a request needs besides its own input.

    Adapters and clients are for one job or request and one thread: open them with `with`.
    """

    settings: Settings
    database: Database
    sealer: Sealer
    signer: Signer
    http_policy: HttpPolicy
    trello_keys: TrelloKeys
    """Trello's published keys, cached; safe to share between threads."""
    brains: Brains
    """What this process has learnt of each workspace."""
    sign_ins: Throttle = field(default_factory=lambda: Throttle(SIGN_INS, SIGN_IN_SECONDS), repr=False, compare=False)
    """Strangers may have us ask Trello whose a token is; Trello counts that against our key."""
    files: Throttles = field(default_factory=lambda: Throttles(FILES, FILE_SECONDS), repr=False, compare=False)
    """By workspace: looking at threads full of pictures must use up neither what a forum allows us nor what others may look at."""
    file_slots: threading.BoundedSemaphore = field(
        default_factory=lambda: threading.BoundedSemaphore(FILES_AT_ONCE), repr=False, compare=False
    )
    """A slow forum's files must not hold all threads of this process."""
    _budgets: dict[str, RateBudget] = field(default_factory=dict, repr=False, compare=False)
    """What is left of Trello's allowance, by token: it counts over all calls of this process."""

    @classmethod
    def from_settings(cls, settings: Settings, *, pool_size: int = 8) -> Self:
        """Open everything an installation needs; connects to nothing yet."""
        policy, database = HttpPolicy.from_settings(settings), Database(settings.database_url, pool_size=pool_size)
        return cls(
            settings=settings,
            database=database,
            sealer=Sealer(settings.encryption_key),
            signer=Signer(settings.secret_key),
            http_policy=policy,
            trello_keys=TrelloKeys(open_http(policy), settings.trello_api_url),
            brains=Brains(database),
        )

    def forum(self, row: ForumRow) -> Forum:
        """The adapter of a connected forum, signed in; no I/O before it is asked something."""
        config = ForumConfig(
            base_url=row.base_url,
            credentials=forums.credentials(row, self.sealer),
            staff_usernames=frozenset(row.staff.get("usernames", ())),
            staff_groups=frozenset(row.staff.get("groups", ())),
            hook_secret=forums.hook_secret(row, self.sealer),
            home=self.settings.base_url,
        )
        return open_forum(row.kind, config, self.http_policy)

    def email_print(self, workspace_id: int) -> Callable[[str], str]:
        """What is kept of customers' verified e-mail addresses in a workspace; the same address differs from one to the next."""
        return partial(self.sealer.fingerprint, f"customers.email:{workspace_id}")

    def trello_token(self, account: TrelloAccount) -> str:
        """The account's token; raises TrelloNotConnectedError when Trello has refused it. Never log it, never send it back."""
        if account.state != "working" or account.sealed_token is None:
            why = "Trello no longer accepts the account by which this board is served. A board admin has to connect the board again."
            raise TrelloNotConnectedError(why, permanent=True, sent=False)
        return self.sealer.open(token_purpose(account.id), account.sealed_token)

    @contextmanager
    def trello(self, token: str) -> Iterator[TrelloClient]:
        """Trello as whoever the token belongs to."""
        if len(self._budgets) >= _MOST_BUDGETS and token not in self._budgets:
            # Anybody with a board can offer tokens of their own making.
            self._budgets.clear()
        budget = self._budgets.setdefault(token, RateBudget())
        with open_http(self.http_policy) as http:
            yield TrelloClient(http, self.settings.trello_api_url, self.settings.trello_api_key, token, budget)

    @contextmanager
    def slack(self) -> Iterator[SlackWebhook]:
        """Slack's incoming webhooks; the address is given with each message."""
        with HttpClient(self.http_policy, vendor="Slack", hide_paths=True) as http:
            yield SlackWebhook(http, self.http_policy.private_hosts)

    @contextmanager
    def slack_bot(self, token: str) -> Iterator[SlackBot]:
        """Slack as the app that the token belongs to."""
        with HttpClient(self.http_policy, vendor="Slack") as http:
            yield SlackBot(http, token, base_url=self.settings.slack_api_url)

    @contextmanager
    def msteams(self) -> Iterator[TeamsWebhook]:
        """Microsoft Teams' workflows; the address is given with each message."""
        with HttpClient(self.http_policy, vendor="Microsoft Teams", hide_paths=True) as http:
            yield TeamsWebhook(http, self.http_policy.private_hosts)

    def close(self) -> None:
        """Let the database go."""
        self.database.dispose()
