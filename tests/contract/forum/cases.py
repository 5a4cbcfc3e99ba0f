"""Every kind of forum's case, and which tests are collected for which: what a kind has no use for is not there, rather than skipped."""

from collections.abc import Iterable

import pytest

from powerup.integrations.forums.base import Feature
from powerup.integrations.forums.registry import adapter_of
from tests.contract.forum.case import Act, Fault, ForumCase
from tests.contract.forum.discourse import DiscourseCase
from tests.contract.forum.email import EmailCase
from tests.contract.forum.github import GithubCase
from tests.contract.forum.nodebb import NodeBBCase
from tests.contract.forum.roundup import RoundupCase
from tests.contract.forum.rt import RtCase
from tests.contract.forum.rt_real import RealRtCase
from tests.contract.forum.rt_server import is_asked_for, is_installed
from tests.contract.forum.tender import TenderCase
from tests.contract.forum.zendesk import ZendeskCase

CASES: list[type[ForumCase]] = [DiscourseCase, TenderCase, NodeBBCase, ZendeskCase, GithubCase, EmailCase, RtCase, RoundupCase]
"""In the order of the registry. A new kind is one more line."""
if is_asked_for() and is_installed():
    CASES.append(RealRtCase)


def kinds_that(*acts: Act, can: Iterable[Feature] = (), suffer: Iterable[Fault] = ()) -> list[type[ForumCase]]:
    """The cases on whose forums people do these things, whose adapters have these features, and to whom this can happen."""
    return [
        case
        for case in CASES
        if case.cannot.keys().isdisjoint(acts)
        and adapter_of(case.kind).cannot.keys().isdisjoint(can)
        and case.no_fault.keys().isdisjoint(suffer)
    ]


def for_kinds_that(*acts: Act, can: Iterable[Feature] = (), suffer: Iterable[Fault] = ()) -> pytest.MarkDecorator:
    """Collect a test of `case` for these kinds only."""
    return pytest.mark.parametrize("case", kinds_that(*acts, can=can, suffer=suffer), indirect=True, ids=kind_of)


def for_faults(*faults: Fault) -> pytest.MarkDecorator:
    """Collect a test of `case` and `fault` for each of these that can happen there; none named: for every one."""
    pairs = [(case, fault) for case in CASES for fault in faults or Fault if fault not in case.no_fault]
    return pytest.mark.parametrize(("case", "fault"), pairs, indirect=["case"], ids=kind_of)


def for_features(features: Iterable[Feature], *, possible: bool, suffer: Iterable[Fault] = ()) -> pytest.MarkDecorator:
    """Collect a test of `case` and `feature` for each of these that the kind can do, or that it never can."""
    wanted, cases = list(features), kinds_that(suffer=suffer)
    pairs = [(case, feature) for case in cases for feature in wanted if (feature not in adapter_of(case.kind).cannot) is possible]
    return pytest.mark.parametrize(("case", "feature"), pairs, indirect=["case"], ids=kind_of)


def kind_of(given: object) -> str:
    """How a parameter is called in a test's name."""
    return given.name or given.kind if isinstance(given, type) and issubclass(given, ForumCase) else str(given)
