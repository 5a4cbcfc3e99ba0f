"""`closeloop demo` as a person starts it: one address, a clean end, and a live forum instead of the local one."""

import json
import re
import signal
import socket
import urllib.request
from urllib.parse import urlsplit

from powerup.sandbox.demo import Demo, DemoOptions
from powerup.sandbox.discourse.double import DiscourseDouble
from powerup.sandbox.discourse.store import NewPost, NewTopic
from tests.helpers import run_closeloop, wait_for


def test_it_prints_one_address_and_ends_cleanly_on_ctrl_c() -> None:
    with run_closeloop(["demo", "--port", "0"]) as demo:
        line = demo.wait_for_line("Open", timeout=90)
        addresses = re.findall(r"http://\S+", demo.log)
        assert addresses == re.findall(r"http://\S+", line) and len(addresses) == 1
        with urllib.request.urlopen(addresses[0], timeout=10) as answer:  # noqa: S310 - our own address
            assert answer.status == 200
        demo.send(signal.SIGINT)
        wait_for(lambda: demo.process.poll() is not None, 40, "the demo to end")
        assert demo.process.returncode == 0, demo.log
        assert "Traceback" not in demo.log


def test_killed_it_leaves_nothing_behind() -> None:
    with run_closeloop(["demo", "--port", "0"]) as demo:
        host = re.findall(r"http://[^/\s]+", demo.wait_for_line("Open", timeout=90))[0]
        with urllib.request.urlopen(f"{host}/sandbox/state", timeout=10) as answer:  # noqa: S310 - our own address
            connector = json.load(answer)["powerUp"]["connectorUrl"]
        port = int(urlsplit(connector).port or 0)
        demo.send(signal.SIGKILL)
        wait_for(lambda: not _listens(port), 40, "Closeloop to end with the demo that started it")


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_a_live_forum_is_read_without_an_account() -> None:
    with DiscourseDouble() as live:
        live.store.options = live.store.options.model_copy(update={"min_post_length": 5})
        live.store.add_category("Support")
        live.store.add_user("mei", "Mei")
        for number in range(8):
            live.store.add_topic(NewTopic(f"Live thread {number}", NewPost("mei", "It stops, every time.")))
        with Demo(DemoOptions(first_port=0, live_forum=live.url, quiet=True)).started() as running:
            inbox = running.story.lists["deployments/Inbox"]

            def made() -> list[str]:
                with running.trello.store.lock:
                    return [
                        card.name for card in running.trello.store.shelves.cards.values() if card.list_id == inbox and "Live" in card.name
                    ]

            assert len(wait_for(lambda: made() if len(made()) == 5 else None, 30, "a card for each of the newest threads")) == 5
        assert live.faults.requests.count(method="POST") == 0, "a forum that is not ours is only read"


def test_an_address_that_is_none_is_refused_at_once() -> None:
    with run_closeloop(["demo", "--port", "0", "--forum", "meta.example.org"]) as demo:
        wait_for(lambda: demo.process.poll() is not None, 30, "the demo to give up")
        assert (demo.process.returncode, "such as https://meta.example.org" in demo.log) == (2, True), demo.log
