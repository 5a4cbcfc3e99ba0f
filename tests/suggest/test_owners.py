"""Suggestions are learnt, corrected, explained and limited."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from powerup.suggest.document import Document
from powerup.suggest.keywords import KeywordMap
from powerup.suggest.owners import OwnerModel, Suggestion

PAST = [
    (Document("Printer prints blank pages", "We changed the toner."), "Printing"),
    (Document("Invoice is charged twice", "Please refund the second charge."), "Billing"),
    (Document("Paper jam in the tray", "The printer beeps."), "Printing"),
    (Document("Refund is missing", "The invoice says it was paid."), "Billing"),
    (Document("Cannot sign in", "The password is right."), "Accounts"),
    (Document("Password reset never comes", "I asked for it twice."), "Accounts"),
]
NEW = Document("The printer refuses new toner", "It wants an invoice?")


def taught(past: list[tuple[Document, str]] = PAST) -> OwnerModel:
    model = OwnerModel()
    for document, owner in past:
        model.learn(document, owner)
    return model


def share(found: list[Suggestion], owner: str) -> float:
    return next((each.share for each in found if each.owner == owner), 0.0)


def test_nothing_known_nothing_said() -> None:
    assert OwnerModel().suggest(NEW) == []
    assert OwnerModel().suggest(NEW, owners=["Printing"], keywords=KeywordMap({"Printing": ["scanner"]})) == []


def test_on_the_first_day_keywords_decide() -> None:
    words = KeywordMap({"Billing": ["invoice", "refund"], "Printing": ["printers", "toner"], "Accounts": ["password"]})
    found = OwnerModel().suggest(NEW, keywords=words)
    assert [each.owner for each in found] == ["Printing", "Billing"]
    assert [(reason.text, reason.source) for reason in found[0].reasons] == [("printer", "keyword"), ("toner", "keyword")]


def test_past_assignments_decide() -> None:
    assert taught().suggest(NEW)[0].owner == "Printing"
    assert taught().suggest(Document("I forgot my password"))[0].owner == "Accounts"


def test_one_assignment_improves_the_next_suggestion() -> None:
    model = taught()
    model.learn(Document("The scanner shows stripes"), "Scanning")
    assert model.suggest(Document("Stripes from my scanner"))[0].owner == "Scanning"


def test_a_correction_is_felt_by_the_very_next_thread() -> None:
    model, asked = taught(), Document("Printer wants a toner licence", "The printer is new.")
    before = model.suggest(asked)
    assert before[0].owner == "Printing"
    model.correct(asked, "Printing", "Billing")
    after = model.suggest(Document("Toner licence for our printer", "It is new."))
    assert after[0].owner == "Billing"
    assert share(after, "Printing") < share(before, "Printing")


def test_a_correction_of_what_was_learnt_wrongly_replaces_it() -> None:
    odd = Document("Fax machine hums")
    model = taught([*PAST, (odd, "Billing")])
    assert model.suggest(odd)[0].owner == "Billing"
    model.correct(odd, "Billing", "Printing")
    assert model.suggest(odd)[0].owner == "Printing"


def test_a_correction_to_the_same_owner_changes_nothing() -> None:
    model = taught()
    before = model.suggest(NEW)
    model.correct(NEW, "Billing", "Billing")
    assert model.suggest(NEW) == before


def test_a_forgotten_owner_is_not_suggested() -> None:
    model = taught()
    model.forget_owner("Printing")
    assert "Printing" not in [each.owner for each in model.suggest(NEW, limit=9)]
    model.learn(*PAST[0])
    assert model.suggest(NEW)[0].owner == "Printing"


def test_only_the_owners_asked_for_are_suggested_and_share_all() -> None:
    found = taught().suggest(NEW, owners={"Billing", "Accounts", "Nobody"}, limit=9)
    assert {each.owner for each in found} == {"Billing", "Accounts"}
    assert sum(each.share for each in found) == pytest.approx(1)
    assert taught().suggest(NEW, owners=[]) == []


def test_shares_are_parts_of_one_and_fall() -> None:
    found = taught().suggest(NEW, limit=2)
    assert len(found) == 2
    assert found[0].share >= found[1].share > 0
    assert sum(each.share for each in found) <= 1


def test_reasons_mark_the_words_that_speak_for_the_owner() -> None:
    document = Document("Hello, the PRINTER again", "An invoice came; the toner is empty and the tray is full.")
    best = taught().suggest(document, keywords=KeywordMap({"Printing": ["tray"]}))[0]
    assert best.owner == "Printing"
    assert {"PRINTER", "toner", "tray"} <= {reason.text for reason in best.reasons}
    assert "invoice" not in {reason.text for reason in best.reasons}
    assert len(best.reasons) <= 6
    taken: set[tuple[str, int]] = set()
    for reason in best.reasons:
        text = document.subject if reason.field == "subject" else document.body
        assert text[reason.start : reason.end] == reason.text
        letters = {(reason.field, at) for at in range(reason.start, reason.end)}
        assert not letters & taken
        taken |= letters
    assert {reason.source for reason in best.reasons if reason.text == "tray"} == {"keyword"}


def test_an_author_with_a_habit_is_a_reason() -> None:
    model = taught()
    for number in range(12):
        model.learn(Document(f"Question {number}", "Please help.", author="u7"), "Billing")
        model.learn(Document(f"Question {number}", "Please help.", author="u8"), "Printing")
    best = model.suggest(Document("Another question", "Please help.", author="u7"))[0]
    assert best.owner == "Billing"
    assert [(reason.text, reason.start, reason.end) for reason in best.reasons if reason.source == "author"] == [("u7", 0, 0)]


def test_a_place_tells_owners_apart() -> None:
    model = OwnerModel()
    for number in range(6):
        model.learn(Document(f"It fails {number}", place="web"), "Ada")
        model.learn(Document(f"It fails {number}", place="desktop"), "Ben")
    assert model.suggest(Document("It fails", place="web"))[0].owner == "Ada"
    assert model.suggest(Document("It fails", place="desktop"))[0].owner == "Ben"


@pytest.mark.parametrize(
    ("one", "other", "asked"),
    [
        ("Drucker druckt leere Blätter", "Rechnung doppelt erhalten", "Der Drucker druckt nichts"),
        ("Принтер не печатает", "Счёт выставлен дважды", "Мой принтер сломан"),
        ("プリンターで印刷できません", "請求書が二重に届きました", "昨日から印刷が遅い"),
        ("打印机无法打印", "发票金额错误", "我的打印机坏了"),
        ("הדפסה לא עובדת", "חשבונית כפולה", "בעיה עם הדפסה"),
    ],
)
def test_any_script_is_learnt(one: str, other: str, asked: str) -> None:
    model = taught([(Document(one), "Printing"), (Document(other), "Billing")])
    best = model.suggest(Document(asked))[0]
    assert best.owner == "Printing"
    assert best.reasons and all(asked[reason.start : reason.end] == reason.text for reason in best.reasons)


@pytest.mark.parametrize(
    "odd", [Document(""), Document("", ""), Document("...", "\x00\ufffd"), Document("the", "and"), Document("\ud83d", "🦊" * 9)]
)
def test_a_text_without_words_is_no_trouble(odd: Document) -> None:
    model = taught()
    assert [reason for each in model.suggest(odd) for reason in each.reasons] == []
    model.learn(odd, "Printing")
    model.correct(odd, "Printing", "Billing")
    assert OwnerModel().suggest(odd) == []


def test_of_a_huge_text_the_beginning_is_read() -> None:
    model = taught()
    log = "The printer prints blank pages. " + "0x7f3a password invoice refund\n" * 4000
    assert len(log) > 100_000
    cut = model.suggest(Document("printer", log[:2500]))
    assert model.suggest(Document("printer", log)) == cut
    model.learn(Document("printer", "x" * 200_000), "Printing")


def test_the_same_calls_give_the_same_answer_in_another_process() -> None:
    code = (
        "import json; from tests.suggest.test_owners import NEW, taught; "
        "print(json.dumps([(each.owner, each.share, [r.text for r in each.reasons]) for each in taught().suggest(NEW)]))"
    )
    root = Path(__file__).resolve().parents[2]
    told = []
    for seed in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(root)}
        told.append(
            subprocess.run([sys.executable, "-c", code], cwd=root, env=environment, check=True, capture_output=True, text=True).stdout
        )
    assert told[0] == told[1]
    assert json.loads(told[0])[0][0] == "Printing"


def test_a_thread_with_two_owners_is_learnt_for_both() -> None:
    model = taught()
    shared = Document("Label printer on a rented plan", "The rent is due.")
    model.learn(shared, "Printing")
    model.learn(shared, "Billing")
    assert {each.owner for each in model.suggest(Document("Rented label printer"), limit=2)} == {"Printing", "Billing"}
