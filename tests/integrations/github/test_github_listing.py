"""Polling: what it costs, pull requests among issues, edits that move nothing, and history without a token."""

from datetime import timedelta

from powerup import clock
from powerup.integrations.forums.base import Page
from powerup.integrations.forums.github import GitHubForum
from powerup.sandbox.desk.store import NewPost
from tests.contract.forum.github import GithubCase
from tests.integrations.github.acting import pull_request, questions

ISSUES = "/repos/northwind/support/issues"


def settled(forum: GitHubForum, page: Page) -> Page:
    """The first poll after which nothing is left."""
    while page.more or page.stubs:
        page = forum.changed_since(page.cursor)
    return page


def test_a_quiet_poll_is_a_304(case: GithubCase, forum: GitHubForum) -> None:
    case.thread("One", "Text.")
    page = settled(forum, forum.changed_since(None))
    before = questions(case, status=304)
    for _ in range(3):
        page = forum.changed_since(page.cursor)
        assert not page.stubs and not page.more
    assert questions(case, status=304) == before + 3


def test_a_change_after_quiet_polls_is_found(case: GithubCase, forum: GitHubForum) -> None:
    thread_id = case.thread("One", "Text.")
    page = settled(forum, forum.changed_since(None))
    page = forum.changed_since(forum.changed_since(page.cursor).cursor)
    case.reply(thread_id, "More.")
    page = forum.changed_since(page.cursor)
    assert [stub.external_id for stub in page.stubs] == [thread_id]
    assert not forum.changed_since(page.cursor).stubs


def test_an_edit_in_the_same_second_is_a_change(case: GithubCase, forum: GitHubForum) -> None:
    at = clock.now().replace(microsecond=100)
    case.store.now = lambda: at
    thread_id = case.thread("One", "Text.", at=at)
    page = settled(forum, forum.changed_since(None))
    post = case.store.posts[case.store.threads[case.double.thread_id(thread_id)].post_ids[0]]
    case.store.edit_post(post.id, "Another text.")
    assert [stub.external_id for stub in forum.changed_since(page.cursor).stubs] == [thread_id]


def test_many_pull_requests_hide_no_issue(case: GithubCase, forum: GitHubForum) -> None:
    at = clock.now() - timedelta(hours=2)
    old = case.thread("Old", "Text.", at=at)
    with case.store.lock:
        for one in range(150):
            pull_request(case, at=at + timedelta(minutes=30, seconds=one))
    first = forum.changed_since(None)
    assert not first.stubs, "the newest page holds pull requests alone"
    page = settled(forum, first)
    case.reply(old, "Still so.")
    found = forum.changed_since(page.cursor)
    assert [stub.external_id for stub in found.stubs] == [old]
    back = forum.history(None, since=at - timedelta(days=1))
    assert [stub.external_id for stub in back.stubs] == [old]
    assert back.total == 1


def test_changes_behind_a_flood_of_pull_requests_are_found(case: GithubCase, forum: GitHubForum) -> None:
    case.thread("One", "Text.", at=clock.now() - timedelta(hours=1))
    page = settled(forum, forum.changed_since(None))
    wanted = {case.thread(f"New {one}", "Text.") for one in range(5)}
    with case.store.lock:
        for _ in range(230):
            pull_request(case)
    found: set[str] = set()
    for _ in range(10):
        page = forum.changed_since(page.cursor)
        found |= {stub.external_id for stub in page.stubs}
        if not page.more:
            break
    assert found == wanted


def test_an_edited_comment_is_found_even_where_it_moves_nothing(case: GithubCase, forum: GitHubForum) -> None:
    case.double.edits_are_unlisted = True
    at = clock.now() - timedelta(hours=1)
    thread_id, pull = case.thread("One", "Text.", at=at), pull_request(case, at=at)
    comment = case.reply(thread_id, "Secnod.", at=at)
    on_pull = case.store.add_post(pull.id, NewPost("dave", "Looks god.", at))
    page = settled(forum, forum.changed_since(None))
    case.edit(comment, "Second.")
    case.store.edit_post(on_pull.id, "Looks good.")
    page = forum.changed_since(page.cursor)
    assert [stub.external_id for stub in page.stubs] == [thread_id]
    assert not forum.changed_since(page.cursor).stubs


def test_many_edits_are_found_poll_by_poll(case: GithubCase, forum: GitHubForum) -> None:
    case.double.edits_are_unlisted = True
    at = clock.now() - timedelta(hours=1)
    threads = [case.thread(f"Thread {one}", "Text.", at=at) for one in range(30)]
    comments = [case.reply(thread, "Secnod.", at=at) for thread in threads]
    page = settled(forum, forum.changed_since(None))
    for comment in comments:
        case.edit(comment, "Second.")
    found: list[str] = []
    for _ in range(4):
        page = forum.changed_since(page.cursor)
        found += [stub.external_id for stub in page.stubs]
    assert sorted(found) == sorted(threads)


def test_without_a_token_a_poll_is_one_question(case: GithubCase) -> None:
    thread_id = case.thread("One", "Text.")
    with GitHubForum(case.config({}), case.policy()) as stranger:
        page = stranger.changed_since(None)
        assert [stub.external_id for stub in page.stubs] == [thread_id]
        assert questions(case) == 1
        stranger.changed_since(page.cursor)
        assert questions(case) == 2
        assert stranger.read(thread_id).subject == "One"
        assert questions(case) == 4


def test_without_a_token_history_is_read_by_rest(case: GithubCase) -> None:
    at = clock.now() - timedelta(days=20)
    with case.store.lock:
        threads = [case.thread(f"Thread {one}", "Text.", at=at + timedelta(hours=one)) for one in range(230)]
        for one in range(40):
            pull_request(case, at=at + timedelta(hours=one, minutes=5))
    found: list[str] = []
    with GitHubForum(case.config({}), case.policy()) as stranger:
        page = stranger.history(None, since=at + timedelta(hours=20))
        while True:
            found += [stub.external_id for stub in page.stubs]
            if not page.more:
                break
            page = stranger.history(page.cursor, since=at + timedelta(hours=20))
    assert found == threads[:19:-1]
    assert questions(case, path="/api/graphql") == 0
    assert questions(case, path=ISSUES) < 15


def test_search_gives_this_repositorys_issues_alone(case: GithubCase, forum: GitHubForum) -> None:
    thread_id = case.thread("Login fails", "Text.")
    pull = pull_request(case, "Login fails no more")
    foreign = case.double.shapes.issue(case.store.threads[case.double.thread_id(thread_id)])
    case.double.search_strays = True
    case.double.strays = [
        {**foreign, "number": 7, "html_url": f"{case.url}/northwind/other/issues/7"},
        case.double.shapes.issue(pull),
    ]
    assert [stub.external_id for stub in forum.search("login repo:northwind/other", limit=10)] == [thread_id]
    assert forum.search("nowhere " * 60, limit=10) == [], "GitHub takes 256 characters"
