"""What is particular to reading tickets: parts of mails, holes in pages, requestors, statuses of a site's own."""

import re
from dataclasses import replace

import pytest

from powerup.integrations.errors import GoneError, VendorBrokenError
from powerup.integrations.forums.base import ForumConfig, Role, ThreadState, Visibility
from powerup.integrations.forums.rt import Rt
from powerup.integrations.forums.rt.markup import comment, from_markdown, from_plain, portable
from powerup.integrations.forums.rt.parts import Part
from powerup.integrations.forums.rt.query import where
from powerup.integrations.forums.rt.reading import _body
from powerup.integrations.forums.rt.site import Site
from powerup.sandbox.desk.store import NewPost
from powerup.sandbox.rt.double import RtDouble
from tests.integrations.rt.conftest import POLICY, answered, asked


def test_plain_text_becomes_safe_paragraphs(double: RtDouble, forum: Rt) -> None:
    text = "Hello,\n\n> it <b>hangs</b>\nsince & forever\n"
    thread_id = asked(double, extra={"content": text, "content_type": "text/plain"})
    html = forum.read(thread_id).messages[0].html
    assert html == "<p>Hello,</p>\n<p>&gt; it &lt;b&gt;hangs&lt;/b&gt;<br>since &amp; forever</p>"


def test_mails_that_rt_sent_are_no_messages(double: RtDouble, forum: Rt) -> None:
    double.denied.clear()
    thread_id = asked(double)
    answered(double, thread_id)
    assert any(txn.kind == "EmailRecord" for txn in double.journal.txns.values())
    assert [message.html for message in forum.read(thread_id).messages] == ["<p>Text.</p>", "<p>Answer.</p>"]


def test_what_rt_wrote_in_its_own_name_is_read_too(double: RtDouble, forum: Rt) -> None:
    """A scrip may correspond as RT_System, whose parts are left out of the list of texts."""
    thread_id = asked(double)
    answered(double, thread_id, "We are closed on Sundays.")
    txn = next(txn for txn in double.journal.txns.values() if txn.kind == "Correspond")
    txn.creator = "RT_System"
    for number in txn.part_ids:
        double.journal.parts[number].creator = "RT_System"
        double.journal.parts[number].columns["Creator"] = 1
    message = forum.read(thread_id).messages[-1]
    assert (message.html, message.author.role) == ("<p>We are closed on Sundays.</p>", Role.staff)


def test_pages_full_of_what_is_hidden_from_us_are_not_the_end(double: RtDouble, forum: Rt) -> None:
    """RT cuts a page first and takes hidden rows out of it then: here a whole page of comments."""
    double.denied.add("ShowTicketComments")
    thread_id = asked(double, "The beginning.")
    for number in range(130):
        answered(double, thread_id, f"note {number}", internal=True)
    answered(double, thread_id, "The end.")
    assert [message.html for message in forum.read(thread_id).messages] == ["<p>The beginning.</p>", "<p>The end.</p>"]


def test_whoever_asks_is_the_customer_also_when_staff_wrote_it_down(double: RtDouble, forum: Rt) -> None:
    opened = double.store.open_thread("By phone", NewPost("ben", "Mei called."), requestors=["mei", "dave"])
    double.store.add_person("dave", "Dave")
    thread = forum.read(str(opened.id))
    assert (thread.customer.username, thread.customer.role, thread.opened_by_staff) == ("mei", Role.customer, True)
    assert thread.messages[0].author.role is Role.staff


def test_a_ticket_without_requestors_belongs_to_whoever_wrote_it(double: RtDouble, forum: Rt) -> None:
    opened = double.store.open_thread("Nobody", NewPost("mei", "x"), requestors=[])
    assert forum.read(str(opened.id)).customer.username == "mei"


def test_an_account_that_was_taken_away_is_nobody_in_particular(double: RtDouble, forum: Rt) -> None:
    thread_id = asked(double)
    answered(double, thread_id, by="gone")
    del double.store.people["gone"]
    author = forum.read(thread_id).messages[-1].author
    assert (author.username, author.role) == ("gone", Role.customer)


def test_a_customer_without_a_name_is_called_by_what_stands_before_the_at(double: RtDouble, forum: Rt) -> None:
    stranger = double.store.add_person("jo.fox@customers.example", "", email="jo.fox@customers.example")
    stranger.name = ""
    opened = double.store.open_thread("x", NewPost(stranger.username, "x"))
    customer = forum.read(str(opened.id)).customer
    assert (customer.username, customer.name, customer.verified_email) == ("jo.fox@customers.example", "jo.fox", None)


def test_members_of_a_group_are_staff_without_being_privileged(double: RtDouble, config: ForumConfig) -> None:
    double.store.add_person("zoe", "Zoe")
    double.store.add_team("Partners", ["zoe"])
    thread_id = asked(double)
    answered(double, thread_id, by="zoe")
    roles = {}
    for groups in (frozenset({"partners"}), frozenset[str](), frozenset({"unknown"})):
        with Rt(replace(config, staff_groups=groups), POLICY) as forum:
            roles[groups] = forum.read(thread_id).messages[-1].author.role
    assert list(roles.values()) == [Role.staff, Role.customer, Role.customer]


def test_what_people_did_is_told_and_what_rt_did_by_itself_is_not(double: RtDouble, forum: Rt) -> None:
    thread_id = asked(double)
    answered(double, thread_id)
    forum.assign(thread_id, person="ben", team=None)
    forum.resolve(thread_id, message_id=None)
    lines = [message for message in forum.read(thread_id).messages if message.system]
    assert [re.sub(r"<[^>]+>", "", line.html) for line in lines] == ["The owner was changed", "Status changed from open to resolved"]
    assert {line.visibility for line in lines} == {Visibility.internal}


@pytest.mark.parametrize(
    ("status", "state"),
    [("new", ThreadState.open), ("stalled", ThreadState.open), ("rejected", ThreadState.closed), ("resolved", ThreadState.resolved)],
)
def test_statuses_are_states(double: RtDouble, forum: Rt, status: str, state: ThreadState) -> None:
    opened = double.store.open_thread("x", NewPost("mei", "x"), status=status)
    if status in ("rejected", "resolved"):
        double.store.change(opened.id, state={"rejected": "closed"}.get(status, status))
    assert forum.read(str(opened.id)).state is state


def test_a_status_of_the_sites_own_is_open_while_rt_calls_it_active(double: RtDouble, forum: Rt) -> None:
    opened = double.store.open_thread("x", NewPost("mei", "x"), status="waiting for parts")
    assert forum.read(str(opened.id)).state is ThreadState.open


def test_a_deleted_ticket_is_gone(double: RtDouble, forum: Rt) -> None:
    thread_id = asked(double)
    double.store.delete_thread(int(thread_id))
    with pytest.raises(GoneError, match="deleted"):
        forum.read(thread_id)


def test_a_hidden_ticket_is_gone(double: RtDouble, forum: Rt) -> None:
    thread_id = asked(double)
    double.denied.add("ShowTicket")
    with pytest.raises(GoneError):
        forum.read(thread_id)


def test_a_queue_is_a_team_only_where_the_queue_of_new_tickets_is_named(double: RtDouble, forum: Rt, bare: Rt) -> None:
    thread_id = asked(double)
    double.store.change(int(thread_id), assigned_team="support", tags=["billing"])
    assert (forum.read(thread_id).assigned_team, forum.read(thread_id).tags) == ("support", ("billing",))
    assert (bare.read(thread_id).assigned_team, bare.read(thread_id).tags) == (None, ())


# ---- texts


def test_of_a_mail_in_both_kinds_the_html_counts_unless_it_is_a_footer(config: ForumConfig) -> None:
    plain = Part("1", "9", "text/plain", content="A long text that says what is wrong. " * 9)
    rich = Part("2", "9", "text/html", content=f"<p>{plain.content}</p>")
    footer = Part("3", "9", "text/html", content="<p>Sent by the list</p>")
    with Site(config, POLICY) as site:
        assert _body(site, [plain, rich], {}) == rich.content
        assert _body(site, [plain, footer], {}) == f"{from_plain(plain.content)}\n{footer.content}"
        assert _body(site, [plain], {}) == from_plain(plain.content)


def test_html_loses_scripts_and_styles_and_shows_its_own_pictures() -> None:
    html = '<style>p{}</style><p style="x">A<img src="cid:a@b"><img src="cid:other"><script>x("<p>")</script><a href="/x">B</a>&amp;</p>'
    shown = portable(html, "https://rt.example.org", {"a@b": "https://rt.example.org/f"})
    assert shown == '<p>A<img src="https://rt.example.org/f"><img src=""><a href="https://rt.example.org/x">B</a>&amp;</p>'


@pytest.mark.parametrize(
    "html", ["<![", "<a " * 20_000, "<!--" * 20_000, "<![CDATA[" * 9_000], ids=["declaration", "tags", "comments", "sections"]
)
def test_no_mail_stops_the_reading_of_it(html: str) -> None:
    assert isinstance(portable(html, "https://rt.example.org", {}), str)


def test_our_markdown_becomes_html_with_a_marker_that_cannot_end_early() -> None:
    assert from_markdown("**Hi** <b>x</b>", "closeloop:1") == "<p><strong>Hi</strong> &lt;b&gt;x&lt;/b&gt;</p>\n<!-- closeloop:1 -->"
    assert comment("a--><script>") == "<!-- a- -<script -->"


def test_a_history_without_a_beginning_is_read_and_one_with_a_hole_is_not(
    double: RtDouble, forum: Rt, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Never only the end of a ticket as if it were all."""
    monkeypatch.setattr("powerup.integrations.forums.rt.transactions.PAGE", 5)
    thread_id = asked(double, "The beginning.")
    for number in range(60):
        answered(double, thread_id, f"note {number}", internal=True)
    answered(double, thread_id, "The end.")
    double.denied.add("ShowTicketComments")
    with pytest.raises(VendorBrokenError, match="hole"):
        forum.read(thread_id)
    first = next(txn for txn in double.journal.txns.values() if txn.kind == "Create")
    del double.journal.txns[first.id]
    assert [message.html for message in forum.read(thread_id).messages] == ["<p>The end.</p>"]


def test_conditions_on_one_field_must_all_hold(double: RtDouble, forum: Rt) -> None:
    """They are alternatives unless they say otherwise; then pages beyond the tenth were never reached."""
    thread_id = asked(double)
    for number in range(4):
        answered(double, thread_id, f"Number {number}", by="mei")
    seen = forum.read(thread_id).messages[1].external_id
    with Site(ForumConfig(double.base_url(), double.credentials()), POLICY) as site:
        query = where(("id", ">", int(seen)), ("id", "<", int(seen) + 2))
        assert [row["id"] for row in site.rows(f"/ticket/{thread_id}/history", {"query": query})] == [str(int(seen) + 1)]
