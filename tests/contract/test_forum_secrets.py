"""Every forum adapter: no credential is seen in an exception, a repr, a log line or an answer of ours."""

import traceback
from dataclasses import replace
from typing import Any

import pytest

from powerup.integrations.errors import IntegrationError
from powerup.integrations.forums.base import Forum
from tests.contract.forum.asking import calls, secrets_of
from tests.contract.forum.case import HOOK_SECRET, Fault, ForumCase
from tests.contract.forum.cases import for_faults

TEXT = "My very own password is hunter2"
UNTIMELY = tuple(fault for fault in Fault if fault not in (Fault.silent, Fault.drip))


def told_by(error: BaseException) -> str:
    """All that a log or a crash report would show of it, its causes too."""
    lines = traceback.format_exception(error)
    seen: BaseException | None = error
    while seen is not None:
        lines += [str(seen), repr(seen), repr(seen.args), repr(getattr(seen, "detail", "")), repr(getattr(seen, "extra", ""))]
        seen = seen.__cause__ or seen.__context__
    return "\n".join(lines)


@for_faults(*UNTIMELY)
def test_nothing_secret_is_told_when_something_breaks(
    case: ForumCase, forum: Forum, fault: Fault, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    thread_id = case.thread("Question", TEXT)
    secrets = {*secrets_of(case), HOOK_SECRET, "hunter2"}
    assert secrets_of(case), "the case has no secret credential"
    case.fault(fault)
    told: list[str] = []
    for call in calls(thread_id).values():
        with pytest.raises(IntegrationError) as caught:
            call(forum)
        told.append(told_by(caught.value))
    check = forum.check()
    said = capfd.readouterr()
    told += [*check.problems, *check.missing.values(), repr(check), said.out, said.err, caplog.text]
    assert [secret for secret in secrets if secret in "\n".join(told)] == []


@pytest.mark.parametrize("odd", ["Zeile\r\nX-Evil: 1", "schlüssel-ä€", "a" * 20_000, "\x00\x01"], ids=["line", "script", "long", "nul"])
def test_odd_credentials_are_one_of_our_errors_and_not_repeated(case: ForumCase, odd: str) -> None:
    thread_id = case.thread("Question", "Text.")
    secret = secrets_of(case)
    credentials = {name: odd if value in secret else value for name, value in case.credentials().items()}
    with case.opened(credentials) as forum:
        check = forum.check()
        assert check.problems
        with pytest.raises(IntegrationError) as caught:
            forum.read(thread_id)
        told = "\n".join((told_by(caught.value), *check.problems))
    assert odd not in told


def test_nothing_secret_stands_in_a_repr(case: ForumCase, forum: Forum) -> None:
    config = case.config(case.credentials())
    shown: list[Any] = [config, replace(config, hook_secret=HOOK_SECRET), forum, vars(type(forum)), forum.check()]
    told = "\n".join(repr(one) for one in shown)
    assert [secret for secret in (*secrets_of(case), HOOK_SECRET) if secret in told] == []


def test_nothing_secret_is_logged_while_all_is_well(case: ForumCase, forum: Forum, capfd: pytest.CaptureFixture[str]) -> None:
    thread_id = case.thread("Question", TEXT)
    for name, call in calls(thread_id).items():
        try:
            call(forum)
        except IntegrationError as error:
            assert not error.sent or error.permanent, name
    said = capfd.readouterr()
    assert [secret for secret in (*secrets_of(case), HOOK_SECRET, "hunter2") if secret in said.out + said.err] == []
