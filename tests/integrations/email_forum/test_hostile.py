"""Hostile mails: any bytes become some text, in time that grows with their length and no faster."""

import email
import random
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from powerup.integrations.errors import IntegrationError, TooLargeError, VendorBrokenError
from powerup.integrations.forums.base import Attachment
from powerup.integrations.forums.email import answers
from powerup.integrations.forums.email.charsets import header_text, text_of, unpacked
from powerup.integrations.forums.email.heads import Head, addresses
from powerup.integrations.forums.email.ids import key_of, read_key
from powerup.integrations.forums.email.parts import content_of, leaves
from powerup.integrations.forums.email.quotes import fold_html, plain_to_html
from powerup.render import sanitise
from powerup.sandbox.mail import mime
from tests.integrations.email_forum.box import Box, mail


def html(box: Box, *raws: bytes) -> str:
    """What is shown of the first of these mails."""
    box.receive(*raws)
    return box.read("a@c").messages[0].html


def multipart(kind: str, *parts: str, boundary: str = "xx") -> dict[str, str]:
    body = "".join(f"--{boundary}\n{part}\n" for part in parts) + f"--{boundary}--"
    return {"text": body, "Content_Type": f'multipart/{kind}; boundary="{boundary}"'}


# ---- hostile input


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=400), st.sampled_from(["utf-8", "x", "utf-7", "iso-2022-jp", "hz", "punycode", "\x00", "base64", "utf-16"]))
def test_any_bytes_are_some_text(raw: bytes, charset: str) -> None:
    for encoding in ("base64", "quoted-printable", "7bit", charset):
        plain_to_html(text_of(unpacked(raw, encoding), charset)).encode()


_SNIPPETS = st.sampled_from(
    [
        "From: ",
        "<",
        ">",
        '"',
        "(",
        ")",
        ",",
        ";",
        "=?utf-8?b?",
        "?=",
        "\r\n",
        "\n ",
        "a@b.c",
        "\\",
        "Message-ID: <",
        "References:",
        "\x00",
        "\xff",
        "Content-Type: multipart/mixed; boundary=x\r\n",
        "--x\r\n",
        "\r\n\r\n",
        "Authentication-Results: m; dmarc=pass",
        "é",
        "<div>",
        "<blockquote type=cite>",
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(_SNIPPETS, max_size=40).map("".join))
def test_any_header_and_any_html_are_read(text: str) -> None:
    raw = text.encode("utf-8", "surrogateescape")
    head = Head(0, 1, 1, False, email.utils.localtime(), frozenset(), raw)
    assert head.key and read_key(head.key)
    for value in (head.subject, head.bare_subject, head.sender.email, *head.references, str(head.automatic), str(head.recipients)):
        value.encode()
        assert "\n" not in value and "\r" not in value
    addresses(text)
    sanitise(fold_html(text, lambda cid: None))
    plain_to_html(text)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.one_of(st.binary(max_size=30), st.tuples(st.binary(max_size=20), st.binary(max_size=20))), max_size=6))
def test_any_answer_of_a_server_is_read_or_refused(raw: list[object]) -> None:
    try:
        for item in answers.fetched(raw, who="The mail server"):
            content_of(item.get("BODYSTRUCTURE"))
    except VendorBrokenError:
        pass


class Watched(bytes):
    """Bytes that count how many of them are copied."""

    copied = 0

    def __getitem__(self, place: Any) -> Any:
        given = super().__getitem__(place)
        return self._copy(given) if isinstance(given, bytes) else given

    def strip(self, signs: Any = None) -> bytes:
        return self._copy(super().strip(signs))

    def rstrip(self, signs: Any = None) -> bytes:
        return self._copy(super().rstrip(signs))

    @staticmethod
    def _copy(given: bytes) -> "Watched":
        Watched.copied += len(given)
        return Watched(given)


def test_a_long_answer_is_read_once_and_not_once_for_each_word() -> None:
    Watched.copied = 0
    text = Watched(b"(" + b"a " * 20_000 + b")  \r\n")
    assert answers.values([(text, None)], who="x") == [["a"] * 20_000]
    assert Watched.copied < 3 * len(text)


def test_brackets_that_never_end_are_looked_at_once() -> None:
    started = time.process_time()
    assert answers.values([(b"[" * 200_000, None)], who="x") == ["[" * 200_000]
    assert time.process_time() - started < 3


@pytest.mark.parametrize("word", [b"(", b"()", b"a ", b'""', b"NIL "])
def test_an_answer_of_more_words_than_any_mail_has_is_too_large(word: bytes) -> None:
    with pytest.raises(TooLargeError):
        answers.values([(word * 30_000, b""), (word * 30_000, None)], who="x")


@pytest.mark.parametrize("nested", [False, True], ids=["wide", "deep"])
def test_a_mail_of_absurdly_many_parts_keeps_nobody_from_reading_the_thread(box: Box, nested: bool) -> None:
    if nested:
        body = "".join(f"--b{level}\nContent-Type: multipart/mixed; boundary=b{level + 1}\n\n" for level in range(80))
    else:
        body = "--b0\nContent-Type: text/plain\n\nx\n" * 6_000 + "--b0--"
    box.receive(mail("a@c"), mail("b@c", body, follows="a@c", Content_Type="multipart/mixed; boundary=b0"), mail("c@c", follows="a@c"))
    assert [message.external_id for message in box.read("a@c").messages] == [key_of(one) for one in ("a@c", "b@c", "c@c")]


@settings(max_examples=200, deadline=None)
@given(
    st.recursive(
        st.one_of(st.none(), st.text(max_size=5), st.binary(max_size=9), st.sampled_from(["text", "plain", "1"])),
        lambda inner: st.lists(inner, max_size=9),
        max_leaves=40,
    )
)
def test_any_structure_is_taken_apart(structure: answers.Value) -> None:
    content = content_of(structure)
    for part in [*content.texts, *content.files, *leaves(structure)]:
        Attachment(part.path, part.name, part.type)
        assert part.name and "/" not in part.name


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000))
def test_any_mail_is_taken_apart_by_the_sandbox_as_well(seed: int) -> None:
    chance = random.Random(seed)
    lines = [
        "Content-Type: multipart/mixed; boundary=x",
        "",
        "--x",
        "--x--",
        "Content-Type: message/rfc822",
        "Subject: a",
        "text",
        "Content-Type: ;;",
        " folded",
    ]
    raw = "\r\n".join(chance.choice(lines) for _ in range(chance.randrange(30))).encode()
    values = answers.values([(mime.structure(raw), None)], who="x")
    for part in leaves(values[0]):
        mime.section(raw, part.path)


def test_hostile_text_takes_no_longer_than_its_length() -> None:
    started = time.process_time()
    for text in ("> " * 400_000, "On " * 300_000, "On x,\n" * 150_000, "_" * 900_000, "From: a\n" * 100_000, "wrote:\n>\n" * 100_000):
        plain_to_html(text)
    for html_text in (
        '<div style="border-top:solid">From:' * 20_000,
        '<blockquote type="cite">' * 30_000,
        'a<div class="gmail_attr"></div>' * 30_000,
        "<" * 900_000,
    ):
        fold_html(html_text, lambda cid: None)
    for header in ("<" * 20_000, '"' * 20_000, "(" * 20_000, "=?" * 20_000, "a@b," * 5_000, "=?utf-8?q?" * 2_000):
        addresses(header)
        header_text(header)
    assert time.process_time() - started < 20


def test_a_mail_that_is_no_mail_breaks_no_poll(box: Box) -> None:
    box.receive(
        b"",
        b"\r\n",
        b"\xff\xfe\x00",
        mail("a@c"),
        b"Subject",
        b"From: x\r\nMessage-ID: <\r\n\r\n",
        b"Content-Type: multipart/mixed\r\n\r\n--",
    )
    with box.open() as forum:
        stubs = forum.changed_since(None).stubs
        assert key_of("a@c") in {stub.external_id for stub in stubs}
        for stub in stubs:
            try:
                forum.read(stub.external_id)
            except IntegrationError as error:
                raise AssertionError(stub) from error
