"""Kill workers with -9 fifty times while they deliver to a Trello and a forum that lose one answer in ten: none lost, none twice."""

import random
import time
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path

from sqlalchemy import func, select

from powerup.links.models import Link
from powerup.outbox.actions import Order, enqueue
from powerup.outbox.models import Delivery, State
from powerup.sandbox.common.faults import FaultPlan
from powerup.sandbox.discourse.models import Topic
from powerup.sandbox.trello import RateLimits
from tests.faults.workers import Nursery, kill, nursery
from tests.helpers import wait_for
from tests.scene import Scene, connected

KILLS = 50
THREADS = 15
REPLIES = 8
"""To each thread."""
CARDS = 100
WORKERS = 2

REPLY = "This is answer {} to your question; does it help?"
CARD = "Card number {}"


def test_fifty_kills_and_lost_answers_lose_nothing_and_do_nothing_twice(
    database_url: str, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    quick = {"lease_seconds": 5, "connect_timeout": 1.0, "read_timeout": 3.0, "retry_base_seconds": 0.05, "max_attempts": 100}
    began = time.monotonic()
    with connected(database_url, limits=RateLimits.off(), **quick) as scene:
        # Without this the forum itself would refuse the same text twice and hide our mistake.
        scene.forum.store.options = scene.forum.store.options.model_copy(update={"unique_posts_minutes": 0})
        topics = [scene.thread(f"Question number {number}") for number in range(THREADS)]
        enqueue_all(scene, topics)
        for double in (scene.trello, scene.forum):
            double.faults.set(FaultPlan(lose_answer_every=10))
        with nursery(scene.services.settings, tmp_path / "workers.log") as workers:
            killed_with_work_in_hand = kill_and_replace(scene, workers)
            wait_for(lambda: counts(scene).get(State.done) == THREADS * REPLIES + CARDS, 120, "everything to be delivered")
        lost = sum(double.faults.requests.count(status=0) for double in (scene.trello, scene.forum))
        scene.trello.faults.clear()
        scene.forum.faults.clear()

        check_replies(scene, topics)
        check_cards(scene)
        with scene.services.database.read() as session:
            again = session.scalar(select(func.count()).select_from(Delivery).where(Delivery.attempts > 1))
    report = {
        "deliveries": THREADS * REPLIES + CARDS,
        "kills": KILLS,
        "killed with a delivery in hand": killed_with_work_in_hand,
        "answers lost": lost,
        "deliveries tried more than once": again,
        "seconds": round(time.monotonic() - began, 1),
    }
    for name, value in report.items():
        record_property(name, value)
    print(report)
    assert lost > 20
    assert killed_with_work_in_hand > KILLS / 2


def enqueue_all(scene: Scene, topics: list[Topic]) -> None:
    """Replies in the lane of their thread, cards each in one of its own."""
    tickets = [scene.ticket(topic) for topic in topics]
    orders = [
        Order("forum_reply", f"ticket:{ticket.id}", {"text": REPLY.format(number)}, ticket_id=ticket.id)
        for number in range(REPLIES)
        for ticket in tickets
    ]
    for number in range(CARDS):
        payload = {"list_id": scene.inbox.id, "name": CARD.format(number), "board_id": scene.board.id}
        orders.append(Order("trello_card", f"card-order:{number}", payload, ticket_id=tickets[number % THREADS].id))
    random.Random(7).shuffle(orders)
    # A lane keeps the order in which it was filled.
    replies = iter(sorted((order for order in orders if order.kind == "forum_reply"), key=lambda order: order.payload["text"]))
    orders = [next(replies) if order.kind == "forum_reply" else order for order in orders]
    with scene.services.database.write() as session:
        for order in orders:
            enqueue(session, scene.board.workspace_id, order, max_attempts=scene.services.settings.max_attempts)


def kill_and_replace(scene: Scene, workers: Nursery) -> int:
    """Kill a worker each time the doubles have carried out a few more writes; how many had a delivery in hand."""
    pick, in_hand = random.Random(11), 0
    alive = [(name, workers.start(name)) for name in (f"worker-{number}" for number in range(WORKERS))]
    for number in range(KILLS):
        goal = written(scene) + pick.randint(1, 3)
        wait_for(partial(has_written, scene, goal), 60, f"more writes; the workers said:\n{workers.log[-2000:]}")
        name, process_id = alive.pop(0)
        kill(process_id)
        in_hand += holds_something(scene, name)
        fresh = f"worker-{number + WORKERS}"
        alive.append((fresh, workers.start(fresh)))
    return in_hand


def has_written(scene: Scene, goal: int) -> bool:
    """Whether so many writes were carried out, just now or before."""
    return written(scene) >= goal


def written(scene: Scene) -> int:
    """Replies and cards that the doubles were asked for, answered or not."""
    return scene.forum.faults.requests.count("POST", "/posts") + scene.trello.faults.requests.count("POST", "/1/cards")


def holds_something(scene: Scene, worker: str) -> bool:
    """Whether a delivery is under this worker's lease."""
    with scene.services.database.read() as session:
        held = select(Delivery.id).where(Delivery.state == State.running, Delivery.lease_by.startswith(f"{worker}:"))
        return bool(session.scalars(held).all())


def counts(scene: Scene) -> dict[str, int]:
    with scene.services.database.read() as session:
        return {state: count for state, count in session.execute(select(Delivery.state, func.count()).group_by(Delivery.state))}


def check_replies(scene: Scene, topics: list[Topic]) -> None:
    """Each reply stands in its thread once, and all in their order."""
    for topic in topics:
        said = [post.raw.split(" <!--")[0].split("\n")[0] for post in scene.posts(topic)[1:]]
        assert said == [REPLY.format(number) for number in range(REPLIES)]


def check_cards(scene: Scene) -> None:
    """Each card is on the board once, with its thread attached and linked once."""
    cards = scene.cards_in_inbox()
    assert Counter(card.name for card in cards) == Counter(CARD.format(number) for number in range(CARDS))
    assert all(len(card.attachments) == 1 for card in cards)
    with scene.services.database.read() as session:
        assert session.scalar(select(func.count()).select_from(Link).where(Link.ended_at.is_(None))) == CARDS
