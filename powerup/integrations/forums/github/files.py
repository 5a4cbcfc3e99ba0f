"""Files in messages. GitHub has no list of them: they are what a message's HTML shows and links to.

Where they lie (https://docs.github.com/en/get-started/writing-on-github/working-with-advanced-formatting/attaching-files):
`/user-attachments/assets/…` and `/user-attachments/files/…` of the site, older ones below the repository (`/owner/name/assets/…`,
`/owner/name/files/…`) and on `user-images.githubusercontent.com`; on an Enterprise Server `/storage/…` or `media.HOST`.

Of private repositories, pictures are had by rendering their message again: its HTML holds a freshly signed address. Other files are
given to a browser that is signed in; tokens mostly get a 404 there (https://github.com/josegonzalez/python-github-backup/issues/477,
https://github.com/drogers0/gh-image/issues/42; some classic tokens work, https://github.com/pingdotgg/t3code/pull/10775), so it is tried
and said in plain words.

A reference is `source|address`: which message shows it (`i12` an issue, `c345` a comment on one, `n…` a GraphQL node) and the address
without its signature.
"""

import re
from contextlib import suppress
from html import unescape
from urllib.parse import unquote, urlsplit

from powerup.integrations.errors import CredentialsRefusedError, GoneError, NotPermittedError, RejectedError, TooLargeError
from powerup.integrations.forums.base import Attachment, File
from powerup.integrations.forums.files import file_name, inline_images, linked_files
from powerup.integrations.forums.github import queries
from powerup.integrations.forums.github.markup import unsigned
from powerup.integrations.github import VENDOR, GitHub, Repository
from powerup.integrations.http import Answer, maybe, need

_SIGNED_HOST = "private-user-images.githubusercontent.com"
_OPEN_HOST = "user-images.githubusercontent.com"
_SITE_PATHS = ("/user-attachments/assets/", "/user-attachments/files/", "/storage/")
_SOURCE = re.compile(r"[ic][1-9][0-9]{0,18}|n[A-Za-z0-9_=+/-]{1,200}")
_SRC = re.compile(r"""(?:src|href)=["']([^"']+)["']""")
_ASSET = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def attachments_in(html: str, source: str, repository: Repository) -> tuple[Attachment, ...]:
    """The files in a message's HTML (absolute, without signatures): pictures in its text first, then links."""

    def reference(url: str) -> str | None:
        return f"{source}|{url}" if is_file(repository, url) else None

    images = inline_images(html, reference)
    shown = {image.reference for image in images}
    linked = linked_files(html, lambda href, _: reference(href))
    # GitHub wraps each picture in a link to itself.
    return images + tuple(file for file in linked if file.reference not in shown)


def fetch(client: GitHub, reference: str) -> File:
    """The bytes; raises GoneError, or RejectedError when it is too large."""
    source, _, url = reference.partition("|")
    if len(reference) > 1_000 or not _SOURCE.fullmatch(source) or not is_file(client.repository, url):
        raise GoneError("No file of GitHub has such an address.", permanent=True, sent=False)
    try:
        answer = _answer(client, source, url)
    except TooLargeError as error:
        raise RejectedError(error.detail, permanent=True, http_status=error.http_status) from None
    kind = answer.headers.get("content-type", "").split(";")[0].strip() or "application/octet-stream"
    return File(file_name(urlsplit(url).path), kind, answer.body)


def is_file(repository: Repository, url: str) -> bool:
    """Whether this is an upload on GitHub's own ground, and no trick: only these addresses are ever called for a message's sake."""
    if not url.isprintable() or "\\" in url:
        return False
    try:
        parts, site = urlsplit(url), urlsplit(repository.site)
        ours = (parts.scheme, parts.netloc.lower()) == (site.scheme, site.netloc.lower())
        media = parts.scheme == "https" and parts.netloc.lower() == f"media.{site.netloc.lower()}"
    except ValueError:
        return False
    path = unquote(unquote(parts.path))
    if ".." in path.split("/") or "//" in path or "\\" in path:
        return False
    if ours:
        below = tuple(f"/{repository.full_name}/{name}/".lower() for name in ("assets", "files"))
        return path.startswith(_SITE_PATHS) or path.lower().startswith(below)
    return media or (parts.scheme == "https" and parts.netloc.lower() in (_SIGNED_HOST, _OPEN_HOST))


def _answer(client: GitHub, source: str, url: str) -> Answer:
    if urlsplit(url).netloc.lower() != _SIGNED_HOST:
        # Tokens are mostly not let in there; what they can have comes after.
        with suppress(GoneError, NotPermittedError, CredentialsRefusedError):
            return client.download(url)
    signed = _signed(client, source, url)
    if not signed:
        why = "GitHub hides this file from tokens, as it does files of private repositories that are no pictures: open it on GitHub."
        raise GoneError(why, permanent=True)
    return client.download(signed)


def _signed(client: GitHub, source: str, url: str) -> str | None:
    """A fresh address of the same file in the message's own HTML, which GitHub renders for whoever asks."""
    wanted = set(_ASSET.findall(urlsplit(url).path))
    for found in _SRC.findall(_rendered(client, source)):
        candidate: str = unescape(found)
        plain = unsigned(candidate)
        same = plain == url or bool(wanted and wanted & set(_ASSET.findall(urlsplit(plain).path)))
        if same and plain != candidate and is_file(client.repository, plain):
            return candidate
    return None


def _rendered(client: GitHub, source: str) -> str:
    kind, name, base = source[0], source[1:], client.repository.path
    if kind == "n":
        node = maybe(client.graphql(queries.RENDERED, {"id": name}), "node", dict, vendor=VENDOR) or {}
        owner = maybe(node, "repository.nameWithOwner", str, vendor=VENDOR)
        owner = owner or maybe(node, "discussion.repository.nameWithOwner", str, vendor=VENDOR) or ""
        ours = owner.lower() == client.repository.full_name.lower()
        return need(node, "bodyHTML", str, vendor=VENDOR) if ours else ""
    path = f"{base}/issues/{name}" if kind == "i" else f"{base}/issues/comments/{name}"
    return maybe(client.get(path), "body_html", str, vendor=VENDOR) or ""
