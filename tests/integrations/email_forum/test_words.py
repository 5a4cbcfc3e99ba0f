"""What a mail says: text, quotations, characters, files, and nothing that a stranger sends breaks it."""

import re

import pytest

from powerup.integrations.errors import GoneError, RejectedError
from powerup.integrations.forums.email.charsets import header_text, text_of, unpacked
from powerup.integrations.forums.email.ids import key_of
from powerup.integrations.forums.email.quotes import CLOSE, OPEN, fold_html, plain_to_html
from powerup.render import sanitise
from tests.integrations.email_forum.box import Box, mail


def html(box: Box, *raws: bytes) -> str:
    """What is shown of the first of these mails."""
    box.receive(*raws)
    return box.read("a@c").messages[0].html


def multipart(kind: str, *parts: str, boundary: str = "xx") -> dict[str, str]:
    body = "".join(f"--{boundary}\n{part}\n" for part in parts) + f"--{boundary}--"
    return {"text": body, "Content_Type": f'multipart/{kind}; boundary="{boundary}"'}


# ---- characters


@pytest.mark.parametrize(
    ("raw", "charset", "text"),
    [
        ("Größe".encode(), "utf-8", "Größe"),
        ("Größe".encode(), "us-ascii", "Größe"),
        ("Größe".encode(), "iso-8859-1", "Größe"),
        ("Größe".encode("latin-1"), "utf-8", "Größe"),
        ("Größe".encode("latin-1"), "", "Größe"),
        ("“dash – €”".encode("cp1252"), "iso-8859-1", "“dash – €”"),
        ("日本語".encode("shift_jis"), "Shift_JIS", "日本語"),
        ("日本語".encode("iso2022_jp"), "iso-2022-jp", "日本語"),
        ("中文".encode("gb18030"), "gb2312", "中文"),
        ("Привет".encode("koi8-r"), "koi8-r", "Привет"),
        ("Größe".encode(), "no-such-charset", "Größe"),
        (b"abc", "base64", "abc"),
        (b"abc", "idna", "abc"),
        (b"+ADw-script+AD4-", "utf-7", "+ADw-script+AD4-"),
        (b"a\x00b\x07c\r\nd", "utf-8", "abc\nd"),
        (b"\xff\xfe\x81", "utf-8", None),
    ],
)
def test_text_is_read_whatever_its_label_says(raw: bytes, charset: str, text: str | None) -> None:
    assert text is None or text_of(raw, charset) == text
    assert isinstance(text_of(raw, charset), str)


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("=?utf-8?q?Gr=C3=B6=C3=9Fe?= and =?iso-8859-1?q?gr=F6=DFer?=", "Größe and größer"),
        ("=?utf-8?b?R3LDtg==?= =?utf-8?b?w59l?=", "Größe"),
        ("=?utf-8?b?R3LD?= =?utf-8?b?tsOfZQ==?=", "Größe"),
        ("=?utf-8?b?!!!?=", None),
        ("=?utf-8?q?a=0D=0ABcc=3A_x?=", "a Bcc: x"),
        ("Größe".encode().decode("ascii", "surrogateescape"), "Größe"),
        ("Größe".encode("latin-1").decode("ascii", "surrogateescape"), "Größe"),
        ("plain", "plain"),
    ],
)
def test_headers_are_read_in_any_coding(raw: str, text: str | None) -> None:
    assert "\n" not in header_text(raw) and "\r" not in header_text(raw)
    assert text is None or header_text(raw) == text


@pytest.mark.parametrize(
    ("raw", "encoding", "content"),
    [
        (b"SGVs\r\nbG8=", "Base64", b"Hello"),
        (b"SGVsbG8", "base64", b"Hello"),
        (b"SGVsbG8hSGVsb", "base64", b"Hello!Hel"),
        (b"SGVs*bG8=", "base64", b"Hello"),
        (b"a=3Db=\r\nc=ZZ", "quoted-printable", b"a=bc=ZZ"),
        (b"as is", "x-unknown", b"as is"),
    ],
)
def test_codings_are_undone_as_far_as_they_go(raw: bytes, encoding: str, content: bytes) -> None:
    assert unpacked(raw, encoding) == content


# ---- quotations


@pytest.mark.parametrize(
    ("text", "open_text", "folded"),
    [
        ("Yes.\n\nOn Mon, 2 Nov 2026 at 12:00, Ada <a@n.example> wrote:\n> Does it work?\n> Ada", "Yes.", "wrote:"),
        (
            "Yes.\n\nOn Mon, 2 Nov 2026 at 12:00, Ada Lovelace of Northwind\n<ada@northwind.example> wrote:\n\n> Does it?",
            "Yes.",
            "Lovelace",
        ),
        ("Ja.\n\nAm 02.11.2026 um 12:00 schrieb Ada:\n> Geht es?", "Ja.", "schrieb"),
        ("Oui.\n\nLe lun. 2 nov. 2026 à 12:00, Ada <a@n.example> a écrit :\n> Alors ?", "Oui.", "a écrit"),
        ("Da.\n\nпн, 2 нояб. 2026 г. в 12:00, Ada <a@n.example>:\n> Ну?", "Da.", "Ну"),
        ("Yes.\n\n-----Original Message-----\nFrom: Ada\nSent: Monday\nDoes it?", "Yes.", "Does it?"),
        ("Ja.\n\n-----Ursprüngliche Nachricht-----\nVon: Ada\nGeht es?", "Ja.", "Geht es?"),
        ("Ja.\n\nVon: Ada <a@n.example>\nGesendet: Montag, 2. November 2026\nAn: Mei\nGeht es?", "Ja.", "Geht es?"),
        ("Oui.\n\n________________________________\nDe : Ada\nEnvoyé : lundi\nAlors ?", "Oui.", "Alors ?"),
        ("> Does it work?\n\nYes.\n\n> And this?\nNo.", "Yes.", "And this?"),
    ],
)
def test_what_a_text_repeats_is_folded(text: str, open_text: str, folded: str) -> None:
    shown = plain_to_html(text)
    assert shown.count(OPEN) == shown.count(CLOSE) >= 1
    outside = re.sub(f"{OPEN}.*?{CLOSE}", "", shown, flags=re.DOTALL)
    assert open_text in outside and folded not in outside and folded in shown
    assert sanitise(shown).count("<details>") == shown.count(OPEN)


@pytest.mark.parametrize(
    "text",
    [
        "On Monday I wrote: it fails.\nNothing quoted here.",
        "From: the beginning it failed.\nThen it worked.",
        "> only a quotation\n> and nothing else",
        "a -> b\nc > d",
        "Dear all,\n\nwe wrote:\n\nno quotation follows",
    ],
)
def test_what_is_new_stands_open(text: str) -> None:
    assert OPEN not in plain_to_html(text)


def test_text_is_escaped_and_addresses_are_links() -> None:
    shown = plain_to_html("<script>alert(1)</script>\nSee https://a.example/x?y=1&z=2. And http://b.example/\n\nBye & thanks")
    assert shown == (
        "<p>&lt;script&gt;alert(1)&lt;/script&gt;<br>"
        'See <a href="https://a.example/x?y=1&amp;z=2">https://a.example/x?y=1&amp;z=2</a>. '
        'And <a href="http://b.example/">http://b.example/</a></p><p>Bye &amp; thanks</p>'
    )


@pytest.mark.parametrize(
    "quotation",
    [
        '<div class="gmail_quote"><div class="gmail_attr">On Monday Ada wrote:</div><blockquote>Old words</blockquote></div>',
        '<div class="gmail_attr">On Monday Ada wrote:<br></div><blockquote class="gmail_quote">Old words</blockquote>',
        '<blockquote type="cite">Old words</blockquote>',
        '<div class="moz-cite-prefix">On Monday Ada wrote:<br></div>\n<blockquote type="cite">Old words</blockquote>',
        '<hr><div id="divRplyFwdMsg"><b>From:</b> Ada</div><div>Old words</div>',
        '<div id="appendonsend"></div><div>Old words</div>',
        '<div id="x_divRplyFwdMsg"><b>Von:</b> Ada</div><p>Old words</p>',
        '<div style="border:none;border-top: solid #E1E1E1 1.0pt"><p><b>Von:</b> Ada<br><b>Gesendet:</b> Montag</p></div><p>Old words</p>',
        '<div class="yahoo_quoted">Old words</div>',
        '<div class="protonmail_quote">Old words',
        "<p>-----Original Message-----</p><p>Old words</p>",
    ],
)
def test_what_html_repeats_is_folded(quotation: str) -> None:
    shown = fold_html(f"<div>New words</div>{quotation}", lambda cid: None)
    before, _, after = shown.partition(OPEN)
    assert "New words" in before and "Old words" not in before
    assert "Old words" in after.partition(CLOSE)[0]
    clean = sanitise(shown)
    assert "<summary" in clean and "Quoted text" in clean and clean.index("New words") < clean.index("<details>")


def test_words_behind_a_quotation_stand_open_and_a_mere_forward_too() -> None:
    shown = fold_html('<p>One</p><blockquote type="cite"><blockquote>a</blockquote>b</blockquote><p>Two</p>', lambda cid: None)
    assert shown.endswith(f"{CLOSE}<p>Two</p>")
    assert OPEN not in fold_html('<div class="gmail_quote">Forwarded: all of it</div>', lambda cid: None)


def test_pictures_by_cid_and_foreign_addresses() -> None:
    source = (
        '<img src="cid:a"><img src="CID:b"><img src="x.png"><img src="//h.example/y.png"><a href="/z">z</a><a href="javascript:1">j</a>'
    )
    shown = fold_html(source, {"a": "https://cid.invalid/k/2"}.get)
    assert shown == '<img src="https://cid.invalid/k/2"><img><img><img src="https://h.example/y.png"><a>z</a><a>j</a>'


# ---- parts


def test_html_is_preferred_and_plain_text_is_the_rest(box: Box) -> None:
    both = multipart("alternative", "Content-Type: text/plain\n\nplain", "Content-Type: text/html\n\n<p>rich</p>")
    assert html(box, mail("a@c", **both)).strip() == "<p>rich</p>"


def test_several_texts_are_put_together_and_named_ones_are_files(box: Box) -> None:
    parts = (
        "Content-Type: text/plain\n\nBefore",
        "Content-Type: image/png; name=a.png\nContent-Disposition: inline; filename=a.png\nContent-Transfer-Encoding: base64\n\niVBORw==",
        "Content-Type: text/plain\n\nAfter",
        "Content-Type: text/plain\nContent-Disposition: attachment; filename*0*=utf-8''gr%C3%B6; filename*1*=%C3%9Fe.txt\n\nlog",
    )
    box.receive(mail("a@c", **multipart("mixed", *parts)))
    (message,) = box.read("a@c").messages
    assert message.html == "<p>Before</p><p>After</p>"
    assert [(one.name, one.content_type, one.shown_as) for one in message.attachments] == [
        ("a.png", "image/png", None),
        ("größe.txt", "text/plain", None),
    ]
    with box.open() as forum:
        assert forum.file(message.attachments[1].reference).content.strip() == b"log"
        assert forum.file(message.attachments[0].reference).content == b"\x89PNG"


@pytest.mark.parametrize("name", ["../../etc/passwd", "a\\b\\c.txt", "=?utf-8?q?..=2F..=2Fx?=", "\x07.txt"])
def test_names_of_files_are_no_paths(box: Box, name: str) -> None:
    box.receive(mail("a@c", **multipart("mixed", f'Content-Type: text/x-c; name="{name}"\nContent-Disposition: attachment\n\nx')))
    (attachment,) = box.read("a@c").messages[0].attachments
    assert attachment.name and not set(attachment.name) & set("/\\\x07")


def test_a_mail_without_text_says_so(box: Box) -> None:
    body = multipart("mixed", "Content-Type: application/pdf\nContent-Transfer-Encoding: base64\n\nJVBERi0=")
    assert "no text" in html(box, mail("a@c", **body))


def test_a_very_long_mail_is_cut_and_says_so(box: Box) -> None:
    shown = html(box, mail("a@c", "word " * 100_000))
    assert len(shown) < 400_000 and "longer than what is shown" in shown


def test_a_file_that_is_too_large_is_refused(box: Box) -> None:
    body = multipart("mixed", "Content-Type: text/plain\n\nSee.", "Content-Type: application/zip\n\n" + "x" * 8_100_000)
    box.receive(mail("a@c", **body))
    (message,) = box.read("a@c").messages
    with box.open() as forum, pytest.raises(RejectedError, match="larger") as caught:
        forum.file(message.attachments[0].reference)
    assert caught.value.permanent


@pytest.mark.parametrize(
    "reference", ["", "/", "x/1", f"{key_of('a@c')}/", f"{key_of('a@c')}/1]", f"{key_of('a@c')}/1\r\nA1 LOGOUT", f"{key_of('a@c')}/9"]
)
def test_a_reference_that_is_none_is_gone(box: Box, reference: str) -> None:
    box.receive(mail("a@c"))
    with box.open() as forum, pytest.raises(GoneError):
        forum.file(reference)
