"""A stored mail as IMAP takes it apart: header fields, BODYSTRUCTURE, sections (RFC 3501 §6.4.5, §7.4.2)."""

import re
from email import message_from_bytes
from email.message import Message
from email.policy import compat32

_FIELD = re.compile(rb"^([!-9;-~]+)[ \t]*:")


def split(raw: bytes) -> tuple[bytes, bytes]:
    """Header (with its empty line) and body."""
    if raw.startswith(b"\r\n"):
        return b"\r\n", raw[2:]
    head, separator, body = raw.partition(b"\r\n\r\n")
    return head + separator, body


def fields(header: bytes) -> list[tuple[str, bytes]]:
    """Names in lower case and whole raw fields, folded lines and line ends included."""
    found: list[tuple[str, bytes]] = []
    for line in header.splitlines(keepends=True):
        if line[:1] in (b" ", b"\t") and found:
            found[-1] = (found[-1][0], found[-1][1] + line)
        elif match := _FIELD.match(line):
            found.append((match[1].decode("ascii").lower(), line))
    return found


def structure(raw: bytes) -> bytes:
    """BODYSTRUCTURE."""
    header, body = split(raw)
    named = {name for name, _ in fields(header)}
    if "content-type" not in named:
        lines = body.count(b"\n")
        return b'("text" "plain" NIL NIL NIL "7bit" %d %d NIL NIL NIL NIL)' % (len(body), lines)
    return _structure(message_from_bytes(raw, policy=compat32))


def section(raw: bytes, path: str) -> bytes | None:
    """The bytes of BODY[path]; None where there is no such part. `path` may end in HEADER, MIME or TEXT."""
    if not path:
        return raw
    header, body = split(raw)
    if path in ("HEADER", "TEXT"):
        return header if path == "HEADER" else body
    if path == "1" and b"multipart/" not in header.lower():
        return body
    part: Message = message_from_bytes(raw, policy=compat32)
    steps = path.split(".")
    while steps:
        step = steps.pop(0)
        if step in ("HEADER", "TEXT", "MIME"):
            if step != "MIME" and part.get_content_type() == "message/rfc822":
                part = _inner(part)
            whole = _bytes(part)
            return split(whole)[1] if step == "TEXT" else split(whole)[0]
        children = _children(part)
        if not children:
            if step != "1" or steps:
                return None
            break
        if not 1 <= int(step) <= len(children):
            return None
        part = children[int(step) - 1]
    return _content(part)


def _structure(part: Message) -> bytes:
    parameters = _pairs(_parameters(str(part["content-type"] or ""))[1:])
    kind, sub = (_quoted(word) for word in (part.get_content_maintype(), part.get_content_subtype()))
    disposition = _parameters(str(part["content-disposition"] or ""))
    shown = b"(%s %s)" % (_quoted(disposition[0][0]), _pairs(disposition[1:])) if disposition else b"NIL"
    if part.is_multipart() and part.get_content_maintype() == "multipart":
        inside = b"".join(_structure(child) for child in _children(part))
        return b"(%s %s %s %s NIL NIL)" % (inside, sub, parameters, shown)
    content = _content(part)
    octets, lines = len(content), content.count(b"\n")
    common = b"%s %s %s %s %s %s %d" % (
        kind, sub, parameters, _maybe(part["content-id"]), _maybe(part["content-description"]),
        _quoted(str(part["content-transfer-encoding"] or "7bit")), octets,
    )  # fmt: skip
    if part.get_content_type() == "message/rfc822":
        inner = _inner(part)
        envelope = b"(%s %s NIL NIL NIL NIL NIL NIL NIL %s)" % (
            _maybe(inner["date"]),
            _maybe(inner["subject"]),
            _maybe(inner["message-id"]),
        )
        common += b" %s %s %d" % (envelope, _structure(inner), lines)
    elif part.get_content_maintype() == "text":
        common += b" %d" % lines
    return b"(%s NIL %s NIL NIL)" % (common, shown)


def _children(part: Message) -> list[Message]:
    payload = part.get_payload()
    if part.get_content_type() == "message/rfc822":
        return _children(_inner(part)) or [_inner(part)]
    return [one for one in payload if isinstance(one, Message)] if isinstance(payload, list) else []


def _inner(part: Message) -> Message:
    payload = part.get_payload()
    return payload[0] if isinstance(payload, list) and payload and isinstance(payload[0], Message) else Message()


def _content(part: Message) -> bytes:
    if part.get_content_type() == "message/rfc822":
        return _bytes(_inner(part))
    payload = part.get_payload()
    return payload.encode("utf-8", "surrogateescape") if isinstance(payload, str) else split(_bytes(part))[1]


def _bytes(part: Message) -> bytes:
    return re.sub(rb"(?<!\r)\n", b"\r\n", part.as_bytes())


def _parameters(value: str) -> list[tuple[str, str]]:
    """The value and its parameters as they stand, RFC 2231's pieces not put together: that is the client's affair."""
    found: list[tuple[str, str]] = []
    for piece in re.findall(r'(?:[^;"]|"(?:[^"\\]|\\.)*"|")+', re.sub(r"[\r\n]+", "", value)):
        name, _, given = piece.strip().partition("=")
        given = re.sub(r"\\(.)", r"\1", given[1:-1]) if len(given) > 1 and given[0] == given[-1] == '"' else given
        found.append((name.strip(), given.strip()))
    return found


def _pairs(pairs: list[tuple[str, str]]) -> bytes:
    words = [_quoted(str(word)) for pair in pairs for word in pair]
    return b"(%s)" % b" ".join(words) if words else b"NIL"


def _maybe(value: object) -> bytes:
    return b"NIL" if value is None else _quoted(str(value))


def _quoted(text: str) -> bytes:
    raw = re.sub(r"[\r\n]+", "", text).encode("utf-8", "surrogateescape")
    if raw.isascii():
        return b'"' + raw.replace(b"\\", b"\\\\").replace(b'"', b'\\"') + b'"'
    return b"{%d}\r\n%s" % (len(raw), raw)
