"""Which files a message has, and which addresses are a forum's own."""

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from powerup.integrations.errors import GoneError, RejectedError
from powerup.integrations.forums.base import Attachment
from powerup.integrations.forums.downloads import download
from powerup.integrations.forums.files import file_name, inline_images, linked_files, within
from powerup.integrations.http import HttpClient, HttpPolicy

BASE = "https://forum.example.org/community"


def test_pictures_of_the_forum_each_once_in_order() -> None:
    html = (
        '<p><img src="https://f.example/uploads/a.png" alt="Screen shot"><img src="https://elsewhere.example/b.png">'
        '<img src="https://f.example/uploads/c%20d.png?x=1&amp;y=2" alt="error.png"/><IMG SRC="https://f.example/uploads/a.png"><img></p>'
    )
    found = inline_images(html, lambda src: src.removeprefix("https://f.example") if src.startswith("https://f.example") else None)
    assert found == (
        Attachment("/uploads/a.png", "a.png", shown_as="https://f.example/uploads/a.png"),
        Attachment("/uploads/c%20d.png?x=1&y=2", "error.png", shown_as="https://f.example/uploads/c%20d.png?x=1&y=2"),
    )


def test_files_that_are_linked_to_by_their_name() -> None:
    html = '<p><a class="attachment" href="/u/1">deploy <b>log</b>.txt</a> (2 kB) <a href="/u/2">no file</a><a class="attachment">x</a></p>'
    assert linked_files(html, lambda href, classes: href if classes == "attachment" else None) == (Attachment("/u/1", "deploy log.txt"),)


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("a.txt", "a.txt"),
        ("/x/y/b%20c.txt", "b c.txt"),
        ("../../etc/passwd", "passwd"),
        ("C:\\temp\\x.exe", "x.exe"),
        ("..", "file"),
        ("", "file"),
        ("a\x00\u202eb\n.txt", "ab.txt"),
        ("n" * 300 + ".txt", "n" * 196 + ".txt"),
    ],
)
def test_a_name_is_a_name(given: str, name: str) -> None:
    assert file_name(given) == name


@pytest.mark.parametrize("reference", ["/community/uploads/a.png", f"{BASE}/uploads/a.png", "uploads/a.png"])
def test_an_address_of_the_forum_is_taken(reference: str) -> None:
    assert within(BASE, reference, ("/uploads/",)) == f"{BASE}/uploads/a.png"


@pytest.mark.parametrize(
    "reference",
    [
        "/uploads/a.png",
        "http://forum.example.org/community/uploads/a.png",
        "https://forum.example.org:8443/community/uploads/a.png",
        "https://forum.example.org.evil.example/community/uploads/a.png",
        "https://forum.example.org@evil.example/community/uploads/a.png",
        "https://me@forum.example.org/community/uploads/a.png",
        "/community/uploads/../admin",
        "/community/uploads/%2e%2e/admin",
        "/community/uploads/%252e%252e/admin",
        "/community/uploads//evil.example",
        "/community/uploads/..\\admin",
        "/community/admin",
        "//evil.example/community/uploads/a.png",
        "file:///community/uploads/a.png",
        "https://[",
        "",
    ],
)
def test_any_other_address_is_not(reference: str) -> None:
    with pytest.raises(GoneError) as caught:
        within(BASE, reference, ("/uploads/",))
    assert caught.value.permanent and not caught.value.sent


def _client(server: HTTPServer, max_bytes: int = 8_000_000) -> tuple[HttpClient, HttpPolicy]:
    policy = HttpPolicy(1, 2, (server.host,), retry_pause=0.001, max_bytes=max_bytes)
    return HttpClient(policy, vendor="Desk", headers={"Authorization": "Bearer secret"}), policy


def test_a_file_with_its_name_and_type(httpserver: HTTPServer) -> None:
    def answer(request: Request) -> Response:
        assert request.headers["Authorization"] == "Bearer secret"
        return Response(
            b"bytes", content_type="Text/Plain; charset=utf-8", headers={"Content-Disposition": "inline; filename*=UTF-8''%C3%A4.txt"}
        )

    httpserver.expect_request("/f/1").respond_with_handler(answer)
    client, policy = _client(httpserver)
    with client:
        file = download(client, policy, httpserver.url_for("/f/1"), vendor="Desk")
    assert (file.name, file.content_type, file.content) == ("ä.txt", "text/plain", b"bytes")


def test_storage_elsewhere_gets_no_credentials(httpserver: HTTPServer, make_httpserver: HTTPServer) -> None:
    seen: list[str] = []

    def store(request: Request) -> Response:
        seen.append(str(request.headers))
        return Response(b"bytes", content_type="image/png")

    # One server, and it stands for two: by another name it is another host.
    make_httpserver.expect_request("/bucket/x.png").respond_with_handler(store)
    there = make_httpserver.url_for("/bucket/x.png").replace("localhost", "127.0.0.1")
    httpserver.expect_request("/f/1").respond_with_data("", status=302, headers={"Location": there})
    policy = HttpPolicy(1, 2, ("localhost", "127.0.0.1"), retry_pause=0.001)
    with HttpClient(policy, vendor="Desk", headers={"Authorization": "Bearer secret", "Api-Key": "secret"}) as client:
        address = httpserver.url_for("/f/1").replace("127.0.0.1", "localhost")
        assert download(client, policy, address, vendor="Desk").content == b"bytes"
    assert len(seen) == 1 and "secret" not in seen[0]


@pytest.mark.parametrize("target", ["http://169.254.169.254/latest", "http://10.0.0.1/x", "file:///etc/passwd", "ftp://x.example/y"])
def test_storage_at_a_private_address_is_refused(httpserver: HTTPServer, target: str) -> None:
    httpserver.expect_request("/f/1").respond_with_data("", status=302, headers={"Location": target})
    client, policy = _client(httpserver)
    with client, pytest.raises(Exception, match=r"private address|sends us elsewhere") as caught:
        download(client, policy, httpserver.url_for("/f/1"), vendor="Desk")
    assert getattr(caught.value, "permanent", False)


def test_a_file_that_is_too_large_is_refused_in_words(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/f/1").respond_with_data(b"x" * 2_000)
    client, policy = _client(httpserver, max_bytes=1_000)
    with client, pytest.raises(RejectedError, match="1,000 bytes") as caught:
        download(client, policy, httpserver.url_for("/f/1"), vendor="Desk")
    assert caught.value.permanent
