"""The map of ownership says what is wrong with it."""

from powerup.assignments.actions import Owner
from powerup.assignments.models import Assignment
from powerup.teams.models import Area, Team
from powerup.triage import audit, undo
from powerup.triage.brain import Brain
from powerup.triage.words import frequent
from tests import factories
from tests.cast import ADA, BEN
from tests.factories import BY_BEN
from tests.triage.conftest import Queue


def found(queue: Queue, kind: str) -> list[audit.Finding]:
    with queue.database.read() as session:
        return [each for each in audit.findings(session, Brain(queue.database, queue.workspace_id)) if each.kind == kind]


def came_back(queue: Queue, number: int, text: str, then: Owner | None = None) -> None:
    """A thread that the team gave back, and that went elsewhere then."""
    ticket = queue.thread(number, text)
    made = queue.decide(ticket, batch=f"first {number}")
    with queue.database.write() as session:
        undo.hand_back(session, session.get_one(Assignment, made.assignment_id), factories.desk(BY_BEN), why=None)
    if then is not None:
        queue.decide(ticket, batch=f"then {number}", owner=then)


def test_a_map_that_fits_says_nothing(queue: Queue) -> None:
    queue.decide(queue.thread(1))
    with queue.database.read() as session:
        assert audit.findings(session, Brain(queue.database, queue.workspace_id)) == []


def test_areas_of_a_team_without_people_or_without_a_list_are_nobodys(queue: Queue) -> None:
    with queue.database.write() as session:
        session.get_one(Team, queue.team).member_ids = []
        session.get_one(Area, queue.area).card_url = "https://trello.test/c/1"
    (finding,) = found(queue, "unowned_area")
    assert finding.text == "Nobody owns “Agents”: Deployments has no members." and finding.url == "https://trello.test/c/1"
    with queue.database.write() as session:
        session.get_one(Team, queue.team).inbox_list_id = None
    assert "has no list for cards" in found(queue, "unowned_area")[0].text


def test_a_word_that_sends_threads_where_they_come_back_from_should_move(queue: Queue) -> None:
    web = queue.more_team("Web")
    browser = queue.more_area(web, "Browser", "browser")
    came_back(queue, 1, "The heartbeat animation flickers in the browser.", Owner(web, browser))
    assert found(queue, "misleading_word") == []
    came_back(queue, 2, "Heartbeats are drawn twice on the page.", Owner(web, browser))
    (finding,) = found(queue, "misleading_word")
    assert (finding.keyword, finding.area_id, finding.team_id, finding.move_to_area_id) == ("heartbeat", queue.area, queue.team, browser)
    assert finding.proposal == "Move the keyword “heartbeat” to “Browser” (Web), where they went in the end."


def test_a_word_whose_threads_went_nowhere_yet_should_go(queue: Queue) -> None:
    for number in (1, 2):
        came_back(queue, number, "My heartbeat is too fast.")
    (finding,) = found(queue, "misleading_word")
    assert finding.proposal == "Remove the keyword “heartbeat” from “Agents”." and finding.move_to_area_id is None


def test_a_word_that_is_right_more_often_stays(queue: Queue) -> None:
    for number in (1, 2):
        came_back(queue, number, "My heartbeat is too fast.")
    for number in (3, 4, 5):
        queue.decide(queue.thread(number, "The agent lost its heartbeat."), batch=f"right {number}")
    assert found(queue, "misleading_word") == []


def test_a_team_with_far_more_than_the_others_is_overloaded(queue: Queue) -> None:
    queue.more_team("Web", member_ids=[ADA.trello_id])
    queue.more_team("Docs", member_ids=[ADA.trello_id, BEN.trello_id])
    for number in range(1, 8):
        queue.decide(queue.thread(number), batch=f"batch {number}")
    assert found(queue, "overloaded_team") == []
    queue.decide(queue.thread(8), batch="batch 8")
    (finding,) = found(queue, "overloaded_team")
    assert finding.team_id == queue.team and finding.text.startswith("Deployments has 8 open threads, 8 a member")


def test_threads_that_match_nothing_show_the_words_that_they_share(queue: Queue) -> None:
    for number, text in enumerate(("The webinar link is broken.", "Where is the webinar?", "Webinar recording, please."), 1):
        queue.thread(number, text, subject=f"Question {number}")
    (finding,) = found(queue, "unmatched_threads")
    assert finding.text == "3 threads of the queue match no area." and finding.words == ("webinar",)


def test_words_that_everybody_uses_are_not_proposed() -> None:
    texts = ["please help the webinar fails", "please look webinar fails", "webinar please"]
    assert frequent(texts, ["it fails", "everything fails", "fails again"]) == ["webinar"]
    assert frequent([], []) == [] and frequent(["alone"], []) == []
