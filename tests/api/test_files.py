"""Files in customers' messages: through us, for members only, never run."""

import pytest
from sqlalchemy import select, update

from powerup.forums.models import Forum
from powerup.sandbox.common.faults import FaultPlan
from powerup.sandbox.discourse.store import NewPost
from powerup.tickets.models import Message
from tests.api.test_session import code
from tests.api.world import World
from tests.cast import BEN, CLEO

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 40
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def message_with(world: World, name: str, content_type: str, body: bytes, *, image: bool = True) -> dict[str, object]:
    """The one file of a thread that shows (or links to) it."""
    path = world.forum.store.add_file(f"default/original/1X/{name}", content_type, body)
    html = f'<p><img src="{path}" alt="Screen"></p>' if image else f'<p><a class="attachment" href="{path}">{name}</a></p>'
    topic = world.thread()
    world.forum.store.add_post(topic.id, NewPost("mei", "See this.", cooked=html))
    ticket = world.link(topic)["ticket"]
    (file,) = ticket["messages"][-1]["files"]
    return dict(file)


def test_a_picture_is_shown_to_members_as_what_it_is(world: World) -> None:
    file = message_with(world, "a.png", "image/svg+xml", PNG)
    assert str(file["shown_as"]).endswith("/a.png")
    answer = world.as_(BEN).get(f"/api/v1{file['path']}")
    assert (answer.status_code, answer.data, answer.mimetype) == (200, PNG, "image/png")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Disposition"].startswith("inline")
    assert answer.headers["Cache-Control"].startswith("private")
    assert "Authorization" in answer.headers["Vary"]
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize(("name", "body"), [("evil.svg", SVG), ("evil.html", b"<script>alert(1)</script>")], ids=["svg", "html"])
def test_what_could_run_is_a_download_whatever_it_says_of_itself(small: World, name: str, body: bytes) -> None:
    file = message_with(small, name, "image/png", body, image=False)
    answer = small.as_(BEN).get(f"/api/v1{file['path']}")
    assert (answer.status_code, answer.mimetype, answer.data) == (200, "application/octet-stream", body)
    assert answer.headers["Content-Disposition"] == f"attachment; filename*=UTF-8''{name}"


def test_nobody_else_gets_it(small: World) -> None:
    file = message_with(small, "a.png", "image/png", PNG)
    assert small.app.test_client().get(f"/api/v1{file['path']}").status_code == 401
    assert small.session(CLEO).status_code == 403
    wrong = str(file["path"]).replace("/files/", "/files/9")
    assert code(small.as_(BEN).get(f"/api/v1{wrong}")) == "not_found"


def test_a_file_that_is_too_large_is_refused_in_words(small: World) -> None:
    file = message_with(small, "a.png", "image/png", PNG + b"\x00" * 9_000_000)
    answer = small.as_(BEN).get(f"/api/v1{file['path']}")
    assert answer.status_code == 422 and answer.json is not None
    assert "bytes" in answer.json["detail"]


def test_a_forum_that_is_down_is_said_so_and_nothing_is_kept(small: World) -> None:
    file = message_with(small, "a.png", "image/png", PNG)
    small.forum.faults.set(FaultPlan(fail_every=1, status=503))
    answer = small.as_(BEN).get(f"/api/v1{file['path']}")
    assert answer.status_code == 502 and code(answer) == "forum_unavailable"
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_file_of_a_deleted_message_is_gone(small: World) -> None:
    file = message_with(small, "a.png", "image/png", PNG)
    with small.services.database.write() as session:
        session.execute(update(Message).values(deleted_at=Message.created_at))
    assert code(small.as_(BEN).get(f"/api/v1{file['path']}")) == "not_found"


def test_who_looks_at_very_many_files_takes_none_from_other_workspaces(small: World) -> None:
    file = message_with(small, "a.png", "image/png", PNG)
    with small.services.database.read() as session:
        mine = session.scalars(select(Forum.workspace_id)).one()
    while not small.services.files.take(mine + 1):
        pass
    assert small.as_(BEN).get(f"/api/v1{file['path']}").status_code == 200
    while not small.services.files.take(mine):
        pass
    answer = small.as_(BEN).get(f"/api/v1{file['path']}")
    assert answer.status_code == 429 and int(answer.headers["Retry-After"]) >= 1


def test_a_slow_forum_does_not_hold_every_thread_of_the_server(small: World, monkeypatch: pytest.MonkeyPatch) -> None:
    file = message_with(small, "a.png", "image/png", PNG)
    monkeypatch.setattr("api.v1.files.PATIENCE", 0.01)
    with small.services.file_slots, small.services.file_slots:
        answer = small.as_(BEN).get(f"/api/v1{file['path']}")
        assert (answer.status_code, code(answer)) == (429, "too_many_requests")
    assert small.as_(BEN).get(f"/api/v1{file['path']}").status_code == 200
