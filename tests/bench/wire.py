"""One connection that stays open, and as little client as can be.

A request leaves in one piece and Nagle's algorithm is off: with headers and body in two packets, delayed acknowledgements would
put 40 ms into some of the answers.
"""

import socket
from typing import Self

PIECE = 262_144


class Wire:
    """HTTP/1.1 to one address; only what the product's answers need (a Content-Length, no chunks)."""

    def __init__(self, port: int, timeout: float = 60.0) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._host = f"127.0.0.1:{port}"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def get(self, path: str) -> tuple[int, bytes]:
        """Status and body."""
        self._socket.sendall(f"GET {path} HTTP/1.1\r\nHost: {self._host}\r\n\r\n".encode())
        return self._answer()

    def post(self, request: bytes) -> bytes:
        """The body of a 200 to a request made by `packed`; AssertionError with the answer otherwise."""
        self._socket.sendall(request)
        status, body = self._answer()
        assert status == 200, f"answered {status}: {body[:500]!r}"
        return body

    def packed(self, path: str, token: str, body: bytes) -> bytes:
        """A POST of JSON with a bearer token, ready to be sent in one piece."""
        lines = [
            f"POST {path} HTTP/1.1",
            f"Host: {self._host}",
            f"Authorization: Bearer {token}",
            "Content-Type: application/json",
            f"Content-Length: {len(body)}",
        ]
        return "\r\n".join([*lines, "", ""]).encode() + body

    def _answer(self) -> tuple[int, bytes]:
        received = b""
        while (end := received.find(b"\r\n\r\n")) < 0:
            received += self._piece()
        head, pieces = received[:end].lower(), [received[end + 4 :]]
        missing = int(head.split(b"content-length:", 1)[1].split(b"\r\n", 1)[0]) - len(pieces[0])
        while missing > 0:
            pieces.append(self._piece())
            missing -= len(pieces[-1])
        return int(head.split(b" ", 2)[1]), b"".join(pieces)

    def _piece(self) -> bytes:
        piece = self._socket.recv(PIECE)
        assert piece, "the server closed the connection"
        return piece
