"""Changing a forum's credentials: what is not entered stays, and no stored secret follows an address that somebody changed."""

import pytest

from powerup.errors import InvalidError
from powerup.forums.credentials import merged, shown
from powerup.integrations.forums.base import CredentialField

FIELDS = (
    CredentialField("host", "Host", False, "Where.", place=True),
    CredentialField("folder", "Folder", False, "Which."),
    CredentialField("password", "Password", True, "Of it."),
)
STORED = {"host": "imap.test", "folder": "INBOX", "password": "p"}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (None, STORED),
        ({}, {}),
        ({"folder": "Support"}, {**STORED, "folder": "Support"}),
        ({"folder": ""}, {"host": "imap.test", "password": "p"}),
        ({"password": "q"}, {**STORED, "password": "q"}),
        ({"host": "other.test", "password": "q"}, {**STORED, "host": "other.test", "password": "q"}),
        ({"host": "other.test", "password": ""}, {"host": "other.test", "folder": "INBOX"}),
        ({"host": "imap.test", "folder": "INBOX"}, STORED),
    ],
)
def test_what_is_not_entered_stays(given: dict[str, str] | None, expected: dict[str, str]) -> None:
    assert merged(FIELDS, STORED, given, moved=False) == expected


@pytest.mark.parametrize(
    ("given", "moved"), [({"host": "evil.test"}, False), ({"host": ""}, False), (None, True), ({"folder": "Support"}, True)]
)
def test_a_stored_secret_is_sent_nowhere_else(given: dict[str, str] | None, moved: bool) -> None:
    with pytest.raises(InvalidError) as caught:
        merged(FIELDS, STORED, given, moved=moved)
    errors = caught.value.extra["errors"]
    assert isinstance(errors, list)
    assert [problem["field"] for problem in errors] == ["credentials.password"]


def test_a_new_address_with_everything_entered_again_is_fine() -> None:
    assert merged(FIELDS, STORED, {"password": "q"}, moved=True) == {**STORED, "password": "q"}
    assert merged(FIELDS, {}, {"password": "q", "host": "a"}, moved=True) == {"password": "q", "host": "a"}


def test_what_is_shown_again_is_no_secret() -> None:
    assert shown(FIELDS, STORED) == {"host": "imap.test", "folder": "INBOX"}
