"""What statuses mean, how long to wait, and reading foreign JSON strictly."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from powerup.integrations.errors import (
    CredentialsRefusedError,
    GoneError,
    IntegrationError,
    NotPermittedError,
    RateLimitedError,
    RejectedError,
    VendorBrokenError,
    VendorTimeoutError,
)
from powerup.integrations.http import Answer, each, error_in, maybe, maybe_moment, moment, need, retry_after


def answer(status: int, body: bytes = b"", **headers: str) -> Answer:
    return Answer(status, headers, body, "https://forum.example.org/a", "Example")


@pytest.mark.parametrize(
    ("status", "error", "permanent", "reconnect"),
    [
        (301, RejectedError, True, False),
        (400, RejectedError, True, False),
        (401, CredentialsRefusedError, True, True),
        (403, NotPermittedError, True, False),
        (404, GoneError, True, False),
        (408, VendorTimeoutError, False, False),
        (409, RejectedError, True, False),
        (410, GoneError, True, False),
        (413, RejectedError, True, False),
        (418, RejectedError, True, False),
        (422, RejectedError, True, False),
        (429, RateLimitedError, False, False),
        (500, VendorBrokenError, False, False),
        (599, VendorBrokenError, False, False),
    ],
)
def test_what_a_status_means(status: int, error: type[IntegrationError], permanent: bool, reconnect: bool) -> None:
    found = error_in(answer(status))
    assert type(found) is error
    assert (found.permanent, found.reconnect, found.http_status, found.sent) == (permanent, reconnect, status, True)
    assert "forum.example.org" in found.detail


@pytest.mark.parametrize("status", [200, 201, 202, 204])
def test_success_is_no_error(status: int) -> None:
    assert error_in(answer(status)) is None


def test_a_redirect_to_nowhere_is_refused_like_any_other() -> None:
    error = error_in(answer(302, location="http://[x/"))
    assert isinstance(error, RejectedError) and "elsewhere." in error.detail


def test_a_redirect_names_where_to_but_no_path() -> None:
    error = error_in(answer(302, location="https://new.example.org/secret/path"))
    assert error is not None
    assert "https://new.example.org" in error.detail
    assert "secret" not in error.detail


NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("raw", "seconds"),
    [
        ("7", 7.0),
        (" 1.5 ", 1.5),
        ("0", 0.0),
        ("-5", 0.0),
        ("999999", 3600.0),
        ("Mon, 23 Nov 2026 12:00:30 GMT", 30.0),
        ("Mon, 23 Nov 2026 11:00:00 GMT", 0.0),
        ("Mon, 23 Nov 2037 11:00:00 GMT", 3600.0),
        ("inf", 3600.0),
        ("nan", None),
        ("soon", None),
        ("", None),
    ],
)
def test_retry_after_is_read_in_both_forms(raw: str, seconds: float | None) -> None:
    assert retry_after({"retry-after": raw}, NOW) == seconds


@given(st.text(max_size=60))
def test_no_retry_after_breaks_us(raw: str) -> None:
    seconds = retry_after({"retry-after": raw}, NOW)
    assert seconds is None or 0 <= seconds <= 3600


DATA: dict[str, Any] = {"a": {"b": [{"c": "deep"}], "n": 3, "yes": True, "none": None}, "t": "2026-11-23T08:30:00.000Z", "bad": "yesterday"}


def test_need_reads_down_a_path() -> None:
    assert need(DATA, "a.b.0.c", str) == "deep"
    assert need(DATA, "a.n", int) == 3
    assert need(DATA, "a.n", float) == 3.0
    assert need(DATA, "a.yes", bool) is True
    assert need(DATA, "", dict) is DATA
    assert moment(DATA, "t") == datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
    assert each(DATA, "a.b") == [{"c": "deep"}]


@pytest.mark.parametrize("path", ["a.none", "a.x", "x.y.z", "a.b.1.c", "a.b.c", "t.x"])
def test_a_missing_field_is_named(path: str) -> None:
    assert maybe(DATA, path, str) is None
    assert maybe_moment(DATA, path) is None
    with pytest.raises(VendorBrokenError, match=path.replace(".", r"\.")):
        need(DATA, path, str, vendor="Example")


@pytest.mark.parametrize(("path", "kind"), [("a.n", str), ("a.yes", int), ("a.yes", float), ("a.b", dict), ("a.n", bool), ("t", list)])
def test_a_wrong_kind_is_an_error_even_where_the_field_may_be_absent(path: str, kind: Any) -> None:
    with pytest.raises(VendorBrokenError):
        maybe(DATA, path, kind)


def test_what_is_no_time_is_an_error() -> None:
    with pytest.raises(VendorBrokenError, match="bad"):
        moment(DATA, "bad")


def test_numbers_that_no_database_holds_are_an_error() -> None:
    with pytest.raises(VendorBrokenError):
        need({"n": 2**63}, "n", int)


def test_text_comes_back_without_what_no_database_takes() -> None:
    text = need(answer(200, b'{"s": "a\\u0000b\\ud800c\\ud83d\\ude00"}').json(), "s", str)
    assert text == "ab\ufffd\ufffd\ufffdc\U0001f600"


def test_a_byte_order_mark_is_tolerated() -> None:
    assert answer(200, b'\xef\xbb\xbf{"a": 1}').json() == {"a": 1}
