"""Texts become terms that two reports of one problem share."""

import pytest

from powerup.suggest.document import Document
from powerup.suggest.similar import SimilarIndex
from powerup.suggest.terms import LONGEST_BODY, read, spoken, stem, words


@pytest.mark.parametrize(
    ("one", "other"),
    [("crashes", "crashing"), ("printed", "prints"), ("queries", "query"), ("stopped", "stop"), ("updating", "update"), ("boxes", "box")],
)
def test_forms_of_a_word_have_one_stem(one: str, other: str) -> None:
    assert stem(one) == stem(other)


@pytest.mark.parametrize("word", ["class", "status", "this", "bus", "red", "is", "analysis"])
def test_short_words_and_words_that_only_look_like_plurals_stay(word: str) -> None:
    assert stem(word) == word


def test_an_identifier_is_a_term_and_so_are_its_parts() -> None:
    assert words("parse_header_line") == ["parse_header_line", "pars", "header", "lin"] or "header" in words("parse_header_line")
    assert "parseheaderlin" in words("parseHeaderLine")
    assert "header" in words("parseHeaderLine")
    assert "e0308" in words("E0308")


def test_what_is_there_by_chance_is_no_term() -> None:
    terms = read(
        "", "at 0x7fff5fbff8c0 in /home/ada/work/main.c:12:5, commit 9508faa22, 2026-01-02 10:11:12, see https://x.example/a/login"
    )

    assert set(terms.prose) >= {"main", "commit", "login"}
    assert not {"0x7fff5fbff8c0", "9508faa22", "home", "ada", "example", "https"} & set(terms.prose)


def test_code_is_told_from_prose() -> None:
    terms = read("", "before\n```rust\nlet inside = 1;\n```\nafter\n    indented by four\n```\nnever closed")

    assert set(terms.prose) == {"befor", "after"}
    assert {"insid", "indent", "never", "clos"} <= set(terms.code)


def test_phrases_are_of_error_messages_without_numbers() -> None:
    one = read("", "It is sunny in the garden today.\nerror: expected 3 tokens, found end of file")
    other = read("", "error: expected 17 tokens, found end of file")

    assert one.phrases == other.phrases
    assert one.phrases
    assert not any("sunny" in phrase for phrase in one.phrases)


@pytest.mark.parametrize(
    ("indexed", "noise", "asked"),
    [
        ("Приложение падает при запуске", "Тёмная тема", "падает приложение, помогите"),
        ("Étiquettes imprimées à l'envers", "Thème foncé", "Les étiquettes sont à l'envers"),
        ("導出発票時出現空白頁面", "請添加深色主題", "発票の空白頁面"),
        ("請求書の印刷ができません", "暗いテーマがほしい", "印刷ができない請求書"),
        ("프린터가 인쇄하지 않아요", "어두운 테마", "프린터가 고장"),
        ("الطابعة لا تعمل", "سمة داكنة", "الطابعة معطلة"),
    ],
)
def test_other_languages_are_found_too(indexed: str, noise: str, asked: str) -> None:
    index = SimilarIndex()
    index.add("noise", Document(noise))
    index.add("wanted", Document(indexed))

    found = index.similar(Document(asked))

    assert [each.key for each in found] == ["wanted"]
    assert found[0].words
    assert all(word in asked.lower() for word in found[0].words)


def test_a_huge_text_is_cut() -> None:
    start, end = "kettle whistles\n" * 1250, "unicorn " * 22_500
    assert len(start + end) >= 200_000

    assert read("", start + end) == read("", (start + end)[:LONGEST_BODY])
    index = SimilarIndex()
    index.add(1, Document("Huge", start + end))
    assert [each.key for each in index.similar(Document("kettle", start + end))] == [1]
    assert index.similar(Document("unicorn")) == []


@pytest.mark.parametrize("text", ["```" * 7000, "a/" * 10_000, "x" * 200_000, "0" * 200_000, "https://" * 9000, "_ZN" * 9000, "aA" * 9000])
def test_hostile_texts_are_read_in_their_turn(text: str) -> None:
    index = SimilarIndex()
    index.add(1, Document(text, text))

    index.similar(Document(text, text))


def test_shown_words_are_as_they_were_written() -> None:
    assert spoken("Crashes while Crashing parseHeader")["crash"] == "crashes"
    assert spoken("parseHeader")["header"] == "header"
    assert "#42" not in spoken("42 times")
