"""Keywords are found where they stand, whatever their case and plain endings."""

import pytest

from powerup.suggest.document import Document
from powerup.suggest.keywords import KeywordMap, Match


def _texts(document: Document, matches: list[Match]) -> list[tuple[str, str]]:
    return [(match.owner, {"subject": document.subject, "body": document.body}[match.field][match.start : match.end]) for match in matches]


@pytest.mark.parametrize(
    ("keyword", "text", "marked"),
    [
        ("timeout", "Many Timeouts since Monday", "Timeouts"),
        ("invoices", "the INVOICE is wrong", "INVOICE"),
        ("path too long", "error: Path too long!", "Path too long"),
        ("print", "It is not printing", "printing"),
        ("Größe", "falsche größe gewählt", "größe"),
        ("error E0308", "says error e0308 here", "error e0308"),
        ("印刷", "昨日から印刷できません", "印刷"),
        ("оплата", "Где моя Оплата?", "Оплата"),
    ],
)
def test_a_keyword_is_found_with_its_place(keyword: str, text: str, marked: str) -> None:
    for document in (Document(text), Document("", text)):
        assert _texts(document, KeywordMap({"ada": [keyword]}).matches(document)) == [("ada", marked)]


@pytest.mark.parametrize(
    ("keyword", "text"), [("path too long", "path is too long"), ("port", "the report"), ("tim", "timeout"), ("", "x")]
)
def test_other_words_are_not_found(keyword: str, text: str) -> None:
    assert KeywordMap({"ada": [keyword]}).matches(Document(text)) == []


def test_each_place_and_each_owner_is_told() -> None:
    document = Document("Sync fails", "The sync of folders fails, sync again")
    matches = KeywordMap({"desktop": ["sync"], "web": ["sync", "folder"]}).matches(document)
    assert _texts(document, matches) == [
        ("desktop", "Sync"),
        ("web", "Sync"),
        ("desktop", "sync"),
        ("web", "sync"),
        ("web", "folders"),
        ("desktop", "sync"),
        ("web", "sync"),
    ]


def test_a_text_that_ends_within_a_longer_keyword_has_the_shorter_one_once() -> None:
    known = KeywordMap({"drop": ["package"], "long": ["package name", "package name is too long"]})
    found = known.matches(Document("Package name"))
    assert [(match.owner, match.keyword) for match in found] == [("drop", "package"), ("long", "package name")]
