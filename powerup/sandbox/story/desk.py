"""Puts the story on a help desk of any kind, as far as the kind has a place for it."""

import re
from datetime import datetime, timedelta

from powerup.sandbox.desk.double import DeskDouble
from powerup.sandbox.desk.store import NewPost
from powerup.sandbox.story.people import CUSTOMERS, GROUPS, STAFF
from powerup.sandbox.story.pictures import PICTURES
from powerup.sandbox.story.threads import StoryPost, StoryThread, threads

_PICTURE = re.compile(r"/uploads/(story/[a-z]+\.png)")


def seed_desk(desk: DeskDouble, now: datetime) -> dict[str, int]:
    """Fill an empty, started desk with the story as it stands at `now`; returns each thread's id in its store by the thread's key.

    Private threads are left out where the kind has none, notes likewise.
    """
    store = desk.store
    with store.lock:
        _people(desk, now)
        files = {path: store.add_file(path.rpartition("/")[2], kind, body).id for path, (kind, body) in PICTURES.items()}
        told = [one for one in threads() if desk.has_private or not one.private]
        steps = sorted(
            ((post.age, thread, place) for thread in told for place, post in enumerate(thread.posts)),
            key=lambda step: (-step[0], step[1].id, step[2]),
        )
        ids: dict[str, int] = {}
        for _age, thread, place in steps:
            _write(desk, thread, place, ids, files, now)
        return ids


def _people(desk: DeskDouble, now: datetime) -> None:
    for person in (*STAFF, *CUSTOMERS):
        is_staff = person.role in ("admin", "moderator", "group")
        made = desk.store.add_person(person.username, person.name, staff=is_staff, email_verified=person.role != "staged")
        made.created_at = now - timedelta(days=400)
    for name, members in GROUPS.items():
        desk.store.add_team(name, members)


def _write(desk: DeskDouble, thread: StoryThread, place: int, ids: dict[str, int], files: dict[str, int], now: datetime) -> None:
    post = thread.posts[place]
    if place == 0:
        new = _new(desk, post, files, now)
        ids[thread.key] = desk.store.open_thread(
            thread.title, new, private=thread.private, category=thread.category, tags=list(thread.tags)
        ).id
    elif post.mark("closes") is not None:
        desk.store.change(ids[thread.key], state="closed")
    elif post.mark("accepts"):
        answer = desk.store.posts_of(ids[thread.key])[int(post.mark("accepts") or 1) - 1]
        desk.store.change(ids[thread.key], state="resolved", answer_id=answer.id)
    elif assigned := post.mark("assigns"):
        if assigned.lower() in desk.store.teams:
            desk.store.change(ids[thread.key], assigned_team=assigned)
        elif desk.has_persons:
            desk.store.change(ids[thread.key], assigned_person=assigned)
    elif desk.has_notes or post.mark("whisper") is None:
        desk.store.add_post(ids[thread.key], _new(desk, post, files, now))


def _new(desk: DeskDouble, post: StoryPost, files: dict[str, int], now: datetime) -> NewPost:
    used = [files[path] for path in _PICTURE.findall(post.text)]
    text = _PICTURE.sub(lambda found: desk.file_path(desk.store.files[files[found[1]]]), post.text)
    return NewPost(
        post.username,
        text,
        at=now - post.age,
        html=text if post.mark("html") is not None else None,
        internal=post.mark("whisper") is not None,
        file_ids=list(dict.fromkeys(used)),
    )
