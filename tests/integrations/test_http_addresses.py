"""Where requests may go: private addresses, redirects, and what is never sent along."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from pytest_httpserver import HTTPServer

from powerup.integrations.errors import AddressRefusedError, IntegrationError, RejectedError, UnreachableError
from powerup.integrations.http import HttpClient, HttpPolicy
from powerup.integrations.http_wire import is_exempt


@contextmanager
def client(*private_hosts: str, headers: dict[str, str] | None = None) -> Iterator[HttpClient]:
    with HttpClient(HttpPolicy(2, 2, private_hosts, retry_pause=0.001), vendor="Example", headers=headers) as opened:
        yield opened


def host_of(server: HTTPServer) -> str:
    return f"{server.host}:{server.port}"


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://127.1/",
        "http://2130706433/",
        "http://0.0.0.0/",
        "http://[::1]/",
        "http://[::]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[::127.0.0.1]/",
        "http://[fe80::1]/",
        "http://[fc00::1]/",
        "http://[fec0::1]/",
        "http://10.1.2.3/",
        "http://172.16.0.1/",
        "http://192.168.1.1/",
        "http://100.64.0.1/",
        "https://169.254.169.254/latest/meta-data/",
        "http://224.0.0.1/",
        "http://localhost/",
    ],
)
def test_private_addresses_are_refused_and_nothing_is_sent(url: str) -> None:
    with client() as http, pytest.raises(AddressRefusedError) as caught:
        http.request("GET", url)
    assert caught.value.permanent
    assert not caught.value.sent
    assert "CLOSELOOP_PRIVATE_HOSTS" in caught.value.detail


def test_a_name_that_resolves_to_a_private_address_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def resolve(host: str, port: int, *_: object, **__: object) -> list[object]:
        assert host == "forum.example.org"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    with client() as http, pytest.raises(AddressRefusedError):
        http.request("GET", "http://forum.example.org/")


def test_a_name_is_resolved_once_so_that_it_cannot_change_after_the_check(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def resolve(host: str, port: int, *_: object, **__: object) -> list[object]:
        asked.append(host)
        # A public address first; whoever asks again gets a private one.
        address = "203.0.114.1" if len(asked) == 1 else "127.0.0.1"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address if host == "forum.example.org" else host, port))]

    def connect(*_: object, **__: object) -> socket.socket:
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    monkeypatch.setattr(socket.socket, "connect", connect)
    with client() as http, pytest.raises(UnreachableError):
        http.request("POST", "http://forum.example.org/")
    assert asked.count("forum.example.org") == 1


def test_a_listed_host_with_its_port_is_called(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/a").respond_with_json({"ok": True})
    with client(host_of(httpserver)) as http:
        assert http.request("GET", httpserver.url_for("/a")).json() == {"ok": True}


def test_a_listed_host_without_a_port_is_called_on_any(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/a").respond_with_json([])
    with client(httpserver.host.upper()) as http:
        assert http.request("GET", httpserver.url_for("/a")).json() == []


def test_another_port_of_a_listed_host_stays_refused(httpserver: HTTPServer) -> None:
    with client(f"{httpserver.host}:1") as http, pytest.raises(AddressRefusedError):
        http.request("GET", httpserver.url_for("/a"))


@pytest.mark.parametrize(
    ("host", "port", "listed", "exempt"),
    [
        ("127.0.0.1", 8901, "127.0.0.1:8901", True),
        ("127.0.0.1", 8902, "127.0.0.1:8901", False),
        ("127.0.0.1", 89, "127.0.0.1:8901", False),
        ("127.0.0.10", 80, "127.0.0.1", False),
        ("forum.lan.example.org", 80, "forum.lan", False),
        ("forum.lan", 443, "forum.lan", True),
        ("::1", 80, "[::1]:80", True),
        ("::1", 80, "::1", True),
        ("[::1]", 80, "[::1]", True),
        ("::1", 81, "[::1]:80", False),
    ],
)
def test_exceptions_are_exact(host: str, port: int, listed: str, exempt: bool) -> None:
    assert is_exempt(host, port, frozenset({listed})) is exempt


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.org/",
        "file:///etc/passwd",
        "http://",
        "//example.org",
        "http://ada:pw@example.org/",
        "http://a:99999/",
        "http://[::1",
    ],
)
def test_what_is_no_plain_web_address_is_refused(url: str) -> None:
    with client() as http, pytest.raises(AddressRefusedError) as caught:
        http.request("GET", url)
    assert "pw" not in caught.value.detail


@pytest.mark.parametrize(
    "location", ["http://10.0.0.1/x", "http://169.254.169.254/", "http://127.0.0.1:1/", "http://elsewhere.example.org/"]
)
def test_a_redirect_to_another_host_is_never_followed(httpserver: HTTPServer, location: str) -> None:
    httpserver.expect_request("/a").respond_with_data("", 302, {"Location": location})
    with client(host_of(httpserver)) as http, pytest.raises(RejectedError) as caught:
        http.request("GET", httpserver.url_for("/a"), follow_redirects=True)
    assert caught.value.permanent
    assert caught.value.http_status == 302


def test_a_redirect_on_the_same_host_is_followed_with_its_headers(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/a").respond_with_data("", 301, {"Location": "/b?c=1"})
    httpserver.expect_request("/b", query_string="c=1", headers={"Api-Key": "k1"}).respond_with_json({"b": 1})
    with client(host_of(httpserver), headers={"Api-Key": "k1"}) as http:
        answer = http.request("GET", httpserver.url_for("/a"), follow_redirects=True)
    assert answer.json() == {"b": 1}
    assert answer.url == httpserver.url_for("/b?c=1")


def test_a_redirect_is_an_error_unless_asked_for(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/a").respond_with_data("", 301, {"Location": "/b"})
    with client(host_of(httpserver)) as http, pytest.raises(RejectedError):
        http.request("GET", httpserver.url_for("/a"))


def test_a_post_is_never_redirected(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/a").respond_with_data("", 307, {"Location": "/b"})
    with client(host_of(httpserver)) as http, pytest.raises(RejectedError):
        http.request("POST", httpserver.url_for("/a"), json={}, follow_redirects=True)
    assert len(httpserver.log) == 1


def test_a_redirect_loop_ends(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/a").respond_with_data("", 302, {"Location": "/a"})
    with client(host_of(httpserver)) as http, pytest.raises(RejectedError, match="circles"):
        http.request("GET", httpserver.url_for("/a"), follow_redirects=True)
    assert len(httpserver.log) == 6


def test_no_cookie_is_kept(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/a").respond_with_data("{}", headers={"Set-Cookie": "session=1; Path=/"})
    with client(host_of(httpserver)) as http:
        http.request("GET", httpserver.url_for("/a"))
        http.request("GET", httpserver.url_for("/a"))
    assert [request.headers.get("Cookie") for request, _ in httpserver.log] == [None, None]


def test_a_proxy_in_the_environment_is_not_used(httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    httpserver.expect_request("/a").respond_with_json({})
    with client(host_of(httpserver)) as http:
        assert http.request("GET", httpserver.url_for("/a")).status == 200


def test_headers_in_any_script_are_sent_and_broken_ones_are_explained_without_their_value(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/a").respond_with_json({})
    with client(host_of(httpserver), headers={"Api-Username": "Ünïcødé", "Api-Key": " k1\n"}) as http:
        http.request("GET", httpserver.url_for("/a"))
    assert httpserver.log[0][0].headers["Api-Key"] == "k1"
    with client(host_of(httpserver), headers={"Api-Key": "s3cret\r\nX-Evil: 1"}) as http, pytest.raises(IntegrationError) as caught:
        http.request("GET", httpserver.url_for("/a"))
    assert "s3cret" not in f"{caught.value!r} {caught.value.__context__ if not caught.value.__suppress_context__ else ''}"
    assert not caught.value.sent
