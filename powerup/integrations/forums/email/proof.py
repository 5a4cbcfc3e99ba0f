"""Whether the receiving server proved that a mail comes from where it says (RFC 8601).

Only the topmost Authentication-Results header counts, and only when it carries the name that an admin entered: headers are added at
the top, so a sender's own lie further below, whatever name they bear (and a receiving server must take away those with its own
name, RFC 8601 §5; docs/forums/email.md asks admins to make sure). It must say of the very domain in From that DMARC passed, or that
a DKIM signature of that domain is good.

Much in the header is the sender's choice (the envelope's address, a signature's `i=`), in quotes or a comment. So it is read once from
left to right (RFC 5322 §3.2.2, §3.2.4), and what another reader could take differently counts as a failure.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from powerup.integrations.forums.email.heads import Head, addresses

_PIECE = re.compile(r'"((?:[^"\\]|\\.)*)"|\\.|[()"\\]|[^"()\\]+', re.DOTALL)
_PLAIN = re.compile(r"[a-z0-9.@_-]*")
_BLANKS = re.compile(r"[ \t]+")
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_SIGN = re.compile(r" ?([=/]) ?")
_DOMAIN = re.compile(r"[a-z0-9.-]+")
_PROPERTIES = frozenset({"header.from", "header.d", "header.i"})
_UNDECIDED = frozenset({"pass", "none", "temperror", "permerror", "bestguesspass"})
_LONGEST = 8_000


@dataclass(frozen=True, slots=True)
class _Verdict:
    """What one method found. `domains`: by property; "" for what is no domain or is named twice."""

    method: str
    result: str
    domains: dict[str, str] = field(default_factory=dict)


def proven_sender(head: Head, authserv_id: str) -> str | None:
    """The address in From, if it is proved to be its domain's; else None."""
    verdicts = _verdicts(head, authserv_id)
    if not verdicts or len(head.values("from")) != 1:
        return None
    found = addresses(head.value("from"))
    # More than one address, or an address within a name, is how a lie gets past a check that looks at another one than we do.
    if len(found) != 1 or head.value("from").count("@") != 1:
        return None
    domain = found[0].email.partition("@")[2]
    dmarc = [one.result == "pass" and one.domains.get("header.from") == domain for one in verdicts if one.method == "dmarc"]
    dkim = [one.result == "pass" and domain in _signers(one) for one in verdicts if one.method == "dkim"]
    return found[0].email if (all(dmarc) if dmarc else any(dkim)) else None


def is_forged(head: Head, authserv_id: str) -> bool:
    """Whether the server says that DMARC failed, or says what nobody can read: it is senders who put such things into it.

    A domain that has no DMARC (`none`), or could not be asked, is neither proved nor forged.
    """
    return any(one.method == "dmarc" and one.result not in _UNDECIDED for one in _verdicts(head, authserv_id))


def _verdicts(head: Head, authserv_id: str) -> Sequence[_Verdict]:
    """Nothing where our server says nothing; where it says what cannot be read, a DMARC that did not pass."""
    given = _BLANKS.sub(" ", head.value("authentication-results")).strip().lower()
    if not authserv_id or not given:
        return ()
    text = _bare(given)
    if text is None:
        ours = re.match(rf"{re.escape(authserv_id)}(?![a-z0-9._-])", given)
        return (_Verdict("dmarc", "unreadable"),) if ours else ()
    name, *clauses = text.split(";")
    if name.split()[:1] != [authserv_id]:
        return ()
    return [verdict for clause in clauses if (verdict := _verdict(clause))]


def _bare(text: str) -> str | None:
    """Without comments, and with an `x` for each quotation that could be mistaken for something else; None for what is ambiguous."""
    if len(text) > _LONGEST or _CONTROL.search(text):
        return None
    kept, depth = list[str](), 0
    for piece in _PIECE.finditer(text):
        found, quoted = piece[0], piece[1]
        if found == "(":
            depth += 1
            kept.append(" ")
        elif found == ")":
            depth -= 1
            if depth < 0:
                return None
        elif depth and not found.startswith('"') and found != "\\":
            continue
        elif quoted is not None and not depth:
            kept.append(quoted if _PLAIN.fullmatch(quoted) else "x")
        elif found[0] in '"\\':
            # A quote within a comment, one that never ends, a backslash outside both: programs differ about them.
            return None
        else:
            kept.append(found)
    return None if depth else "".join(kept)


def _signers(verdict: _Verdict) -> set[str]:
    """The domains that a signature speaks for: its own, and that of the agent within it (RFC 6376 §3.5, `i=`)."""
    signer, agent = verdict.domains.get("header.d"), verdict.domains.get("header.i", "")
    within = signer is None or agent == signer or agent.endswith(f".{signer}")
    return {one for one in (signer, agent if within else "") if one}


def _verdict(clause: str) -> _Verdict | None:
    words = _SIGN.sub(r"\1", _BLANKS.sub(" ", clause)).split()
    method, _, result = (words or [""])[0].partition("=")
    domains: dict[str, str] = {}
    for word in words[1:]:
        name, _, value = word.partition("=")
        if name in _PROPERTIES:
            domain = value.rpartition("@")[2].rstrip(".")
            sound = _DOMAIN.fullmatch(domain) and domains.get(name, domain) == domain and ("@" in value or name != "header.i")
            domains[name] = domain if sound else ""
    # A method may carry its version: `dmarc/1`.
    return _Verdict(method.partition("/")[0], result, domains) if method else None
