"""The story that the demo tells: complete, the same each time, and readable through the real protocols."""

from datetime import timedelta

import pytest
import requests

from powerup import clock
from powerup.sandbox.forum.double import ForumDouble
from powerup.sandbox.forum.models import PostType
from powerup.sandbox.forum.store import ForumStore
from powerup.sandbox.story.forum import seed_forum
from powerup.sandbox.story.links import LINKS, links_of
from powerup.sandbox.story.people import CUSTOMERS, STAFF
from powerup.sandbox.story.pictures import PICTURES
from powerup.sandbox.story.threads import thread, threads
from powerup.sandbox.story.trello import StoryIds, seed_trello
from powerup.sandbox.trello.store import Store

NOW = clock.parse("2026-11-23T08:30:00Z")


@pytest.fixture(scope="module")
def forum() -> ForumStore:
    store = ForumStore(now=lambda: NOW)
    seed_forum(store, NOW)
    return store


@pytest.fixture(scope="module")
def trello() -> tuple[Store, StoryIds]:
    store = Store(7)
    return store, seed_trello(store, NOW, "http://forum.example/")


def test_there_is_an_overnight_backlog(forum: ForumStore) -> None:
    topics = forum.rows.topics.values()
    overnight = [topic for topic in topics if NOW - topic.created_at <= timedelta(hours=21)]

    assert len(topics) >= 40
    assert len(overnight) >= 30
    assert max(topic.created_at for topic in topics) <= NOW
    assert NOW - min(topic.created_at for topic in topics) > timedelta(days=14)


def test_every_kind_of_thread_is_there(forum: ForumStore) -> None:
    topics = list(forum.rows.topics.values())
    posts = list(forum.rows.posts.values())
    words = " ".join(post.cooked for post in posts)

    assert max(sum(forum.rows.posts[one].type == PostType.regular for one in topic.post_ids) for topic in topics) > 60
    assert any(20 <= len(topic.post_ids) <= 30 for topic in topics)
    assert any(topic.closed for topic in topics)
    assert any(topic.accepted_post_id for topic in topics)
    assert any(topic.private for topic in topics)
    assert any(topic.assigned_user for topic in topics)
    assert any(len(topic.title.split()) == 1 for topic in topics)
    assert any(post.via_email for post in posts)
    assert sum(post.type == PostType.whisper and not post.action_code for post in posts) >= 5
    for part in ("<script", "onerror=", "javascript:", "<iframe", "<form", "position:fixed", "tracker.example", "<pre>", "🦊", "الترقية"):
        assert part in words, part
    assert any("\u0590" <= letter <= "\u05ff" for topic in topics for letter in topic.title)
    assert any("\u3040" <= letter <= "\u30ff" for topic in topics for letter in topic.title)
    assert max(len(word) for post in posts for word in post.raw.split()) > 120


def test_customers_come_back_and_answer_after_staff(forum: ForumStore) -> None:
    authors = [topic.username for topic in forum.rows.topics.values()]
    staff = {person.username for person in STAFF}
    last = [forum.rows.posts[topic.post_ids[-1]].username for topic in forum.rows.topics.values() if len(topic.post_ids) > 2]

    assert max(authors.count(name) for name in authors) >= 3
    assert sum(name not in staff for name in last) >= 8
    assert {post.username for post in forum.rows.posts.values()} <= staff | {person.username for person in CUSTOMERS}


def test_ids_grow_with_time_and_addresses_are_known_beforehand(forum: ForumStore) -> None:
    posts = sorted(forum.rows.posts.values(), key=lambda post: post.id)

    assert [post.created_at for post in posts] == sorted(post.created_at for post in posts)
    for one in threads():
        topic = forum.rows.topics[one.id]
        assert (topic.title, f"/t/{topic.slug}/{topic.id}") == (one.title, one.path)


def test_pictures_are_used_and_served(forum: ForumStore) -> None:
    words = " ".join(post.raw for post in forum.rows.posts.values())

    assert [path for path in PICTURES if f"/uploads/{path}" not in words] == []
    assert set(forum.rows.files) == set(PICTURES)


def test_the_same_moment_tells_the_same_story(forum: ForumStore) -> None:
    again = ForumStore(now=lambda: NOW)
    seed_forum(again, NOW)

    assert again.rows.topics == forum.rows.topics
    assert again.rows.posts == forum.rows.posts


def test_a_second_story_on_one_forum_is_refused(forum: ForumStore) -> None:
    store = ForumStore(now=lambda: NOW)
    seed_forum(store, NOW)

    with pytest.raises(ValueError, match="empty forum"):
        seed_forum(store, NOW)


def test_the_boards_stand_as_the_story_says(trello: tuple[Store, StoryIds]) -> None:
    store, ids = trello
    boards = {key: store.board(id) for key, id in ids.boards.items()}

    assert [boards[key].name for key in ("ownership", "deployments", "web")] == ["Ownership", "Deployments", "Web & API"]
    assert [one.name for one in store.lists_of(boards["ownership"])] == ["Deployments", "Web & API"]
    for key in ("deployments", "web"):
        assert [one.name for one in store.lists_of(boards[key])] == ["Inbox", "Doing", "Waiting on customer", "Done"]
        assert len(list(store.cards_of(boards[key].id))) >= 12
        assert any(label.name.startswith("impact") for label in store.labels_of(boards[key]))
        assert any(card.attachments for card in store.cards_of(boards[key].id))
    assert all("keywords:" in card.desc for card in store.cards_of(boards["ownership"].id))


def test_cleo_looks_at_the_public_board_and_at_no_other(trello: tuple[Store, StoryIds]) -> None:
    store, ids = trello
    cleo = ids.members["cleo"]

    assert {key: store.sees(cleo, store.board(id)) for key, id in ids.boards.items()} == {
        "deployments": False,
        "web": True,
        "ownership": False,
    }
    assert not any(store.writes(cleo, store.board(id)) for id in ids.boards.values())
    roles = {key: [store.board(id).roles[ids.members[who]] for who in ("ada", "ben")] for key, id in ids.boards.items()}
    assert set(map(tuple, roles.values())) == {("admin", "normal")}


def test_links_name_cards_and_threads_that_exist(trello: tuple[Store, StoryIds]) -> None:
    store, ids = trello

    found = links_of(ids, "http://forum.example")

    assert len(found) == len(set(found)) == len(LINKS)
    assert all(store.card(card).board_id == board for board, card, _url in found)
    assert sum(link.card == "timeouts" for link in LINKS) >= 4
    assert f"http://forum.example{thread('rtl-arabic').path}" in [url for _board, _card, url in found]


def test_attached_threads_are_in_the_links(trello: tuple[Store, StoryIds]) -> None:
    store, ids = trello
    attached = {(card.id, one.url) for board in ids.boards.values() for card in store.cards_of(board) for one in card.attachments}

    assert attached <= {(card, url) for _board, card, url in links_of(ids, "http://forum.example")}


def test_the_story_is_readable_over_http() -> None:
    with ForumDouble() as double, requests.Session() as session:
        session.trust_env = False
        session.headers.update(double.headers("northwind"))
        ids = seed_forum(double.store, clock.now())

        body = session.get(f"{double.url}/t/{ids['timeouts-collecting']}.json", timeout=10).json()
        listed = session.get(f"{double.url}/latest.json?per_page=100", timeout=10).json()["topic_list"]["topics"]

    assert len(body["post_stream"]["posts"]) == 20
    assert len(body["post_stream"]["stream"]) > 60
    assert len(listed) == len(threads()) - 1
