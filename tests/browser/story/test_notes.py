"""Internal notes: the team reads them on the card and on the forum; customers read them nowhere."""

from playwright.sync_api import expect

from tests.browser.story.stage import Stage, pictured

NOTE = "The parser drops the unit, see nightly 388."


def test_a_note_is_a_whisper_that_no_customer_sees(stage: Stage) -> None:
    topic = stage.new_thread("Timeout of a step is not kept")
    card = stage.new_card("A card for notes", links=(topic,))
    thread = stage.open_board().open_card(card.name).locator("closeloop-thread:visible")
    thread.get_by_role("radio", name="Internal note").click()
    thread.get_by_role("textbox", name="Internal note").fill(NOTE)
    thread.get_by_role("button", name="Add internal note").click()

    staff = stage.forum(topic, staff=True)
    expect(staff.locator(".post.whisper", has_text=NOTE)).to_contain_text("Whisper: staff only")
    shown = thread.get_by_role("article").filter(has_text=NOTE)
    expect(shown).to_contain_text("Northwind Support")
    expect(shown).to_contain_text("Internal note: customers cannot see this")
    # A note answers nobody: the customer still waits.
    expect(thread.locator(".since")).to_contain_text("waiting on us since ")
    pictured(staff, "note-staff")

    customer = stage.forum(topic)
    expect(customer.locator(".post")).to_have_count(1)
    expect(customer.locator("body")).not_to_contain_text("parser")
    assert "parser" not in customer.content()


def test_what_is_typed_as_a_note_never_turns_into_a_reply(stage: Stage) -> None:
    card = stage.new_card("A card for two drafts", links=(stage.new_thread("Two drafts for one thread"),))
    thread = stage.open_board().open_card(card.name).locator("closeloop-thread:visible")
    reply, note = thread.get_by_role("radio", name="Reply to customer"), thread.get_by_role("radio", name="Internal note")
    note.click()
    thread.get_by_role("textbox", name="Internal note").fill(NOTE)
    reply.click()
    expect(thread.get_by_role("textbox", name="Reply to Mei Tanaka")).to_have_value("")
    note.click()
    expect(thread.get_by_role("textbox", name="Internal note")).to_have_value(NOTE)
