"""Whether the receiving server proved that a mail comes from where it says (RFC 8601).

Only the topmost Authentication-Results header counts, and only when it carries the name that an admin entered: headers are added at
the top, so a sender's own lie further below, whatever name they bear (and a receiving server must take away those with its own
name, RFC 8601 §5; docs/forums/email.md asks admins to make sure). It must say of the very domain in From that DMARC passed, or that
a DKIM signature of that domain is good.
"""

import re

from powerup.integrations.forums.email.heads import Head, addresses

_COMMENT = re.compile(r"\((?:[^()\\]|\\.)*\)")
_PLAIN = re.compile(r'"([A-Za-z0-9.@_-]*)"')
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')
_DEEPEST = 5
_VERDICT = re.compile(r"^\s*(dmarc|dkim)\s*=\s*([a-z]+)\b", re.IGNORECASE)
_PROPERTY = re.compile(r"\b(header\.from|header\.d|header\.i)\s*=\s*\"?(?:[^\s;\"@]*@)?([A-Za-z0-9.-]+)", re.IGNORECASE)


def proven_sender(head: Head, authserv_id: str) -> str | None:
    """The address in From, if it is proved to be its domain's; else None."""
    verdicts = _verdicts(head, authserv_id)
    if verdicts is None or len(head.values("from")) != 1:
        return None
    found = addresses(head.value("from"))
    # More than one address, or an address within a name, is how a lie gets past a check that looks at another one than we do.
    if len(found) != 1 or head.value("from").count("@") != 1:
        return None
    domain = found[0].email.partition("@")[2]
    dmarc = [passed and named.get("header.from", "") == domain for method, passed, named in verdicts if method == "dmarc"]
    dkim = [
        passed and domain in (named.get("header.d", ""), named.get("header.i", ""))
        for method, passed, named in verdicts
        if method == "dkim"
    ]
    return found[0].email if (all(dmarc) if dmarc else any(dkim)) else None


def is_forged(head: Head, authserv_id: str) -> bool:
    """Whether the server says that DMARC failed: the name in From is somebody else's."""
    return any(method == "dmarc" and not passed for method, passed, _ in _verdicts(head, authserv_id) or ())


def _verdicts(head: Head, authserv_id: str) -> list[tuple[str, bool, dict[str, str]]] | None:
    """Method, whether it passed, properties; None where our server says nothing."""
    top = head.value("authentication-results")
    text = _QUOTED.sub("x", _PLAIN.sub(r"\1", " ".join(top.split())[:8_000]))
    for _ in range(_DEEPEST):
        text = _COMMENT.sub(" ", text)
    if set(text) & set('()"'):
        # Brackets or quotes that do not fit: what stands inside them and what outside is anybody's guess.
        return None
    name, *clauses = text.split(";")
    if not authserv_id or name.strip().lower().split()[:1] != [authserv_id]:
        return None
    found = []
    for clause in clauses:
        if verdict := _VERDICT.match(clause):
            named = {key.lower(): value.lower().rstrip(".") for key, value in _PROPERTY.findall(clause)}
            found.append((verdict[1].lower(), verdict[2].lower() == "pass", named))
    return found
