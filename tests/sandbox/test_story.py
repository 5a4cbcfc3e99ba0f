"""The story that the demo tells: complete, the same each time, and readable through the real protocols."""

from datetime import timedelta

import pytest
import requests

from powerup import clock
from powerup.sandbox.discourse.double import DiscourseDouble
from powerup.sandbox.discourse.models import PostType
from powerup.sandbox.discourse.store import ForumStore
from powerup.sandbox.story.forum import seed_forum
from powerup.sandbox.story.links import LINKS, links_of
from powerup.sandbox.story.people import CUSTOMERS, GROUPS, STAFF
from powerup.sandbox.story.pictures import PICTURES
from powerup.sandbox.story.threads import thread, threads
from powerup.sandbox.story.trello import StoryIds, seed_trello
from powerup.sandbox.trello.store import Store

NOW = clock.parse("2026-11-23T08:30:00Z")
ADDRESSES = {one.key: f"http://forum.example{one.path}" for one in threads()}


@pytest.fixture(scope="module")
def forum() -> ForumStore:
    store = ForumStore(now=lambda: NOW)
    seed_forum(store, NOW)
    return store


@pytest.fixture(scope="module")
def trello() -> tuple[Store, StoryIds]:
    store = Store(7)
    return store, seed_trello(store, NOW, ADDRESSES, "https://trello.example/")


def test_there_is_an_overnight_backlog(forum: ForumStore) -> None:
    topics = forum.rows.topics.values()
    overnight = [topic for topic in topics if NOW - topic.created_at <= timedelta(hours=21)]

    assert len(topics) >= 40
    assert len(overnight) >= 30
    assert max(topic.created_at for topic in topics) <= NOW
    assert NOW - min(topic.created_at for topic in topics) > timedelta(days=14)


def test_some_thirty_threads_wait_for_the_triage_call(forum: ForumStore) -> None:
    staff, linked = {person.username for person in STAFF}, {link.thread for link in LINKS}
    waiting = []
    for one in threads():
        spoken = [post for post in one.posts if post.text and post.mark("whisper") is None]
        if spoken[-1].username not in staff and one.key not in linked:
            waiting.append(one)

    assert 28 <= len(waiting) <= 36
    hours = {int(one.posts[0].age.total_seconds() // 3600) for one in waiting if one.posts[0].age < timedelta(hours=12)}
    assert len(hours) >= 8, "they came in all through the night"


def test_a_burst_about_the_agents_came_within_the_last_hour(forum: ForumStore) -> None:
    fresh = [topic for topic in forum.rows.topics.values() if NOW - topic.created_at <= timedelta(hours=1)]
    texts = [" ".join([topic.title, *(forum.rows.posts[one].raw for one in topic.post_ids)]).casefold() for topic in fresh]
    burst = [text for text in texts if "heartbeat" in text and ("tls" in text or "certificate" in text)]

    assert len(burst) == 7
    assert sum("offline" in text for text in texts) >= 7
    assert len({topic.username for topic in fresh}) == len(fresh), "each from another customer"


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
    names = {"deployments": "Deployments", "web": "Web & API", "success": "Customer success", "ownership": "Ownership"}

    assert {key: board.name for key, board in boards.items()} == names
    for key in ("deployments", "web"):
        assert [one.name for one in store.lists_of(boards[key])] == ["Inbox", "Doing", "Waiting on customer", "Done"]
        assert len(list(store.cards_of(boards[key].id))) >= 12
        assert any(label.name.startswith("impact") for label in store.labels_of(boards[key]))
        assert any(card.attachments for card in store.cards_of(boards[key].id))
    assert [one.name for one in store.lists_of(boards["success"])] == ["Inbox", "Doing", "Done"]
    assert len(list(store.cards_of(boards["success"].id))) == 4


def test_each_team_has_a_list_whose_first_card_says_where_it_works(trello: tuple[Store, StoryIds]) -> None:
    store, ids = trello
    board = store.board(ids.boards["ownership"])
    assert [one.name for one in store.lists_of(board)] == ["Deployments", "Web & API", "Customer success", "Nobody yet"]

    for team, key, members in (
        ("Deployments", "deployments", ["ben", "tomasz"]),
        ("Web & API", "web", ["noor", "ada"]),
        ("Customer success", "success", ["ada", "tomasz"]),
    ):
        card = store.card(ids.cards[f"team/{team}"])
        said = dict(line.split(": ", 1) for line in card.desc.splitlines())
        assert (card.name, card.list_id, card.board_id) == ("Team", ids.lists[f"ownership/{team}"], board.id)
        assert card.pos == min(one.pos for one in store.cards_of(board.id) if one.list_id == card.list_id)
        assert said["Board"] == f"https://trello.example/b/{store.board(ids.boards[key]).short_link}"
        assert f"{key}/{said['Inbox']}" in ids.lists
        # Customer success reads Microsoft Teams: its webhook is a secret and stands in the settings.
        assert said.get("Slack", "#").startswith("#") and ("Slack" in said) == (key != "success")
        assert {"Stand-up", "Forum group"} <= set(said)
        assert card.member_ids == [ids.members[name] for name in members]
        on_the_forum = {name.replace(".", "") for name in GROUPS[said["Forum group"]]}
        assert {store.member(id).username for id in card.member_ids} == on_the_forum
    assert "team/Nobody yet" not in ids.cards


def test_areas_have_keywords_in_each_way_that_people_write_them(trello: tuple[Store, StoryIds]) -> None:
    store, ids = trello
    areas = {key.removeprefix("area/"): store.card(id) for key, id in ids.cards.items() if key.startswith("area/")}

    assert len(areas) == 14
    assert [name for name, card in areas.items() if "Keywords:" not in card.desc and not card.label_ids] == ["Mobile app"]
    assert areas["Agents"].desc.count("Keywords:") == 2
    assert "Keywords:\n- package" in areas["Packages and retention"].desc
    assert [store.label(id).name for id in areas["REST API"].label_ids] == ["terraform"]
    assert areas["Command line tool"].list_id == ids.lists["ownership/Nobody yet"]
    assert {id for card in areas.values() for id in card.member_ids} == {ids.members[name] for name in ("ada", "ben", "noor", "tomasz")}
    assert sum("Pager" in store.card(id).desc for key, id in ids.cards.items() if key.startswith("team/")) == 1


def test_people_on_cards_are_members_of_their_boards(trello: tuple[Store, StoryIds]) -> None:
    store, ids = trello

    for board in map(store.board, ids.boards.values()):
        assert {id for card in store.cards_of(board.id) for id in card.member_ids} <= set(board.roles), board.name


def test_cleo_looks_at_the_public_board_and_at_no_other(trello: tuple[Store, StoryIds]) -> None:
    store, ids = trello
    cleo = ids.members["cleo"]

    assert {key: store.sees(cleo, store.board(id)) for key, id in ids.boards.items()} == {
        "deployments": False,
        "web": True,
        "success": False,
        "ownership": False,
    }
    assert not any(store.writes(cleo, store.board(id)) for id in ids.boards.values())


def test_ada_is_admin_everywhere_and_the_teams_are_on_their_boards(trello: tuple[Store, StoryIds]) -> None:
    store, ids = trello
    names = {id: name for name, id in ids.members.items()}
    roles = {key: {names[id]: role for id, role in store.board(board).roles.items()} for key, board in ids.boards.items()}

    assert {found.pop("ada") for found in roles.values()} == {"admin"}
    assert roles == {
        "deployments": {"ben": "normal", "tomasz": "normal"},
        "web": {"ben": "normal", "noor": "normal"},
        "success": {"tomasz": "normal"},
        "ownership": {"ben": "normal", "noor": "normal", "tomasz": "normal"},
    }


def test_links_name_cards_and_threads_that_exist(trello: tuple[Store, StoryIds]) -> None:
    store, ids = trello

    found = links_of(ids, ADDRESSES)

    assert len(found) == len(set(found)) == len(LINKS)
    assert all(store.card(card).board_id == board for board, card, _url in found)
    assert sum(link.card == "timeouts" for link in LINKS) >= 4
    assert f"http://forum.example{thread('rtl-arabic').path}" in [url for _board, _card, url in found]


def test_attached_threads_are_in_the_links(trello: tuple[Store, StoryIds]) -> None:
    store, ids = trello
    attached = {(card.id, one.url) for board in ids.boards.values() for card in store.cards_of(board) for one in card.attachments}

    assert attached <= {(card, url) for _board, card, url in links_of(ids, ADDRESSES)}


def test_the_story_is_readable_over_http() -> None:
    with DiscourseDouble() as double, requests.Session() as session:
        session.trust_env = False
        session.headers.update(double.headers("northwind"))
        ids = seed_forum(double.store, clock.now())

        body = session.get(f"{double.url}/t/{ids['timeouts-collecting']}.json", timeout=10).json()
        listed = session.get(f"{double.url}/latest.json?per_page=100", timeout=10).json()["topic_list"]["topics"]

    assert len(body["post_stream"]["posts"]) == 20
    assert len(body["post_stream"]["stream"]) > 60
    assert len(listed) == len(threads()) - 1
