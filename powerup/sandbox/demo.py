"""The demo: three local doubles in this process, and the product itself as a real subprocess between them.

Nothing here reaches into the product: boards and forum are connected, threads linked, through its own API, as an admin would.
"""

import contextlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from powerup import clock
from powerup.crypto import new_key, random_token
from powerup.errors import CloseloopError
from powerup.integrations.errors import IntegrationError
from powerup.integrations.http import HttpClient, HttpPolicy
from powerup.sandbox.common.ports import free_ports
from powerup.sandbox.common.progress import Progress
from powerup.sandbox.discourse.double import DiscourseDouble
from powerup.sandbox.kinds import DEFAULT, LocalForum, local_forum
from powerup.sandbox.setup import Installer
from powerup.sandbox.slack import SlackDouble, SlackOptions, SlackUser, create_slack
from powerup.sandbox.story.trello import StoryIds, seed_trello
from powerup.sandbox.trello import TrelloDouble, TrelloOptions, create_trello
from powerup.stopping import StopSignals

CDN_JS = "https://p.trellocdn.com/power-up.min.js"
CDN_CSS = "https://p.trellocdn.com/power-up.min.css"
START_SECONDS = 60.0


@dataclass(frozen=True)
class DemoOptions:
    """What a person may choose."""

    first_port: int = 8900
    forum_kind: str = DEFAULT
    live_forum: str | None = None
    trello_client: str | None = None
    """`cdn`, or a file with Trello's own client library; None serves the stand-in."""
    folder: Path | None = None
    quiet: bool = False


class DemoError(CloseloopError):
    """The demo could not be set up; the text says why."""


@dataclass
class Running:
    """A demo that is up, for tests that want to look inside."""

    trello: TrelloDouble
    local: LocalForum
    slack: SlackDouble
    story: StoryIds
    board_url: str
    forum_url: str
    slack_url: str
    closeloop_url: str
    product: "subprocess.Popen[bytes]"
    environment: Mapping[str, str]
    """With it, a second worker or a CLI command joins the same installation."""

    @property
    def forum(self) -> DiscourseDouble:
        """The forum of a demo that runs with Discourse, as most do; raises TypeError for another kind."""
        if not isinstance(self.local.double, DiscourseDouble):
            raise TypeError(f"this demo runs with {self.local.double.kind}")
        return self.local.double


class Demo:
    """Everything that `closeloop demo` starts and stops."""

    def __init__(self, options: DemoOptions) -> None:
        self._options = options
        self._progress = Progress(enabled=not options.quiet)

    def run(self) -> int:
        """Start, say where, and wait for Ctrl-C."""
        stop = StopSignals()
        with self.started() as running:
            print(f"\n  Open  {running.board_url}\n\n  Ctrl-C stops it{self._what_stays()}.", flush=True)
            while not stop.wait(1.0):
                if running.product.poll() is not None:
                    print("Closeloop has stopped unexpectedly.", file=sys.stderr)
                    return 1
        print("Stopped.")
        return 0

    def _what_stays(self) -> str:
        folder = self._options.folder
        return f"; its database and log stay in {folder}" if folder else "; nothing is kept"

    @contextlib.contextmanager
    def started(self) -> Iterator[Running]:
        """All of it up and connected while the context lasts."""
        with contextlib.ExitStack() as stack:
            folder = self._folder(stack)
            ports = free_ports(4, first=self._options.first_port)
            closeloop_url = f"http://127.0.0.1:{ports[3]}"
            self._progress.step("Starting a forum with its story")
            forum = stack.enter_context(local_forum(self._options.forum_kind, ports[1], clock.now()))
            slack = create_slack(options=_chat()).start(ports[2])
            stack.callback(slack.stop)
            self._progress.step("Starting a Trello")
            trello, story = self._trello(ports[0], closeloop_url, forum, slack)
            stack.callback(trello.stop)
            self._progress.step("Starting Closeloop")
            others = [*forum.hosts(), slack.url, *filter(None, [self._options.live_forum])]
            environment = self._environment(trello, trello.url, closeloop_url, folder, others)
            product = stack.enter_context(_product(environment, ports[3], folder))
            installer = Installer(
                http=_client(), closeloop_url=closeloop_url, trello=trello, story=story, alive=lambda: product.poll() is None
            )
            try:
                self._install(installer, forum, slack)
            except IntegrationError as error:
                raise DemoError(error.detail) from error
            self._progress.done()
            yield Running(
                trello=trello,
                local=forum,
                slack=slack,
                story=story,
                board_url=f"{trello.url}/b/{story.boards['deployments']}",
                forum_url=forum.url,
                slack_url=slack.url,
                closeloop_url=closeloop_url,
                product=product,
                environment=environment,
            )

    def _folder(self, stack: contextlib.ExitStack) -> Path:
        """Where database and log go; each start begins anew, because the keys that open the old database are gone."""
        folder = self._options.folder or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="closeloop-demo-")))
        folder.mkdir(parents=True, exist_ok=True)
        for old in folder.glob("closeloop.db*"):
            old.unlink()
        return folder

    def _trello(self, port: int, closeloop_url: str, forum: LocalForum, slack: SlackDouble) -> tuple[TrelloDouble, StoryIds]:
        story: list[StoryIds] = []
        options = TrelloOptions(forum_url=self._options.live_forum or forum.url, slack_url=slack.url)
        options.power_up.connector_url = f"{closeloop_url}/connector"
        options.power_up.icon_url = f"{closeloop_url}/static/icons/closeloop.svg"
        addresses = forum.addresses(closeloop_url)
        trello = create_trello(
            options, seed=lambda store: story.append(seed_trello(store, clock.now(), addresses, f"http://127.0.0.1:{port}"))
        )
        return trello.start(port), story[-1]

    def _install(self, installer: Installer, forum: LocalForum, slack: SlackDouble) -> None:
        installer.wait_until_ready(START_SECONDS)
        self._progress.step("Connecting the boards")
        installer.connect_boards()
        installer.connect_chat(slack)
        self._progress.step("Reading the forum")
        if self._options.live_forum:
            _forget_threads(installer.trello, forum.url)
            installer.connect_live_forum(self._options.live_forum)
            return
        installer.connect_forum(forum)
        installer.connect_teams(slack)
        installer.link_story(forum)
        installer.resolve_one()

    def _environment(
        self, trello: TrelloDouble, trello_url: str, closeloop_url: str, folder: Path, others: Sequence[str]
    ) -> dict[str, str]:
        power_up = trello.options.power_up
        client_js, client_css = f"{trello_url}/power-up.min.js", f"{trello_url}/power-up.min.css"
        if self._options.trello_client == "cdn":
            client_js, client_css = CDN_JS, CDN_CSS
        elif self._options.trello_client:
            trello.options.client_js = Path(self._options.trello_client)
        hosts = [urlsplit(url).netloc for url in (trello_url, *others)]
        ours = {
            "BASE_URL": closeloop_url,
            "DATABASE_URL": f"sqlite:///{folder / 'closeloop.db'}",
            "SECRET_KEY": random_token(),
            "ENCRYPTION_KEY": new_key(),
            "TRELLO_PLUGIN_ID": power_up.id,
            "TRELLO_API_KEY": power_up.api_key,
            "TRELLO_API_SECRET": power_up.secret,
            "TRELLO_API_URL": f"{trello_url}/1",
            "TRELLO_ORIGIN": trello_url,
            "SLACK_API_URL": f"{trello.options.slack_url}/api",
            "TRELLO_CLIENT_JS": client_js,
            "TRELLO_CLIENT_CSS": client_css,
            "PRIVATE_HOSTS": ",".join(hosts),
            "POLL_SECONDS": "10",
            "RETRY_BASE_SECONDS": "2",
        }
        clean = {name: value for name, value in os.environ.items() if not name.startswith("CLOSELOOP_")}
        return clean | {f"CLOSELOOP_{name}": value for name, value in ours.items()}


def _chat() -> SlackOptions:
    """Two teams read Slack, the third reads Microsoft Teams."""
    people = (("ADA", "Ada Okafor"), ("BEN", "Ben Lindqvist"), ("NOOR", "Noor Haddad"), ("TOMASZ", "Tomasz Wilk"))
    return SlackOptions(
        channels=("deployments", "web-and-api", "support"),
        teams_channels=("Customer success",),
        team="Northwind Deploy",
        users=tuple(SlackUser(f"U0{key}0001", name) for key, name in people),
    )


def _forget_threads(trello: TrelloDouble, forum_url: str) -> None:
    """With a live forum, the story's own threads are of no use on the cards."""
    with trello.store.lock:
        for card in trello.store.shelves.cards.values():
            card.attachments[:] = [each for each in card.attachments if not each.url.startswith(forum_url)]


@contextlib.contextmanager
def _product(environment: Mapping[str, str], port: int, folder: Path) -> "Iterator[subprocess.Popen[bytes]]":
    """`closeloop serve --with-worker`, ended with the context; its log lies in the folder."""
    command = [sys.executable, "-m", "powerup.cli", "serve", "--with-worker", "--bind", f"127.0.0.1:{port}", "--processes", "1"]
    command += ["--parent", str(os.getpid())]
    with (folder / "closeloop.log").open("ab") as log:
        process = subprocess.Popen(command, env=dict(environment), stdout=log, stderr=log, start_new_session=True)  # noqa: S603 - ours
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _client() -> HttpClient:
    policy = HttpPolicy(connect_timeout=5, read_timeout=30, private_hosts=("127.0.0.1",), user_agent="closeloop-demo")
    return HttpClient(policy, vendor="the demo")
