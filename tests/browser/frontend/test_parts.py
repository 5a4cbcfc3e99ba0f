"""Elements keep what a person does, whatever news come."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

Run = Callable[..., Any]

LONG_AGO = "2026-11-20T08:00:00Z"
PERSON = {"name": "Mei Tanaka", "username": "mei", "avatar_url": None}
MISSING = {"internal_note": "the site has no group that may whisper."}


def message(number: int, role: str = "customer", **more: Any) -> dict[str, Any]:
    """One post."""
    base = {"id": number, "number": number, "author": {**PERSON, "role": role}, "visibility": "public", "system": False}
    return {**base, "html": f"<p>Message {number}</p>", "created_at": LONG_AGO, "edited_at": None, "deleted": False, "files": [], **more}


def link(messages: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    """A linked thread."""
    ticket = {
        "id": 7,
        "forum": {"id": 1, "name": "Forum", "kind": "discourse"},
        "url": "https://forum.test/t/7",
        "subject": "Runs fail",
        "state": "open",
        "customer": PERSON,
        "message_count": len(messages),
        "created_at": LONG_AGO,
        "last_message_at": LONG_AGO,
        "waiting_on": "us",
        "waiting_since": LONG_AGO,
        "excerpt": "",
        "assigned_to": None,
        "private": False,
        "messages": messages,
        "messages_before": None,
        "messages_earlier": 0,
        "features": ["reply", "internal_note"],
        "missing": {},
        "other_cards": [],
        "customer_threads": [],
    }
    return {"id": 1, "created_at": LONG_AGO, "created_by": None, "ticket": {**ticket, **more}}


SHOW = """async (load, links) => {
  await load('elements/closeloop-thread.js');
  const thread = document.querySelector('closeloop-thread') ?? document.createElement('closeloop-thread');
  if (!thread.isConnected) document.querySelector('main').append(thread);
  for (const each of links) thread.show(each, [], { mayWrite: true, hasTab: false });
}"""


def test_what_is_typed_stays_when_news_come(run: Run, page: Page) -> None:
    run(SHOW, [link([message(1)])])
    box = page.get_by_role("textbox", name="Reply to Mei Tanaka")
    box.fill("We look into")
    box.press("End")
    run(SHOW, [link([message(1), message(2)])])
    page.keyboard.type(" it")
    expect(box).to_have_value("We look into it")
    expect(page.get_by_role("article")).to_have_count(2)


def test_reply_and_note_have_drafts_of_their_own_that_outlive_the_frame(run: Run, page: Page) -> None:
    run(SHOW, [link([message(1)])])
    page.get_by_role("textbox", name="Reply to Mei Tanaka").fill("For the customer")
    page.get_by_role("radio", name="Internal note").click()
    note = page.get_by_role("textbox", name="Internal note")
    expect(note).to_have_value("")
    note.fill("For us")
    page.reload()
    run(SHOW, [link([message(1)])])
    expect(page.get_by_role("textbox", name="Reply to Mei Tanaka")).to_have_value("For the customer")
    page.get_by_role("radio", name="Internal note").click()
    expect(page.get_by_role("textbox", name="Internal note")).to_have_value("For us")
    expect(page.get_by_role("button", name="Add internal note")).to_be_enabled()


def test_what_the_forum_cannot_do_is_explained(run: Run, page: Page) -> None:
    run(SHOW, [link([message(1)], features=["reply"], missing=MISSING)])
    expect(page.get_by_text("Internal notes are not possible here: the site has no group that may whisper.")).to_be_visible()
    expect(page.get_by_role("radio", name="Internal note")).to_have_attribute("aria-disabled", "true")


def test_a_long_thread_shows_its_end_first(run: Run, page: Page) -> None:
    run(SHOW, [link([message(number) for number in range(21, 51)], messages_before=21, messages_earlier=20)])
    expect(page.get_by_role("article")).to_have_count(6)
    page.get_by_role("button", name="Show 44 earlier messages").click()
    expect(page.get_by_role("article")).to_have_count(30)
    expect(page.get_by_role("button", name="Show 20 earlier messages")).to_be_visible()


def test_an_internal_note_says_so_before_anything_else(run: Run, page: Page) -> None:
    run(SHOW, [link([message(1), message(2, "staff", visibility="internal")])])
    expect(page.get_by_role("article").last).to_contain_text("Internal note: customers cannot see this")
    expect(page.get_by_role("article").first).not_to_contain_text("Internal note")


def test_a_reply_is_sent_by_ctrl_enter_and_the_box_is_empty(run: Run, page: Page) -> None:
    run(SHOW, [link([message(1)])])
    page.evaluate("addEventListener('closeloop-send', (event) => { window.sent = event.detail; })")
    box = page.get_by_role("textbox", name="Reply to Mei Tanaka")
    box.fill("  Done.  ")
    box.press("Control+Enter")
    assert page.evaluate("window.sent") == {"text": "Done.", "internal": False, "seen": 1}
    expect(box).to_have_value("")
    expect(box).to_be_focused()


OUTGOING = """async (load, { detail, locals, now }) => {
  const { outgoing } = await load('lib/outgoing.js');
  const known = new Map(locals.map((local) => [local.requestId, local]));
  const shown = outgoing(detail, known, Date.parse(now));
  return { shown: shown.map(({ text, state, reason }) => [text, state, reason]), left: known.size };
}"""
LOCAL = {"requestId": "r1", "ticketId": 7, "text": "**Fixed** now!", "internal": False, "at": 1795420800000, "deliveryId": 5, "error": None,
         "retryable": True}  # fmt: skip
DELIVERY = {"id": 5, "kind": "forum_reply", "state": "pending", "reason": None, "ticket_id": 7, "text": "**Fixed** now!", "summary": "",
            "created_at": "2026-11-23T08:00:00Z", "next_attempt_at": None, "retryable": True, "request_id": "r1",
            "awaiting_approval": False}  # fmt: skip


def test_a_message_is_shown_once_whatever_its_state(run: Run) -> None:
    def shown(messages: list[dict[str, Any]], **delivery: Any) -> Any:
        detail = {"links": [link(messages)], "deliveries": [{**DELIVERY, **delivery}]}
        return run(OUTGOING, {"detail": detail, "locals": [LOCAL], "now": "2026-11-23T08:01:00Z"})

    text = LOCAL["text"]
    assert shown([]) == {"shown": [[text, "sending", None]], "left": 1}
    assert shown([], reason="down") == {"shown": [[text, "waiting", "down"]], "left": 1}
    assert shown([], state="failed", reason="refused") == {"shown": [[text, "failed", "refused"]], "left": 1}
    assert shown([], state="done") == {"shown": [[text, "sent", None]], "left": 1}
    arrived = message(9, "staff", html="<p><strong>Fixed</strong> now!</p>", created_at="2026-11-23T08:00:30Z")
    assert shown([arrived], state="done") == {"shown": [], "left": 0}
    assert shown([], state="cancelled") == {"shown": [], "left": 0}


def test_a_message_whose_answer_was_lost_is_known_again_by_its_request(run: Run) -> None:
    lost = {**LOCAL, "deliveryId": None, "error": "offline"}
    said = run(OUTGOING, {"detail": {"links": [link([])], "deliveries": [DELIVERY]}, "locals": [lost], "now": "2026-11-23T08:01:00Z"})
    assert said == {"shown": [[LOCAL["text"], "sending", None]], "left": 1}


def test_a_private_thread_says_so(run: Run, page: Page) -> None:
    run(SHOW, [link([message(1)], private=True)])
    expect(page.locator(".thread-about").get_by_text("Private", exact=True)).to_be_visible()


def test_a_message_that_our_server_never_got_outlives_the_frame(run: Run, page: Page) -> None:
    send = """async (load) => {
      const { Sending } = await load('lib/sending.js');
      const sending = new Sending('c1', { post: async () => { throw new Error('offline'); } }, () => {});
      const restored = [...sending.locals.values()].map(({ text, error, requestId }) => [text, error, requestId]);
      if (!restored.length) await sending.send(7, { text: 'Hello', internal: false });
      return { restored, id: [...sending.locals.keys()][0] };
    }"""
    first = run(send)
    page.reload()
    again = run(send)
    assert again["restored"] == [["Hello", "the card was closed before it was sent.", first["id"]]]


def test_a_reply_says_which_message_its_writer_had_before_them(run: Run, page: Page) -> None:
    run(SHOW, [link([message(3), message(4, role="staff")])])
    page.evaluate("addEventListener('closeloop-send', (event) => { window.sent = event.detail; })")
    page.get_by_role("textbox", name="Reply to Mei Tanaka").fill("Please update.")
    page.get_by_role("button", name="Send reply").click()
    assert page.evaluate("window.sent") == {"text": "Please update.", "internal": False, "seen": 4}


def test_the_customers_other_threads_are_there_with_their_forum(run: Run, page: Page) -> None:
    other = {"id": 9, "subject": "Steps stop", "url": "https://desk.test/9", "forum": {"id": 2, "name": "Old desk", "kind": "zendesk"}}
    about = {"state": "closed", "waiting_on": None, "created_at": LONG_AGO, "card_url": "https://trello.test/c/9"}
    run(SHOW, [link([message(1)], customer_threads=[{**other, **about}])])
    page.get_by_text("1 other thread of this customer").click()
    item = page.get_by_role("listitem").filter(has_text="Steps stop")
    expect(item).to_contain_text("Old desk · Closed")
    expect(item.get_by_role("link", name="its card")).to_have_attribute("href", "https://trello.test/c/9")


REFUSED = """async (load) => {
  const { Sending } = await load('lib/sending.js');
  const { ProblemError } = await load('lib/api.js');
  const bodies = [];
  const post = async (path, body) => {
    bodies.push(body.seen);
    if (bodies.length === 1) throw new ProblemError({ code: 'overtaken', status: 409, detail: 'Mei has written since.' });
    return { delivery: { id: 5 } };
  };
  const sending = new Sending('c1', { post }, () => {});
  await sending.send(7, { text: 'Hello', internal: false, seen: 4 });
  const [local] = sending.locals.values();
  const refused = [local.error, local.retryable];
  await sending.post(local);
  return { bodies, refused, error: local.error };
}"""


def test_a_reply_that_was_overtaken_can_be_sent_once_its_writer_knows(run: Run) -> None:
    assert run(REFUSED) == {"bodies": [4, None], "refused": ["Mei has written since.", True], "error": None}
