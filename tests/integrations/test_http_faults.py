"""What the other side can do to us: each ends in time, as an error that says what to do next."""

import gzip
import socket
import time

import pytest

from powerup.integrations.errors import IntegrationError, UnreachableError, VendorBrokenError, VendorTimeoutError
from powerup.integrations.http import HttpClient, HttpPolicy
from tests.integrations.wire import Wire, raw_server


def client(wire: Wire, *, read: float = 5.0, max_bytes: int = 1_000_000) -> HttpClient:
    return HttpClient(HttpPolicy(0.2, read, (wire.host,), max_bytes=max_bytes, retry_pause=0.001), vendor="Example")


def call(wire: Wire, method: str = "GET", *, read: float = 5.0, max_bytes: int = 1_000_000) -> IntegrationError:
    """Make a call that must fail; returns its error."""
    with client(wire, read=read, max_bytes=max_bytes) as http, pytest.raises(IntegrationError) as caught:
        http.request(method, f"{wire.url}/a?token=s3cret", json={} if method == "POST" else None).json()
    assert "s3cret" not in f"{caught.value.detail} {caught.value!r}"
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
    return caught.value


def silence(wire: Wire, _conn: socket.socket, _request: bytes) -> None:
    wire.over.wait(30)


def drip(data: bytes) -> "object":
    def handle(wire: Wire, conn: socket.socket, _request: bytes) -> None:
        for byte in data:
            conn.sendall(bytes([byte]))
            if wire.over.wait(0.02):
                return

    return handle


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_silence_is_a_timeout(method: str) -> None:
    with raw_server(silence) as wire:
        error = call(wire, method, read=0.2)
        assert isinstance(error, VendorTimeoutError)
        assert error.sent
        assert not error.permanent
        assert len(wire.requests) == 1


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nX-Long: " + b"a" * 10_000,
        b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n" + b"1" * 9_999,
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2000\r\n" + b"1" * 9_999,
        b"HTTP/1.1 200 OK\r\n\r\n" + b"1" * 9_999,
    ],
    ids=["headers", "body", "chunk", "until-close"],
)
def test_a_drip_ends_at_the_deadline(answer: bytes) -> None:
    with raw_server(drip(answer)) as wire:  # type: ignore[arg-type]
        started = time.monotonic()
        error = call(wire, read=0.4)
        assert isinstance(error, VendorTimeoutError)
        assert time.monotonic() - started < 3


def test_the_deadline_of_one_call_can_be_set() -> None:
    with raw_server(silence) as wire, client(wire, read=60) as http, pytest.raises(VendorTimeoutError):
        http.request("GET", wire.url, timeout=0.2)


def test_a_refused_connection_was_never_sent_and_is_tried_thrice() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        host = f"127.0.0.1:{listener.getsockname()[1]}"
    with HttpClient(HttpPolicy(1, 1, (host,), retry_pause=0.001), vendor="Example") as http, pytest.raises(UnreachableError) as caught:
        http.request("POST", f"http://{host}/")
    assert not caught.value.sent
    assert not caught.value.permanent


def hang_up(_wire: Wire, _conn: socket.socket, _request: bytes) -> None:
    return


def reset(_wire: Wire, conn: socket.socket, _request: bytes) -> None:
    conn.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")


@pytest.mark.parametrize("handler", [hang_up, reset])
def test_a_lost_answer_may_have_been_carried_out(handler: "object") -> None:
    with raw_server(handler) as wire:  # type: ignore[arg-type]
        error = call(wire, "POST")
        assert isinstance(error, UnreachableError)
        assert error.sent
        assert len(wire.requests) == 1, "a POST is never repeated here"


def test_a_get_is_tried_again_after_a_lost_answer() -> None:
    def handle(wire: Wire, conn: socket.socket, _request: bytes) -> None:
        if len(wire.requests) > 2:
            conn.sendall(wire.answer(body=b'{"third": 1}'))

    with raw_server(handle) as wire, client(wire) as http:
        assert http.request("GET", wire.url).json() == {"third": 1}


@pytest.mark.parametrize("status", ["502 Bad Gateway", "503 Service Unavailable", "504 Gateway Timeout"])
def test_a_get_is_tried_again_after_a_proxy_error(status: str) -> None:
    def handle(wire: Wire, conn: socket.socket, _request: bytes) -> None:
        conn.sendall(wire.answer() if len(wire.requests) > 2 else wire.answer(status=status))

    with raw_server(handle) as wire, client(wire) as http:
        assert http.request("GET", wire.url).status == 200
        assert len(wire.requests) == 3


@pytest.mark.parametrize(
    ("method", "idempotent", "calls"),
    [("GET", None, 3), ("PUT", True, 3), ("PUT", None, 1), ("POST", None, 1), ("POST", True, 1), ("GET", False, 1)],
)
def test_how_often_a_call_is_made(method: str, idempotent: bool | None, calls: int) -> None:
    with raw_server(lambda wire, conn, _: conn.sendall(wire.answer(status="503 No"))) as wire:
        with client(wire) as http, pytest.raises(VendorBrokenError):
            http.request(method, wire.url, idempotent=idempotent)
        assert len(wire.requests) == calls


def test_a_503_that_asks_for_patience_is_not_repeated_at_once() -> None:
    with raw_server(lambda wire, conn, _: conn.sendall(wire.answer(status="503 No", headers="Retry-After: 30\r\n"))) as wire:
        assert call(wire).retry_after == 30
        assert len(wire.requests) == 1


@pytest.mark.parametrize(
    "body", [b'{"a": [1, 2', b"", b"NaN", b"\xff\xfe", b"[" * 200_000, b"9" * 10_000], ids=["cut", "empty", "nan", "bytes", "deep", "huge"]
)
def test_json_that_cannot_be_read_is_the_vendors_fault(body: bytes) -> None:
    with raw_server(lambda wire, conn, _: conn.sendall(wire.answer(body=body))) as wire:
        assert isinstance(call(wire), VendorBrokenError)


def test_a_web_page_instead_of_data_is_named_as_one() -> None:
    page = b"\n<!DOCTYPE html><html><body>Maintenance</body></html>"
    with raw_server(lambda wire, conn, _: conn.sendall(wire.answer(body=page))) as wire:
        assert "web page" in call(wire).detail


def test_a_body_shorter_than_promised_is_not_taken_for_whole() -> None:
    with raw_server(lambda wire, conn, _: conn.sendall(wire.answer(body=b'{"a": 1}')[:-3])) as wire:
        assert isinstance(call(wire), VendorBrokenError)


def test_an_answer_that_says_it_is_too_large_is_not_read() -> None:
    with raw_server(lambda wire, conn, _: conn.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n")) as wire:
        assert "more than" in call(wire).detail


@pytest.mark.parametrize("chunked", [True, False])
def test_an_answer_that_turns_out_too_large_is_cut(chunked: bool) -> None:
    def handle(_wire: Wire, conn: socket.socket, _request: bytes) -> None:
        conn.sendall(b"HTTP/1.1 200 OK\r\n" + (b"Transfer-Encoding: chunked\r\n\r\n" if chunked else b"\r\n"))
        for _ in range(6_000):
            conn.sendall(b"400\r\n" + b"1" * 1024 + b"\r\n" if chunked else b"1" * 1024)

    with raw_server(handle) as wire:
        assert "more than 5,000,000 bytes" in call(wire, max_bytes=5_000_000).detail


def test_a_gzip_bomb_meets_the_same_limit() -> None:
    bomb = gzip.compress(b"0" * 200_000_000, 9)
    with raw_server(lambda wire, conn, _: conn.sendall(wire.answer(headers="Content-Encoding: gzip\r\n", body=bomb))) as wire:
        assert "more than" in call(wire).detail


def test_broken_compression_is_the_vendors_fault() -> None:
    with raw_server(lambda wire, conn, _: conn.sendall(wire.answer(headers="Content-Encoding: gzip\r\n", body=b"not gzip"))) as wire:
        assert isinstance(call(wire), VendorBrokenError)


@pytest.mark.parametrize("answer", [b"SSH-2.0-OpenSSH_9.2\r\n", b"\x00\x01\x02\r\n\r\n", b"HTTP/1.1 abc\r\n\r\n"])
def test_something_that_does_not_speak_http_is_unreachable(answer: bytes) -> None:
    with raw_server(lambda _wire, conn, _: conn.sendall(answer)) as wire:
        assert isinstance(call(wire), UnreachableError | VendorBrokenError)


def test_a_good_answer_after_a_broken_one_comes_over_a_new_connection() -> None:
    def handle(wire: Wire, conn: socket.socket, _request: bytes) -> None:
        if len(wire.requests) == 1:
            wire.over.wait(0.6)
        else:
            conn.sendall(wire.answer(body=b"[2]"))

    with raw_server(handle) as wire, client(wire, read=5) as http:
        with pytest.raises(VendorTimeoutError):
            http.request("GET", wire.url, timeout=0.2)
        assert http.request("GET", wire.url).json() == [2]
