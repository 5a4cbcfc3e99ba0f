"""What "Test connection" says of a Tender site."""

from dataclasses import replace

import pytest

from powerup.integrations.errors import CredentialsRefusedError, RejectedError
from powerup.integrations.forums.base import Feature, ForumConfig
from powerup.integrations.forums.tender import Tender
from tests.contract.forum.tender import TenderCase


def checked(case: TenderCase, credentials: dict[str, str], base_url: str = "") -> Tender:
    config = case.config(credentials)
    return Tender(replace(config, base_url=base_url) if base_url else config, case.policy())


def test_a_supporter_may_do_all_that_tender_can(case: TenderCase, forum: Tender) -> None:
    case.thread("Question", "Text.")
    check = forum.check()
    assert (check.acting_as, check.problems) == ("Ada", ())
    assert check.missing == Tender.cannot
    assert check.features == frozenset(Feature) - Tender.cannot.keys()


def test_a_customer_is_told_what_is_missing(case: TenderCase) -> None:
    with checked(case, case.double.credentials("mei")) as forum:
        check = forum.check()
    assert {Feature.internal_note, Feature.assign_team, Feature.acknowledge} <= check.missing.keys()
    assert Feature.reply in check.features
    assert any("no supporter" in problem for problem in check.problems)


def test_without_queues_for_teams_no_team_can_have_a_thread(case: TenderCase, forum: Tender) -> None:
    case.store.teams.clear()
    check = forum.check()
    assert "Queues" in check.missing[Feature.assign_team]
    assert Feature.assign_person in check.features


def test_an_expired_token_says_so(case: TenderCase, forum: Tender) -> None:
    case.double.access.expired.add(case.credentials()["api_token"])
    assert any("expired" in problem for problem in forum.check().problems)
    with pytest.raises(CredentialsRefusedError, match="expired") as caught:
        forum.changed_since(None)
    assert caught.value.reconnect and caught.value.permanent


def test_a_missing_name_or_token_is_asked_for_before_anything_is_sent(case: TenderCase) -> None:
    before = case.requests()
    with checked(case, {"api_token": "t", "api_address": case.url}) as forum:
        assert "name is missing" in forum.check().problems[0]
        with pytest.raises(RejectedError):
            forum.changed_since(None)
    with checked(case, {"site": "northwind", "api_address": case.url}) as forum:
        assert "token" in forum.check().problems[0]
    assert case.requests() == before


def test_a_wrong_site_name_says_so(case: TenderCase) -> None:
    with checked(case, {**case.credentials(), "site": "nobody"}) as forum:
        assert "no site “nobody”" in forum.check().problems[0]


@pytest.mark.parametrize("name", ["northwind", " Northwind ", "northwind.tenderapp.com", "https://northwind.tenderapp.com/home"])
def test_a_sites_name_may_be_entered_with_all_around_it(case: TenderCase, name: str) -> None:
    with checked(case, {**case.credentials(), "site": name}) as forum:
        assert forum.check().problems == ()


def test_a_name_stays_one_part_of_a_path(case: TenderCase) -> None:
    with checked(case, {**case.credentials(), "site": "x/../northwind"}) as forum:
        assert forum.check().problems


def test_the_other_address_of_a_site_is_asked_for(case: TenderCase) -> None:
    case.thread("Question", "Text.")
    with checked(case, case.credentials(), "https://northwind.tenderapp.com") as forum:
        assert "127.0.0.1" in forum.check().problems[0]


def test_everything_possible_is_missing_until_it_works(case: TenderCase) -> None:
    with checked(case, case.wrong_credentials()) as forum:
        check = forum.check()
    assert check.features == frozenset()
    assert check.missing.keys() == set(Feature)
    assert check.missing[Feature.tag] == Tender.cannot[Feature.tag]


def test_nothing_secret_is_shown() -> None:
    config = ForumConfig("https://acme.tenderapp.com", {"api_token": "very-secret"})
    assert "very-secret" not in repr(config)
