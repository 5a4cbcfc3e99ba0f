"""Where a repository's page and its APIs are. No I/O.

Sources: https://docs.github.com/en/rest/using-the-rest-api/getting-started-with-the-rest-api (`https://api.github.com`),
https://docs.github.com/en/enterprise-server@3.13/rest (`https://HOST/api/v3`) and …/graphql/guides/forming-calls-with-graphql
(`https://HOST/api/graphql`), https://docs.github.com/en/enterprise-cloud@latest/admin/data-residency (`https://api.NAME.ghe.com`).
"""

import re
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

_OWNER = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,60}")
_NAME = re.compile(r"[A-Za-z0-9._-]{1,100}")


@dataclass(frozen=True, slots=True)
class Repository:
    """One repository: `site` is the scheme and host of its page, `rest` and `graphql` are the roots of the two APIs."""

    site: str
    owner: str
    name: str
    rest: str
    graphql: str

    @property
    def web(self) -> str:
        """Its page."""
        return f"{self.site}/{self.owner}/{self.name}"

    @property
    def path(self) -> str:
        """Where it lies below `rest`."""
        return f"/repos/{self.owner}/{self.name}"

    @property
    def full_name(self) -> str:
        """As GitHub writes it: `owner/name`. Compare without regard to case."""
        return f"{self.owner}/{self.name}"

    def has_page(self, url: str) -> list[str] | None:
        """The rest of the path of a page below this repository's, in parts; None for any other address.

        http and https are the same, and so is `www.` before the name; another port is another site.
        """
        try:
            here, there = urlsplit(self.site), urlsplit(url.strip())
            if there.scheme not in ("http", "https") or "@" in there.netloc or _place(here) != _place(there):
                return None
        except ValueError:
            return None
        parts = there.path.strip("/").split("/")
        same = len(parts) >= 2 and (parts[0].lower(), parts[1].lower()) == (self.owner.lower(), self.name.lower())
        return parts[2:] if same else None


def repository_at(url: str) -> Repository | None:
    """The repository whose page (or a page below it) this is; None for what can be none."""
    try:
        parts = urlsplit(url.strip())
        place = (parts.hostname or "").removeprefix("www."), parts.port
    except ValueError:
        return None
    names = [name for name in parts.path.split("/") if name]
    if parts.scheme not in ("http", "https") or not place[0] or "@" in parts.netloc or len(names) < 2:
        return None
    owner, name = names[0], names[1].removesuffix(".git")
    if not _OWNER.fullmatch(owner) or not _NAME.fullmatch(name) or name in (".", ".."):
        return None
    site = f"{parts.scheme}://{place[0]}{f':{place[1]}' if place[1] else ''}"
    return Repository(site, owner, name, *_roots(site, place[0], parts.scheme))


def _roots(site: str, host: str, scheme: str) -> tuple[str, str]:
    if host == "github.com":
        return "https://api.github.com", "https://api.github.com/graphql"
    if host.endswith(".ghe.com"):
        return f"{scheme}://api.{host}", f"{scheme}://api.{host}/graphql"
    return f"{site}/api/v3", f"{site}/api/graphql"


def _place(parts: SplitResult) -> tuple[str, int | None]:
    port = parts.port if parts.port not in (80, 443) else None
    return (parts.hostname or "").rstrip(".").removeprefix("www."), port
