"""Which mails belong together: by Message-ID, References and In-Reply-To, never by subject. Pure.

As in Jamie Zawinski's algorithm (https://www.jwz.org/doc/threading.html) a mail follows the nearest of those it refers to that is
there, and mails that refer to the same missing one belong together. A thread is named after its root: the first mail, or the
Message-ID of a first mail that is missing. Its subject-joining step is left out on purpose: "Invoice" and "Invoice" are two customers.
"""

from collections.abc import Iterable, Mapping

from powerup.integrations.forums.email.heads import Head

Heads = Mapping[str, Head]
"""By node (the Message-ID)."""


def by_node(heads: Iterable[Head]) -> dict[str, Head]:
    """One mail for each Message-ID: the one that we sent before one that says so, then the one that came first."""
    found: dict[str, Head] = {}
    for head in sorted(heads, key=lambda one: (not one.sent, one.at, one.folder, one.uid)):
        found.setdefault(head.node, head)
    return found


def root_of(node: str, heads: Heads, roots: dict[str, str] | None = None) -> str:
    """The root of the thread in which a mail is. `roots` remembers what was found, for thousands of questions."""
    roots = {} if roots is None else roots
    path: list[str] = []
    seen: set[str] = set()
    while node not in roots:
        if node in seen:
            # Two mails that refer to each other: one of them, and always the same one, is the first.
            node = min(path[path.index(node) :], key=lambda one: (heads[one].at, one))
            roots[node] = node
            break
        seen.add(node)
        path.append(node)
        head = heads.get(node)
        parent = parent_of(head, heads) if head else None
        if parent is None:
            roots[node] = _missing_root(head) if head else node
            break
        node = parent
    root = roots[node]
    for passed in path:
        roots[passed] = root
    return root


def parent_of(head: Head, heads: Heads) -> str | None:
    """The nearest mail that this one refers to and that is there; else None."""
    return next((one for one in reversed(head.references) if one in heads and one != head.node), None)


def depths(heads: Heads) -> dict[str, int]:
    """How many mails stand before each: orders mails of the same second."""
    found: dict[str, int] = {}
    for start in heads:
        path: dict[str, None] = {}
        node: str | None = start
        while node is not None and node not in found and node not in path:
            path[node] = None
            node = parent_of(heads[node], heads)
        depth = found.get(node, -1) if node is not None else -1
        for passed in reversed(path):
            depth += 1
            found[passed] = depth
    return found


def _missing_root(head: Head) -> str:
    return head.references[0] if head.references else head.node
