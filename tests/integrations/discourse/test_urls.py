"""Which addresses mean a thread of a site, and links in posts made absolute."""

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from powerup.integrations.forums.discourse.markup import portable
from powerup.integrations.forums.discourse.urls import message_url, thread_id_in, thread_url

SITE = "https://forum.example.org"


@pytest.mark.parametrize(
    ("base", "url", "thread_id"),
    [
        (SITE, f"{SITE}/t/my-step-fails/42", "42"),
        (SITE, f"{SITE}/t/42", "42"),
        (SITE, f"{SITE}/t/42/", "42"),
        (SITE, f"{SITE}/t/-/42", "42"),
        (SITE, f"{SITE}/t/my-step-fails/42/7", "42"),
        (SITE, f"{SITE}/t/42/7", "42"),
        (SITE, f"{SITE}/t/my-step-fails/42/last", "42"),
        (SITE, f"{SITE}/t/my-step-fails/42?u=mei&page=2#reply", "42"),
        (SITE, f"{SITE}/t/my-step-fails/42.json", "42"),
        (SITE, f"{SITE}/t/42.json?include_raw=1", "42"),
        (SITE, f"{SITE}/t/%D0%BF%D1%80%D0%B8%D0%B2%D0%B5%D1%82/42", "42"),
        (SITE, f"{SITE}/t/привет-мир/42/3", "42"),
        (SITE, "http://forum.example.org/t/a/42", "42"),
        (SITE, "https://FORUM.example.org:443/t/a/42", "42"),
        (SITE, "https://www.forum.example.org/t/a/42", "42"),
        ("https://www.example.org", "https://example.org/t/a/42", "42"),
        (SITE, f"  {SITE}/t/a/42\n", "42"),
        (f"{SITE}/community", f"{SITE}/community/t/a/42", "42"),
        (f"{SITE}/community/", f"{SITE}/community/t/a/42", "42"),
        ("http://127.0.0.1:8901", "http://127.0.0.1:8901/t/a/42", "42"),
        (SITE, "https://other.example.org/t/a/42", None),
        (SITE, "https://forum.example.org.evil.example/t/a/42", None),
        (SITE, "https://forum.example.org@evil.example/t/a/42", None),
        (SITE, "https://evil.example/https://forum.example.org/t/a/42", None),
        (SITE, "https://forum.example.org:8443/t/a/42", None),
        ("http://127.0.0.1:8901", "http://127.0.0.1:8902/t/a/42", None),
        (f"{SITE}/community", f"{SITE}/t/a/42", None),
        (f"{SITE}/community", f"{SITE}/community2/t/a/42", None),
        (SITE, f"{SITE}/c/general/42", None),
        (SITE, f"{SITE}/t/only-a-slug", None),
        (SITE, f"{SITE}/t/external_id/42x", None),
        (SITE, f"{SITE}/t/a/0", None),
        (SITE, f"{SITE}/t/a/-42", None),
        (SITE, f"{SITE}/t/a/٤٢", None),
        (SITE, f"{SITE}/t/../42", None),
        (SITE, f"{SITE}/t/a/42/7/8", None),
        (SITE, f"{SITE}/u/42", None),
        (SITE, f"{SITE}/t/", None),
        (SITE, SITE, None),
        (SITE, "javascript:alert(1)//forum.example.org/t/a/42", None),
        (SITE, "https://[::1/t/a/42", None),
        (SITE, "https://forum.example.org:99999/t/a/42", None),
        (SITE, "", None),
    ],
)
def test_which_thread_an_address_means(base: str, url: str, thread_id: str | None) -> None:
    assert thread_id_in(base, url) == thread_id


SLUGS = st.text(st.characters(categories=["L", "N", "Pd"]), min_size=1, max_size=30).filter(lambda slug: not slug.isdigit())
BASES = st.sampled_from([SITE, f"{SITE}/community", "http://127.0.0.1:8901", "https://xn--bcher-kva.example"])


ENDS = st.sampled_from(["", "/", "?u=x", "#a", "?a=/t/b/9#/t/c/8"])


@given(BASES, SLUGS, st.integers(1, 10**9), st.integers(1, 5_000), ENDS, st.booleans())
def test_our_own_addresses_come_back(base: str, slug: str, number: int, post: int, end: str, encoded: bool) -> None:
    slug = quote(slug) if encoded else slug
    for url in (thread_url(base, str(number), slug), thread_url(base, str(number)), message_url(base, str(number), slug, post)):
        assert thread_id_in(base, url + end) == str(number)


@given(st.text(max_size=80), BASES)
def test_nothing_breaks_the_recognition(text: str, base: str) -> None:
    for url in (text, f"{base}/{text}", f"{base}/t/{text}", f"{base}{text}"):
        found = thread_id_in(base, url)
        assert found is None or (found.isascii() and found.isdigit())


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ('<a href="/u/ben">@ben</a>', f'<a href="{SITE}/u/ben">@ben</a>'),
        ('<img src="//cdn.example.net/a.png" srcset="/b 2x" style="x">', '<img src="https://cdn.example.net/a.png">'),
        ('<a href="#top">x</a>', f'<a href="{SITE}/#top">x</a>'),
        ('<a href="mailto:a@b.c">x</a>', '<a href="mailto:a@b.c">x</a>'),
        ("<p>a &amp; b &#x1F600; &lt;b&gt;<br/>c</p>", "<p>a &amp; b 😀 &lt;b&gt;<br>c</p>"),
        ('<img class="emoji" alt=":wave:" src="/e.png">', ":wave:"),
        (
            '<div class="lightbox-wrapper"><a class="lightbox" href="/o.png"><img src="/t.png"><div class="meta"><svg><use/></svg><br>'
            "<span>o.png</span></div></a></div>after",
            f'<div class="lightbox-wrapper"><a class="lightbox" href="{SITE}/o.png"><img src="{SITE}/t.png"></a></div>after',
        ),
        ('<a title="&quot;&gt;<script>" href="x">y</a>', f'<a title="&quot;&gt;&lt;script&gt;" href="{SITE}/x">y</a>'),
        ("<!-- gone --><p>x", "<p>x"),
        ('<a href="http://[">x</a>', '<a href="">x</a>'),
    ],
)
def test_html_is_fit_to_leave_its_site(html: str, expected: str) -> None:
    assert portable(html, SITE) == expected


@given(st.text(max_size=200))
def test_no_html_breaks_the_rewriter(html: str) -> None:
    portable(html, SITE)
