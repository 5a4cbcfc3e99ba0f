"""Readable text and excerpts."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from powerup.render import excerpt, plain_text, sanitise


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>One</p><p>two <b>three</b></p>", "One\n\ntwo three"),
        ("<ol><li>one</li><li>two</li></ol>", "- one\n- two"),
        ("<details><summary>more</summary>x</details>", "more\nx"),
        ("a<br>b<br/>c", "a\nb\nc"),
        ("<ul><li>one<li>two</ul>after", "- one\n- two\n\nafter"),
        ("<p>a\n   b &amp; c&nbsp;d</p>", "a b & c d"),
        ("<pre>x = 1\ny = 2</pre>", "x = 1\ny = 2"),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc"),
        ('<p>see <img src="https://x.org/a.png" alt="the log"> here</p>', "see the log here"),
        ('<p>fine <img class="emoji" src="x" alt=":smile:"></p>', "fine :smile:"),
        ("<script>alert(1)</script><style>p{}</style>x<!-- no -->", "x"),
        ("<section>a</section><section>b</section>", "a\n\nb"),
        ("no tags, 1 < 2 & 3 > 2", "no tags, 1 < 2 & 3 > 2"),
        ("a\x00b\ud800c", "ab\ufffdc"),
        ("", ""),
    ],
)
def test_text_is_what_a_person_reads(html: str, text: str) -> None:
    assert plain_text(html) == text


@pytest.mark.parametrize("html", ['<p>a <img src="https://x.org/a.png" alt="the log"></p>', "<ul><li>x</ul>", "<p>a<p>b"])
def test_clean_and_raw_html_say_the_same(html: str) -> None:
    assert plain_text(sanitise(html)) == plain_text(html)


@pytest.mark.parametrize(
    ("text", "length", "short"),
    [
        ("short", 10, "short"),
        ("one  two\nthree", 40, "one two three"),
        ("a rather long sentence, cut", 16, "a rather long…"),
        ("a rather long sentence, cut", 24, "a rather long sentence…"),
        ("Donaudampfschifffahrt", 10, "Donaudamp…"),
        ("日本語のとても長い文章です", 6, "日本語のと…"),
        ("abcde\u0301fgh", 6, "abcd…"),
        ("abcd👩\u200d🔧 and more", 7, "abcd…"),
        ("abc", 1, "…"),
        ("abc", 0, ""),
    ],
)
def test_an_excerpt_ends_between_words_and_letters(text: str, length: int, short: str) -> None:
    assert excerpt(text, length) == short


@given(st.text(), st.integers(min_value=1, max_value=50))
def test_an_excerpt_is_never_longer_than_asked_for(text: str, length: int) -> None:
    found = excerpt(text, length)
    assert len(found) <= length
    assert "\n" not in found


@pytest.mark.parametrize("bomb", ["<div>", "<!--", "<a ", '<a b="', "<svg>", "</", "&#", "<pre>\n "])
def test_text_of_a_bomb_is_had_quickly(bomb: str) -> None:
    started = time.process_time()
    plain_text(bomb * (500_000 // len(bomb)))
    assert time.process_time() - started < 10
