"""Uploads: signed addresses that live for minutes, what tokens are not given, and what is never called."""

from dataclasses import replace

import pytest

from powerup.integrations.errors import GoneError, RejectedError
from powerup.integrations.forums.base import Attachment
from powerup.integrations.forums.github import GitHubForum
from powerup.integrations.forums.github.files import attachments_in, is_file
from powerup.integrations.forums.github.markup import portable, unsigned
from powerup.integrations.github import GitHub, Repository, repository_at
from powerup.integrations.http import Answer, Classify, HttpClient, HttpPolicy
from tests.contract.forum.case import Upload
from tests.contract.forum.github import GithubCase
from tests.integrations.github.acting import discussion, questions

PICTURE = Upload("screen shot.png", "image/png", b"\x89PNG\r\n\x1a\n0123")
LOG = Upload("server.log", "text/plain", b"line one\n")
UUID = "5a4db0c5-0000-4000-8000-000000000001"
SIGNED = f"https://private-user-images.githubusercontent.com/12/345-{UUID}.png"


def github() -> Repository:
    found = repository_at("https://github.com/northwind/support")
    assert found
    return found


def the_file(forum: GitHubForum, thread_id: str) -> Attachment:
    (found,) = forum.read(thread_id).messages[-1].attachments
    return found


def test_a_picture_of_a_private_repository_is_had_by_a_fresh_signature(case: GithubCase, forum: GitHubForum) -> None:
    case.double.is_private = case.double.hides_uploads = True
    thread_id = case.thread("Picture", "See below.", file=PICTURE)
    picture = the_file(forum, thread_id)
    html = forum.read(thread_id).messages[0].html
    assert "token=" not in html and "token=" not in picture.reference
    assert picture.shown_as and f'src="{picture.shown_as}"' in html
    assert (picture.name, forum.file(picture.reference).content) == ("screen shot.png", PICTURE.body)


@pytest.mark.parametrize("kind", ["issue", "comment", "discussion"])
def test_wherever_a_picture_stands_it_is_found_again(case: GithubCase, forum: GitHubForum, kind: str) -> None:
    case.double.hides_uploads = True
    if kind == "issue":
        thread_id = case.thread("Picture", "See below.", file=PICTURE)
    else:
        thread_id = discussion(case) if kind == "discussion" else case.thread("Picture", "Text.")
        case.reply(thread_id, "See below.", file=PICTURE)
    assert forum.file(the_file(forum, thread_id).reference).content == PICTURE.body


def test_two_readings_are_the_same_though_signatures_differ(case: GithubCase, forum: GitHubForum) -> None:
    thread_id = case.thread("Picture", "See below.", file=PICTURE)
    assert forum.read(thread_id).messages == forum.read(thread_id).messages


def test_a_file_that_tokens_are_not_given_is_explained(case: GithubCase, forum: GitHubForum) -> None:
    thread_id = case.thread("Log", "See below.", file=LOG)
    log = the_file(forum, thread_id)
    assert (log.name, log.shown_as, forum.file(log.reference).content) == ("server.log", None, LOG.body)
    case.double.hides_uploads = True
    with pytest.raises(GoneError, match="open it on GitHub"):
        forum.file(log.reference)


def test_a_signature_of_another_message_is_not_taken(case: GithubCase, forum: GitHubForum) -> None:
    case.double.hides_uploads = True
    picture = the_file(forum, case.thread("Picture", "See below.", file=PICTURE))
    other = case.double.thread_id(case.thread("No picture", "Text."))
    with pytest.raises(GoneError):
        forum.file(f"i{other}|{picture.reference.partition('|')[2]}")


def test_a_message_of_another_repository_is_not_rendered_for_us(case: GithubCase, forum: GitHubForum) -> None:
    case.double.hides_uploads = True
    thread_id = discussion(case)
    case.reply(thread_id, "See below.", file=PICTURE)
    reference = the_file(forum, thread_id).reference
    case.double.name = "renamed"
    with pytest.raises(GoneError):
        forum.file(reference)


def test_what_is_too_large_is_refused(case: GithubCase) -> None:
    case.thread("Log", "See below.", file=Upload("big.log", "text/plain", b"x" * 20_000))
    with GitHubForum(case.config(case.credentials()), replace(case.policy(), max_bytes=10_000)) as forum, pytest.raises(RejectedError):
        forum.file(f"i11|{case.url}/user-attachments/files/1/big.log")


@pytest.mark.parametrize("target", ["https://storage.example.org/x?sig=1", "http://storage.example.org/x", "//storage.example.org/x"])
def test_the_token_stays_at_home_and_storage_is_called_safely(monkeypatch: pytest.MonkeyPatch, target: str) -> None:
    home, asked = "https://github.com/user-attachments/files/1/a.log", list[tuple[str, bool]]()

    def request(self: HttpClient, method: str, url: str, *, classify: Classify, **_: object) -> Answer:
        asked.append((url, "Authorization" in self._headers))
        answer = Answer(302, {"location": target}, b"", url) if url == home else Answer(200, {}, b"bytes", url)
        if error := classify(answer):
            raise error
        return answer

    monkeypatch.setattr(HttpClient, "request", request)
    with GitHub(github(), "ghp_secret", HttpPolicy(1.0, 1.0, ())) as client:
        if target.startswith("http:"):
            with pytest.raises(GoneError, match="not safe"):
                client.download(home)
            assert asked == [(home, True)]
        else:
            assert client.download(home).body == b"bytes"
            assert asked == [(home, True), (f"https:{target.removeprefix('https:')}", False)]


@pytest.mark.parametrize(
    "reference",
    ["", "i11", "i11|", "x11|https://github.com/user-attachments/files/1/a", "i11|https://evil.example/user-attachments/files/1/a",
     "i11|http://private-user-images.githubusercontent.com/1/2.png", "i11|file:///etc/passwd", "i11|HOME/settings/profile",
     "i11|HOME/user-attachments/files/../../settings", "i11|HOME/user-attachments/files/%2e%2e/x", "i11|HOME/northwind/other/files/1/a",
     "n../../user|HOME/user-attachments/files/1/a", "i11|HOME@evil.example/user-attachments/files/1/a",
     "i11|https://media.evil.example/user/1/files/a", "i11|HOME/user-attachments/files/1/a\n", "i" + "1" * 30 + "|HOME/storage/x"],
)  # fmt: skip
def test_other_references_are_refused_and_nothing_is_asked(case: GithubCase, forum: GitHubForum, reference: str) -> None:
    with pytest.raises(GoneError) as caught:
        forum.file(reference.replace("HOME", case.url))
    assert not caught.value.sent
    assert questions(case) == 0


@pytest.mark.parametrize(
    ("url", "ours"),
    [
        (SIGNED, True),
        (f"https://github.com/user-attachments/assets/{UUID}", True),
        ("https://github.com/user-attachments/files/12/server.log", True),
        (f"https://github.com/Northwind/Support/assets/12/{UUID}", True),
        ("https://github.com/northwind/support/files/34/server.log", True),
        ("https://user-images.githubusercontent.com/12/345.png", True),
        ("https://camo.githubusercontent.com/0a1b2c/687474703a2f2f", False),
        ("https://avatars.githubusercontent.com/u/1", False),
        ("https://raw.githubusercontent.com/o/r/main/a.png", False),
        ("https://github.com/northwind/support/blob/main/a.png", False),
        ("https://private-user-images.githubusercontent.com.evil.example/1.png", False),
    ],
)
def test_which_addresses_are_uploads(url: str, ours: bool) -> None:
    assert is_file(github(), url) is ours


def test_the_html_of_github_is_made_portable() -> None:
    html = (
        f'<p><a target="_blank" href="{SIGNED}?jwt=e.x.y"><img alt="shot" src="{SIGNED}?jwt=e.x.y" style="max-width:100%"></a></p>'
        '<p class="markdown-alert-title"><svg class="octicon"><path d="M0"></path></svg>Note</p>'
        '<div class="zeroclipboard-container"><clipboard-copy value="x"><svg></svg></clipboard-copy></div>'
        '<a href="/ada">@ada</a> <a href="#user-content-x">x</a> &amp; <input type="checkbox" disabled>'
    )
    found = portable(html, "https://github.com/northwind/support/issues/12")
    assert f'href="{SIGNED}"' in found and f'src="{SIGNED}"' in found
    assert "jwt" not in found and "svg" not in found and "clipboard-copy" not in found and "style" not in found
    assert 'href="https://github.com/ada"' in found
    assert 'href="https://github.com/northwind/support/issues/12#user-content-x"' in found
    assert "&amp;" in found and '<input type="checkbox" disabled="">' in found
    (picture,) = attachments_in(found, "c7", github())
    assert (picture.reference, picture.shown_as) == (f"c7|{SIGNED}", SIGNED)


@pytest.mark.parametrize("url", ["https://example.org/?q=1&page=2#top", "https://github.com/o/r/issues?jwtx=1", "/relative?x=y"])
def test_what_is_not_signed_stays_whole(url: str) -> None:
    assert unsigned(url) == url
