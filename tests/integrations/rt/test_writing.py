"""What is particular to writing: failures inside a 200, answers without an id, queues that are teams, a field for tags."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from powerup.integrations.errors import IntegrationError, NotPermittedError, RejectedError, VendorBrokenError
from powerup.integrations.forums.base import Draft, Feature, ForumConfig, Visibility
from powerup.integrations.forums.rt import Rt, reading
from powerup.sandbox.rt.double import RtDouble
from tests.integrations.rt.conftest import POLICY, answered, asked

Act = Callable[[], None]


@pytest.mark.parametrize("internal", [False, True])
def test_an_answer_that_does_not_say_which_message_is_found_by_its_marker(double: RtDouble, forum: Rt, internal: bool) -> None:
    double.say_location = False
    thread_id = asked(double)
    posted = forum.post(thread_id, Draft("Hello.", internal, "closeloop:d-1"), look_first=False)
    message = forum.read(thread_id).messages[-1]
    assert (posted.external_id, posted.found_again) == (message.external_id, False)
    assert posted.url.endswith(f"Display.html?id={thread_id}#txn-{message.external_id}")
    assert message.visibility is (Visibility.internal if internal else Visibility.public)


def test_a_message_that_is_said_to_be_taken_and_is_not_there_is_an_error(
    double: RtDouble, forum: Rt, monkeypatch: pytest.MonkeyPatch
) -> None:
    double.say_location = False
    monkeypatch.setattr("powerup.integrations.forums.rt.writing.newest_texts", lambda *_: [])
    with pytest.raises(VendorBrokenError):
        forum.post(asked(double), Draft("Hello.", False, "closeloop:d-1"), look_first=False)


def test_a_reply_without_the_right_is_refused_in_rts_words(double: RtDouble, forum: Rt) -> None:
    double.denied.add("ReplyToTicket")
    with pytest.raises(RejectedError, match="Permission Denied"):
        forum.post(asked(double), Draft("Hello.", False, "closeloop:d-1"), look_first=False)


def test_who_may_not_own_tickets_there_is_refused_in_rts_words(double: RtDouble, forum: Rt) -> None:
    """RT says so in a 200."""
    thread_id = asked(double)
    with pytest.raises(RejectedError, match="may not own tickets in that queue"):
        forum.assign(thread_id, person="mei", team=None)
    with pytest.raises(RejectedError, match="does not exist"):
        forum.assign(thread_id, person="nobody-at-all", team=None)
    with pytest.raises(RejectedError, match="Queue nowhere does not exist"):
        forum.assign(thread_id, person=None, team="nowhere")
    assert (forum.read(thread_id).assigned_person, forum.read(thread_id).assigned_team) == (None, None)


def test_a_team_takes_the_ticket_from_its_owner_and_nobody_brings_it_back(double: RtDouble, forum: Rt) -> None:
    thread_id = asked(double)
    forum.assign(thread_id, person="ben", team=None)
    forum.assign(thread_id, person=None, team="support")
    assert (forum.read(thread_id).assigned_person, forum.read(thread_id).assigned_team) == (None, "support")
    forum.assign(thread_id, person="ben", team=None)
    assert (forum.read(thread_id).assigned_person, forum.read(thread_id).assigned_team) == ("ben", "support")
    forum.assign(thread_id, person=None, team=None)
    assert (forum.read(thread_id).assigned_person, forum.read(thread_id).assigned_team) == (None, None)


def test_without_the_settings_teams_and_tags_are_refused_with_their_mend(double: RtDouble, bare: Rt) -> None:
    thread_id = asked(double)
    acts: list[Act] = [lambda: bare.assign(thread_id, person=None, team="support"), lambda: bare.tag(thread_id, add=["a"], remove=[])]
    for act in acts:
        with pytest.raises(NotPermittedError, match="settings") as caught:
            act()
        assert not caught.value.sent
    bare.assign(thread_id, person="ben", team=None)
    bare.assign(thread_id, person=None, team=None)
    check = bare.check()
    assert {Feature.assign_team, Feature.tag} < check.missing.keys()
    assert check.problems == ()


def test_a_field_that_takes_no_tags_is_an_error(double: RtDouble, forum: Rt) -> None:
    """RT answers `[]` to a field that does not exist for the queue."""
    thread_id = asked(double)
    double.tag_field = "Something else"
    with pytest.raises(RejectedError, match="field"):
        forum.tag(thread_id, add=["a"], remove=[])


def test_tags_are_not_written_over_a_change_that_came_between(double: RtDouble, forum: Rt, monkeypatch: pytest.MonkeyPatch) -> None:
    thread_id = asked(double)
    real, seen = reading.ticket_answer, list[str]()

    def disturbed(site: object, number: str) -> object:
        answer = real(site, number)  # type: ignore[arg-type]
        if not seen:
            double.store.change(int(thread_id), tags=["theirs"])
            answered(double, thread_id)
        seen.append(number)
        return answer

    monkeypatch.setattr("powerup.integrations.forums.rt.writing.ticket_answer", disturbed)
    forum.tag(thread_id, add=["ours"], remove=[])
    assert len(seen) == 2
    assert set(forum.read(thread_id).tags) == {"ours", "theirs"}


def test_resolving_what_is_rejected_leaves_it(double: RtDouble, forum: Rt) -> None:
    thread_id = asked(double)
    double.store.change(int(thread_id), state="closed")
    before = double.store.revision
    forum.resolve(thread_id, message_id=None)
    assert double.store.revision == before


def test_a_change_without_the_right_is_refused(double: RtDouble, forum: Rt) -> None:
    thread_id = asked(double)
    double.denied.add("ModifyTicket")
    acts: list[Act] = [lambda: forum.resolve(thread_id, message_id=None), lambda: forum.assign(thread_id, person="ben", team=None)]
    for act in acts:
        with pytest.raises(NotPermittedError):
            act()


def test_a_name_and_a_password_do_as_well_as_a_token(double: RtDouble, config: ForumConfig) -> None:
    thread_id = asked(double)
    with Rt(replace(config, credentials={"username": "ada", "password": "ada-password"}), POLICY) as forum:
        assert forum.check().acting_as == "ada"
        forum.post(thread_id, Draft("Hello.", False, "closeloop:d-1"), look_first=True)
        assert forum.read(thread_id).messages[-1].author.username == "ada"
    with Rt(replace(config, credentials={}), POLICY) as nobody, pytest.raises(IntegrationError):
        nobody.read(thread_id)
