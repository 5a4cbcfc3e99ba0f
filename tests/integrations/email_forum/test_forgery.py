"""What somebody in another's name can and cannot do: divert our answers, speak for a colleague, be taken for a proven customer."""

from datetime import UTC, datetime
from email import message_from_bytes

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from powerup.integrations.forums.base import Author, Draft, Role, Thread
from powerup.integrations.forums.email.heads import Head
from powerup.integrations.forums.email.ids import key_of
from powerup.integrations.forums.email.proof import is_forged, proven_sender
from powerup.sandbox.mail.mailbox import AUTHSERV
from tests.integrations.email_forum.box import US, Box, mail

MEI = "mei@customers.example"


def said(*clauses: str, name: str = AUTHSERV) -> dict[str, str]:
    """What the receiving server found."""
    return {"Authentication_Results": "; ".join((name, *clauses))}


PASSED = said("dmarc=pass header.from=customers.example")
FAILED = said("dmarc=fail (p=none) header.from=customers.example")
BROKEN = said('spf=none smtp.mailfrom="(" (x', "dmarc=fail header.from=customers.example")
DIVERTED = {"Reply_To": "eve@evil.example", "Cc": "eve2@evil.example"}


def recipients(box: Box, **more: str) -> tuple[str, ...]:
    """To whom an answer goes."""
    with box.open(**more) as forum:
        forum.post(key_of("a@c"), Draft("Your code is 1234.", False, "closeloop:d-1"), look_first=False)
    return box.double.deliveries[-1].recipients


# ---- where answers go


@pytest.mark.parametrize("authserv", [AUTHSERV, ""])
@pytest.mark.parametrize("proof", [FAILED, BROKEN, said("dmarc=none"), said("dkim=pass header.d=evil.example"), {}], ids=str)
def test_a_later_mail_in_the_customers_name_diverts_no_answer(box: Box, proof: dict[str, str], authserv: str) -> None:
    box.receive(mail("a@c", Cc="kim@customers.example", **PASSED), mail("b@c", follows="a@c", **DIVERTED, **proof))
    assert recipients(box, authserv_id=authserv) == (MEI, "kim@customers.example")


def test_a_later_mail_that_is_proved_to_be_the_customers_says_where_answers_go(box: Box) -> None:
    elsewhere = {"Reply_To": "office@customers.example", "Cc": "bo@customers.example"}
    box.receive(mail("a@c", **PASSED), mail("b@c", follows="a@c", **elsewhere, **PASSED), mail("c@c", follows="a@c", **DIVERTED, **FAILED))
    assert recipients(box) == ("office@customers.example", "bo@customers.example")


def test_a_proof_of_one_address_says_nothing_of_another(box: Box) -> None:
    eve = {"From": "eve@evil.example", **said("dmarc=pass header.from=evil.example"), **DIVERTED}
    box.receive(mail("a@c", **PASSED), mail("b@c", follows="a@c", **eve))
    assert recipients(box) == (MEI,)


@pytest.mark.parametrize(("proof", "honoured"), [(FAILED, False), (BROKEN, False), (said("dmarc=none"), True), ({}, True)], ids=str)
def test_a_forged_first_mail_is_answered_to_the_address_that_it_names_alone(box: Box, proof: dict[str, str], honoured: bool) -> None:
    box.receive(mail("a@c", **DIVERTED, **proof))
    assert recipients(box) == (("eve@evil.example", "eve2@evil.example") if honoured else (MEI,))


# ---- what the server's header says


def head(value: str) -> Head:
    raw = f"Authentication-Results: {value}\r\nFrom: mei@customers.example\r\n\r\n".encode("utf-8", "surrogateescape")
    return Head(0, 1, 1, False, datetime(2026, 11, 2, tzinfo=UTC), frozenset(), raw)


def proven(value: str) -> str | None:
    return proven_sender(head(value), "mx.us.example")


@pytest.mark.parametrize(
    "clauses",
    [
        # The finding: a quotation whose end was taken for a beginning.
        r'spf=pass smtp.mailfrom="a\""@evil.example; dmarc=fail header.from=customers.example; '
        r'dkim=pass header.i="; dmarc=pass header.from=customers.example; \""@evil.example',
        r'dkim=pass header.i="a@customers.example"@evil.example',
        r'dkim=pass header.i="@customers.example "@evil.example header.d=evil.example',
        r"dkim=pass header.i=-header.d=customers.example@evil.example",
        r"dkim=pass header.s=header.d=customers.example header.d=evil.example",
        r"dkim=pass header.d=evil.example x-header.d=customers.example",
        r"dkim=pass header.d=customers.example header.d=evil.example",
        r"dkim=pass header.d=evil.example header.d=customers.example",
        r"dkim=pass header.d=customers.example/evil.example",
        r"dkim=pass header.i=@customers.example header.d=evil.example",
        r"dkim=pass header.i=@customers.example header.d=(a)",
        r"dmarc/1=fail header.from=customers.example; dkim=pass header.d=customers.example",
        r"dmarc = fail header.from=customers.example; dkim=pass header.d=customers.example",
        r"dmarc=pass-not header.from=customers.example",
        r'spf=pass (from "a) ; dmarc=pass header.from=customers.example; x=("@evil.example) smtp.mailfrom=x',
        r"spf=pass (from \) ; dmarc=pass header.from=customers.example; x=(",
        r"spf=pass x) ; dmarc=pass header.from=customers.example; x=(",
        r'spf=pass smtp.mailfrom=\"; dmarc=pass header.from=customers.example; x="',
        "dkim=pass header.d=customers.example; x=" + "a" * 9_000 + "; dmarc=fail header.from=customers.example",
        "dkim\x1f=pass header.d=customers.example",
    ],
)
def test_no_header_that_can_be_read_in_two_ways_proves_anything(clauses: str) -> None:
    assert proven(f"mx.us.example; {clauses}") is None


@pytest.mark.parametrize(
    "clauses",
    [
        r'spf=pass smtp.mailfrom="a\" (;b"@x.example; dmarc=pass (p=none (sp=none)) header.from=customers.example',
        r"(one \) two) dmarc (a) = (b) pass (c) header.from = customers.example.",
        'dkim=pass reason="good signature" header.i="@customers.example"',
        'dkim=fail header.d=evil.example; dkim=pass header.i=mei@Customers.example header.b="a/b=c"',
        "dkim=pass header.i=x@customers.example header.d=example",
        "dmarc/1=pass header.from=customers.example",
    ],
)
def test_an_odd_header_that_can_be_read_in_one_way_proves_what_it_says(clauses: str) -> None:
    assert proven(f"mx.us.example; {clauses}") == MEI


@pytest.mark.parametrize(
    ("value", "forged"),
    [
        ("mx.us.example; dmarc=fail header.from=customers.example", True),
        ("MX.us.example 1; spf=pass (; dmarc=pass header.from=customers.example", True),
        ("mx.us.example; dmarc=none", False),
        ("mx.us.example; dmarc=temperror", False),
        ("mx.us.example; none", False),
        ("mx.us.example.evil; dmarc=fail (", False),
        ("mx.elsewhere.example; dmarc=fail", False),
    ],
)
def test_a_forgery_is_what_our_server_calls_one_or_what_nobody_can_read(value: str, forged: bool) -> None:
    assert is_forged(head(value), "mx.us.example") is forged
    assert not is_forged(head(value), "")


_CLAIMS = ("dmarc=pass header.from=customers.example", "dkim=pass header.d=customers.example", "header.i=@customers.example")
_SIGNS = (
    "customers.example",
    "mx.us.example",
    "evil.example",
    "@",
    ";",
    "; ",
    '"',
    "\\",
    "(",
    ")",
    " ",
    "=",
    "x",
    "é",
    "\t",
    "\\\\",
    '\\"',
)
_LIES = st.sampled_from([*_CLAIMS, *_SIGNS])
_WORDS = st.lists(_LIES, max_size=12).map("".join)


def _quoted(words: str) -> str:
    return '"' + words.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _comment(words: str) -> str:
    return "(" + "".join(f"\\{sign}" if sign in "()\\" else sign for sign in words) + ")"


# What a sender chooses stands in values that a server quotes and in comments; the server's own words are between them.
_CHOSEN = st.one_of(_WORDS.map(lambda words: f"{_quoted(words)}@evil.example"), _WORDS.map(_quoted), st.just("x@evil.example"))
_NOTES = st.one_of(st.just(""), _WORDS.map(_comment))
_CLAUSES = st.one_of(
    st.tuples(_NOTES, _CHOSEN, _NOTES).map(lambda said: f"spf=pass {said[0]} smtp.mailfrom={said[1]} {said[2]}"),
    st.tuples(_NOTES, _CHOSEN).map(lambda said: f"dkim=pass {said[0]} header.i={said[1]} header.d=evil.example"),
    st.tuples(_CHOSEN, _NOTES).map(lambda said: f"dkim=fail reason={said[0]} {said[1]} header.d=customers.example"),
)
_RESULTS = st.sampled_from(["fail", "none", "temperror", "permerror", "bestguesspass", "passed", "pass.", "pas", "Fail"])


@settings(max_examples=600, deadline=None)
@given(
    st.lists(_CLAUSES, max_size=3),
    st.lists(_CLAUSES, max_size=3),
    _RESULTS,
    _NOTES,
    st.sampled_from(["", "dkim=pass header.d=evil.example"]),
)
@example(
    [r'spf=pass smtp.mailfrom="a\""@evil.example'],
    [r'dkim=pass header.i="; dmarc=pass header.from=customers.example; \""@evil.example'],
    "fail",
    "",
    "",
)
def test_where_dmarc_did_not_pass_nothing_is_ever_proved(before: list[str], after: list[str], result: str, note: str, more: str) -> None:
    verdict = f"dmarc={result} {note} header.from=customers.example"
    assert proven("; ".join(["mx.us.example", *before, verdict, *after, more])) is None


@settings(max_examples=400, deadline=None)
@given(st.lists(_CLAUSES, max_size=4))
def test_a_signature_of_another_domain_never_proves_ours(clauses: list[str]) -> None:
    assert proven("; ".join(["mx.us.example", *clauses])) is None


@settings(max_examples=300, deadline=None)
@given(st.lists(_WORDS, max_size=4), st.lists(_WORDS, max_size=4))
def test_what_stands_in_quotes_takes_no_proof_away(before: list[str], after: list[str]) -> None:
    """Otherwise the tests above would hold of a reader that believes nothing."""
    clauses = [[f"spf=pass smtp.mailfrom={_quoted(words)}@x.example" for words in given] for given in (before, after)]
    assert proven("; ".join(["mx.us.example", *clauses[0], "dmarc=pass header.from=customers.example", *clauses[1]])) == MEI


# ---- who counts as a colleague

BEN = "ben@northwind.example"


def spoken_by_ben(box: Box, proof: dict[str, str], **more: str) -> Role:
    """On which side a mail from Ben's address is seen."""
    box.receive(mail("a@c"), mail("b@c", follows="a@c", From=BEN, **proof))
    return box.read("a@c", **more).messages[1].author.role


@pytest.mark.parametrize(
    ("proof", "role"),
    [
        (said("dmarc=pass header.from=northwind.example"), Role.staff),
        (said("dkim=pass header.d=northwind.example"), Role.staff),
        (said("dmarc=fail header.from=northwind.example"), Role.customer),
        (said('spf=fail smtp.mailfrom="(" (', "dmarc=fail header.from=northwind.example"), Role.customer),
        (said("dmarc=none"), Role.customer),
        (said("dmarc=pass header.from=northwind.example", name="mx.elsewhere.example"), Role.customer),
        (said("dmarc=pass header.from=evil.example"), Role.customer),
        ({}, Role.customer),
    ],
    ids=str,
)
def test_a_colleague_is_who_is_proved_to_be_one(box: Box, proof: dict[str, str], role: Role) -> None:
    assert spoken_by_ben(box, proof) is role


def test_a_colleague_whom_somebody_names_in_reply_to_is_none(box: Box) -> None:
    ours = {"From": US, "Reply_To": BEN, **said("dmarc=pass header.from=northwind.example")}
    box.receive(mail("a@c"), mail("b@c", follows="a@c", **ours))
    assert box.read("a@c").messages[1].author.role is Role.customer


def test_where_nothing_is_ever_proved_from_is_believed_and_an_admin_is_told(box: Box) -> None:
    assert spoken_by_ben(box, {}, authserv_id="") is Role.staff
    with box.open(authserv_id="") as forum:
        check = forum.check()
    assert check.problems == ()
    (warning,) = check.warnings
    assert "not verified" in warning and "Authentication-Results" in warning
    with box.open() as forum:
        assert forum.check().warnings == ()


# ---- who counts as the same customer


def customers(box: Box, *proofs: dict[str, str], **more: str) -> list[Author]:
    """Who is seen to have written mails that all say to be Mei's."""
    box.receive(*(mail(f"{number}@c", **proof) for number, proof in enumerate(proofs)))
    return [box.read(f"{number}@c", **more).customer for number in range(len(proofs))]


def test_a_forged_mail_is_not_the_proven_customers(box: Box) -> None:
    """A customer is one row by `external_id`, and the last thread that is read says whether the address is verified."""
    mei, *others = customers(box, PASSED, FAILED, BROKEN, said("dmarc=none"), {})
    assert (mei.external_id, mei.username, mei.verified_email) == (MEI, MEI, MEI)
    assert {other.external_id for other in others} == {f"unproven:{MEI}"}
    assert {other.verified_email for other in others} == {None}
    assert {other.name for other in others} == {"Mei Lin"}


def test_a_web_form_says_of_nobody_that_it_is_them(box: Box) -> None:
    form = {"From": US, "Reply_To": f"Mei Lin <{MEI}>", **said("dmarc=pass header.from=northwind.example")}
    (author,) = customers(box, form)
    assert (author.external_id, author.verified_email, author.role) == (f"unproven:{MEI}", None, Role.customer)


def test_a_forged_answer_in_a_thread_is_not_the_proven_customers(box: Box) -> None:
    box.receive(mail("a@c", **PASSED), mail("b@c", follows="a@c", **FAILED))
    thread: Thread = box.read("a@c")
    assert [message.author.external_id for message in thread.messages] == [MEI, f"unproven:{MEI}"]
    assert thread.customer.verified_email == MEI


def test_where_nothing_is_ever_proved_an_address_is_one_customer(box: Box) -> None:
    assert {author.external_id for author in customers(box, PASSED, FAILED, {}, authserv_id="")} == {MEI}


def test_a_very_long_address_is_still_an_id(box: Box) -> None:
    (author,) = customers(box, {"From": f"{'a' * 60}@{'b' * 240}.example", **FAILED})
    assert author.external_id.startswith("unproven:long:") and len(author.external_id) <= 255


def test_the_answer_to_a_forged_mail_names_no_header_of_its_choice(box: Box) -> None:
    box.receive(mail("a@c", **PASSED), mail("b@c", follows="a@c", **DIVERTED, **FAILED))
    recipients(box)
    sent = message_from_bytes(box.double.deliveries[-1].raw)
    assert sent["cc"] is None and sent["to"].endswith(f"<{MEI}>")
