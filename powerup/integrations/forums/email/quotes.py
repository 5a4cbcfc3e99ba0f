"""Quoted text folded away: what is new in a mail stands open, what it repeats is one click off.

    <details><summary>Quoted text</summary>…</details>

Where a quotation begins no standard says; these are the habits of widespread programs. Gmail: `div.gmail_quote`; Apple Mail and
Thunderbird: `blockquote[type=cite]`, `div.moz-cite-prefix`; Yahoo: `div.yahoo_quoted`; Proton: `.protonmail_quote`; Outlook:
`#divRplyFwdMsg`, `#appendonsend`, `#mail-editor-reference-message-container`, and a line of From/Sent/To/Subject in any language.
Text: lines with `>`, "On … wrote:", "-----Original Message-----". A mail that is nothing but a quotation is left open.
"""

import re
from collections.abc import Callable, Iterable
from html import escape

from powerup.render.policy import VOID
from powerup.render.tokens import Token, tokens

OPEN = "<details><summary>Quoted text</summary>"
CLOSE = "</details>"

_WROTE = (
    r"wrote|schrieb(?: am)?|a écrit|escribió|ha scritto|escreveu|schreef|skrev|napisał\(?a?\)?|kirjoitti|"
    r"napsala?|пишет|писала?|написала?|yazdı|"
    r"写道|寫道|"
    r"のメール|작성"
)
_BEGINNING = r"On|Am|Le|El|Il|Em|Op|Den|W dniu|Dne|Пн|Вт|Ср|Чт|Пт|Сб|Вс"
_ATTRIBUTION = re.compile(
    rf"^\s*(?:(?:{_BEGINNING})\b.{{3,300}}?(?:{_WROTE})\b.{{0,60}}|.{{3,200}}(?:{_WROTE}))\s*[:：]?\s*$", re.IGNORECASE | re.DOTALL
)
_OPENING = re.compile(rf"^\s*(?:{_BEGINNING})\b", re.IGNORECASE)
_SEPARATOR = re.compile(
    r"^\s*(?:-{2,}\s*(?:Original Message|Forwarded message|Ursprüngliche Nachricht|Originalnachricht|Message d'origine|Message original|"
    r"Mensaje original|Messaggio originale|Mensagem original|Oorspronkelijk bericht|Ursprungligt meddelande|Originalmeddelande|"
    r"Oprindelig meddelelse|Opprinnelig melding|Alkuperäinen viesti|Wiadomość oryginalna|Původní zpráva|Исходное сообщение|"
    r"Пересылаемое сообщение|Özgün İleti|原始邮件|原始郵件|元のメッセージ|원본 메시지)\s*-{2,}|_{20,})\s*$",
    re.IGNORECASE,
)
_OUTLOOK = re.compile(
    r"^\s*\*?(?:From|Von|De|Da|Van|Från|Fra|Lähettäjä|Od|От|Kimden|发件人|寄件者|差出人|보낸 사람)\s*[:：]\*?\s.{1,300}$", re.IGNORECASE
)
_OUTLOOK_NEXT = re.compile(
    r"^\s*\*?(?:Sent|Date|Gesendet|Datum|Envoyé|Date|Enviado(?: el)?|Fecha|Inviato|Data|Verzonden|Skickat|Sendt|Lähetetty|Wysłano|Odesláno|"
    r"Отправлено|Дата|Gönderildi|发送时间|日期|寄件日期|送信日時|보낸 날짜)\s*[:：]\*?\s",
    re.IGNORECASE,
)
_NEXT_IN_LINE = re.compile(_OUTLOOK_NEXT.pattern.replace(r"^\s*\*?", r"(?<!\w)"), re.IGNORECASE)
_QUOTED = re.compile(r"^\s{0,3}>")
_ADDRESS = re.compile(r"https?://[^\s<>\"'`]{1,2000}[^\s<>\"'`.,;:!?)\]}]")
_CLASSES = frozenset(
    {"gmail_quote", "gmail_extra", "yahoo_quoted", "moz-cite-prefix", "protonmail_quote", "gmail_attr", "tutanota_quote", "zmail_extra"}
)
_REST = frozenset({"divrplyfwdmsg", "appendonsend", "mail-editor-reference-message-container", "reply-intro", "stopspelling"})
_LONGEST_SPAN = 400
_LONGEST = 1_000_000


def plain_to_html(text: str) -> str:
    """A plain text as HTML: paragraphs, lines kept, addresses made links, quotations folded."""
    lines = text[:_LONGEST].split("\n")
    marks = _quoted_lines(lines)
    if all(mark or not line.strip() for line, mark in zip(lines, marks, strict=True)):
        marks = [False] * len(lines)
    out, start = list[str](), 0
    while start < len(lines):
        end = start
        while end < len(lines) and marks[end] is marks[start]:
            end += 1
        body = _paragraphs(lines[start:end])
        out.append(f"{OPEN}{body}{CLOSE}" if marks[start] and body else body)
        start = end
    return "".join(out)


def fold_html(html: str, picture: Callable[[str], str | None]) -> str:
    """The HTML with its quotation folded. `picture` gives the address under which a `cid:` image is shown, None: it is left out.

    Addresses that are relative lead nowhere in a mail and are dropped. What comes out is balanced later, when it is sanitised.
    """
    pieces = list(_rewritten(tokens(html[:_LONGEST]), picture))
    opening = next((place for place, (_, token) in enumerate(pieces) if _begins(token, pieces, place)), None)
    if opening is None or not _says_something(token for _, token in pieces[:opening]):
        return "".join(text for text, _ in pieces)
    end = _end_of(pieces, opening)
    texts = [text for text, _ in pieces]
    return "".join([*texts[:opening], OPEN, *texts[opening:end], CLOSE, *texts[end:]])


def _quoted_lines(lines: list[str]) -> list[bool]:
    """Which lines repeat an earlier mail."""
    marks = [bool(_QUOTED.match(line)) for line in lines]
    for place, line in enumerate(lines):
        following = next((later for later in lines[place + 1 : place + 4] if later.strip()), "")
        if _SEPARATOR.match(line) or (_OUTLOOK.match(line) and _OUTLOOK_NEXT.match(following)):
            marks[place:] = [True] * (len(lines) - place)
            break
    for place, mark in enumerate(marks):
        if mark and not (place and marks[place - 1]):
            _mark_attribution(lines, marks, place)
    # Blank lines between two quoted ones, and behind the last, belong to them.
    follows = True
    for place in range(len(lines) - 1, -1, -1):
        if lines[place].strip():
            follows = marks[place]
        else:
            marks[place] = follows
    for place in range(1, len(lines)):
        if not lines[place].strip():
            marks[place] = marks[place] and marks[place - 1]
    return marks


def _mark_attribution(lines: list[str], marks: list[bool], first: int) -> None:
    """ "On Monday, Mei wrote:" above a quotation goes with it; it may be broken over three lines."""
    place = first - 1
    while place >= 0 and not lines[place].strip() and first - place <= 2:
        place -= 1
    start = None
    for above in range(place, max(place - 3, -1), -1):
        joined = " ".join(lines[above : place + 1])
        if not lines[above].strip() or marks[above] or len(joined) >= _LONGEST_SPAN:
            break
        if _ATTRIBUTION.match(joined) and (start is None or _OPENING.match(joined)):
            start = above
    if start is not None:
        marks[start:first] = [True] * (first - start)


def _paragraphs(lines: list[str]) -> str:
    blocks, current = list[str](), list[str]()
    for line in [*lines, ""]:
        if line.strip():
            current.append(_linked(line.rstrip()))
        elif current:
            blocks.append(f"<p>{'<br>'.join(current)}</p>")
            current = []
    return "".join(blocks)


def _linked(line: str) -> str:
    out, position = list[str](), 0
    for match in _ADDRESS.finditer(line):
        out.append(escape(line[position : match.start()], quote=False))
        out.append(f'<a href="{escape(match[0])}">{escape(match[0], quote=False)}</a>')
        position = match.end()
    return "".join([*out, escape(line[position:], quote=False)])


def _rewritten(stream: Iterable[Token], picture: Callable[[str], str | None]) -> Iterable[tuple[str, Token]]:
    for token in stream:
        if token.kind == "text":
            yield escape(token.text, quote=False), token
        elif token.kind == "end":
            yield f"</{token.name}>", token
        else:
            written = []
            for name, value in token.attributes.items():
                kept = _address(name, value, picture) if name in ("src", "href", "srcset", "background") else value
                if kept is not None and name.isascii() and re.fullmatch(r"[a-z][a-z0-9-]*", name):
                    written.append(f' {name}="{escape(kept)}"')
            yield f"<{token.name}{''.join(written)}>", token


def _address(name: str, value: str, picture: Callable[[str], str | None]) -> str | None:
    given = value.strip()
    if given.lower().startswith("cid:"):
        return picture(given[4:]) if name == "src" else None
    given = f"https:{given}" if given.startswith("//") else given
    allowed = ("http://", "https://", "mailto:") if name == "href" else ("http://", "https://")
    return given if name in ("src", "href") and given.lower().startswith(allowed) else None


def _begins(token: Token, pieces: list[tuple[str, Token]], place: int) -> bool:
    """Whether a quotation begins at this token."""
    if token.kind == "text":
        return bool(_SEPARATOR.match(token.text)) and "\n" not in token.text.strip()
    if token.kind != "start":
        return False
    given = token.attributes
    classes = frozenset(given.get("class", "").lower().split())
    if classes & _CLASSES or _is_rest(token) or (token.name == "blockquote" and given.get("type", "").lower() == "cite"):
        return True
    style = given.get("style", "").lower().replace(" ", "")
    return token.name in ("div", "p") and "border-top:solid" in style and _is_outlook(pieces, place)


def _is_rest(token: Token) -> bool:
    """Outlook marks only the beginning: all that follows is quoted."""
    return token.attributes.get("id", "").lower().removeprefix("x_") in _REST


def _is_outlook(pieces: list[tuple[str, Token]], place: int) -> bool:
    """Whether the next words are From: and Sent: in some language."""
    text = " ".join(" ".join(token.text for _, token in pieces[place : place + 40] if token.kind == "text").split())[:400]
    head = re.match(r"[^:：]{1,30}[:：]", text)
    return bool(head and _OUTLOOK.match(f"{head[0]} x") and _NEXT_IN_LINE.search(text, head.end()))


def _end_of(pieces: list[tuple[str, Token]], opening: int) -> int:
    """Behind the element that begins here; what has no end, and what only a line marks, goes on to the end of the mail."""
    end = opening
    # Thunderbird and Gmail put the line "… wrote:" into an element of its own before the quotation: they go together.
    for _ in range(3):
        first = pieces[end][1]
        if first.kind == "text" or first.name in VOID or _is_rest(first) or "border-top" in first.attributes.get("style", ""):
            return len(pieces)
        end = _behind(pieces, end)
        following = next((at for at in range(end, min(end + 5, len(pieces))) if _counts(pieces[at][1])), None)
        token = pieces[following][1] if following is not None else None
        if (
            following is None
            or token is None
            or not _is_attribution(first)
            or token.kind != "start"
            or token.name not in ("blockquote", "div")
        ):
            return end
        end = following
    return _behind(pieces, end)


def _behind(pieces: list[tuple[str, Token]], opening: int) -> int:
    name, depth = pieces[opening][1].name, 0
    for place in range(opening, len(pieces)):
        token = pieces[place][1]
        if token.name == name and token.kind in ("start", "end"):
            depth += 1 if token.kind == "start" else -1
            if depth == 0:
                return place + 1
    return len(pieces)


def _counts(token: Token) -> bool:
    return token.kind != "text" or bool(token.text.strip())


def _is_attribution(token: Token) -> bool:
    return bool(frozenset(token.attributes.get("class", "").lower().split()) & {"moz-cite-prefix", "gmail_attr"})


def _says_something(before: Iterable[Token]) -> bool:
    return any((token.kind == "text" and token.text.strip()) or (token.kind == "start" and token.name == "img") for token in before)
