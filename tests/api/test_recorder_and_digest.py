"""The flight recorder and the digest, as the pages read them."""

from tests.api.desk import Desk, of
from tests.api.test_session import code
from tests.cast import BEN


def test_the_recorder_counts_what_is_left_and_how_fast_it_goes(at_desk: Desk) -> None:
    first, second, _third = (at_desk.thread(f"No heartbeat {number}") for number in range(3))
    at_desk.decide(first, batch="batch-0001", seconds=4.0, ranks={str(first): 1})
    at_desk.decide(second, batch="batch-0002", seconds=8.0, ranks={str(second): 0})
    answer = of(at_desk.ben.get("/api/v1/triage/recorder"))
    today = answer["today"]
    assert (today["left"], today["decided"], today["seconds_per_decision"], today["triagers"]) == (1, 2, 6.0, 1)
    (day,) = answer["days"]
    assert (day["decisions"], day["misroutes"], day["rank1_share"], day["settled"]) == (2, 0, 0.5, False)


def test_a_thread_that_its_team_gives_back_is_a_misroute_with_its_reason(at_desk: Desk) -> None:
    assignment = at_desk.assign(at_desk.thread())
    of(at_desk.ben.post(f"/api/v1/assignments/{assignment}/hand-back", {"why": "Not ours: it is the portal."}))
    answer = of(at_desk.ada.get("/api/v1/triage/recorder"))
    (wrong,) = answer["misroutes"]
    assert (wrong["team"]["name"], wrong["why"], wrong["by"]["id"]) == ("Deployments", "Not ours: it is the portal.", BEN.trello_id)
    assert answer["days"][0]["misroute_rate"] == 1.0


def test_undone_decisions_are_no_misroutes_and_not_counted(at_desk: Desk) -> None:
    at_desk.assign(ticket := at_desk.thread())
    of(at_desk.ben.delete(f"/api/v1/triage/batches/assign-{ticket:04}"))
    (day,) = of(at_desk.ben.get("/api/v1/triage/recorder"))["days"]
    assert (day["decisions"], day["undone"], day["misroute_rate"]) == (0, 1, None)


def test_the_digest_names_what_waits_and_is_sent_only_where_there_is_a_channel(at_desk: Desk) -> None:
    at_desk.assign(at_desk.thread())
    digest = of(at_desk.ben.get(f"/api/v1/teams/{at_desk.team_id}/digest"))
    counts = {section["key"]: section["count"] for section in digest["sections"]}
    assert counts == {"over_target": 0, "came_back": 0, "new": 1, "waiting_on_us": 1, "answered": 0}
    assert code(at_desk.ben.post(f"/api/v1/teams/{at_desk.team_id}/digests", {})) == "conflict"
