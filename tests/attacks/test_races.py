"""Two at once where each must see the other."""

import threading
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import select

from powerup.outbox import actions as outbox
from powerup.outbox.models import Delivery
from powerup.resolutions.actions import note_told
from powerup.resolutions.models import Resolution
from tests.api.world import World
from tests.cast import BEN


def test_two_workers_who_tell_the_last_two_customers_at_once_close_the_loop(world: World) -> None:
    for number in (1, 2):
        world.link(world.thread(f"My step fails in run {number}", f"It stops after {number} minutes, every time."))
    world.deliver()
    marking = {"type": "docs", "message": "It is written down now."}
    assert world.as_(BEN).post(f"/api/v1/cards/{world.card.id}/resolution", marking).status_code == 201
    with world.services.database.write() as session:
        outbox.cancel_where(session, Delivery.kind != "forum_reply")
    both_settled = threading.Barrier(2, timeout=20)

    def work(name: str) -> None:
        with world.services.database.write() as session:
            mine = outbox.claim(session, worker=name, lease_seconds=60)
        assert mine is not None and mine.resolution_id is not None
        with world.services.database.write() as session:
            outbox.settle_done(session, mine, {})
            if not world.services.settings.is_sqlite:
                # Both transactions are open when each asks who is told; SQLite lets in one at a time anyway.
                both_settled.wait()
            note_told(session, mine.resolution_id)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(work, ("one", "other")))
    with world.services.database.read() as session:
        assert session.scalars(select(Resolution)).one().state == "customers_told"
