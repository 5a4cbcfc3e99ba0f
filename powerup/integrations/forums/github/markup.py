"""GitHub's HTML made fit to leave GitHub: absolute links, no site furniture, no short-lived signatures. It is NOT sanitised here.

In private repositories GitHub shows pictures under addresses with a signature that lives for minutes
(`https://private-user-images.githubusercontent.com/…?jwt=…`, https://github.com/octokit/octokit.js/issues/2786 and
https://github.com/josegonzalez/python-github-backup/pull/478). It is cut off here: it is a secret of a kind, and it would make every
reading look like an edit. `files` gets a fresh one when somebody wants to see the picture.
"""

from urllib.parse import parse_qsl, urljoin, urlsplit

from powerup.integrations.forums.rewriting import Rewriter

_DROPPED_ELEMENTS = frozenset({"clipboard-copy", "button"})
_SIGNATURES = frozenset({"jwt", "token", "x-amz-signature", "raw_token"})


def portable(html: str, page: str) -> str:
    """The same content with absolute URLs (`page` is where it stands) and without signatures."""
    return Rewriter(lambda url: _absolute(page, url), drops=lambda tag, _: tag in _DROPPED_ELEMENTS).rewritten(html)


def unsigned(url: str) -> str:
    """The address without its signature, which changes with each rendering; what is not signed stays whole."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    signed = any(name.lower() in _SIGNATURES for name, _ in parse_qsl(parts.query))
    return parts._replace(query="", fragment="").geturl() if signed else url


def _absolute(page: str, url: str) -> str:
    try:
        return unsigned(urljoin(page, url.strip()))
    except ValueError:
        return ""
