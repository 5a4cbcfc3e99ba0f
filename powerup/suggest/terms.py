"""What a text says, as terms that can be counted: words, parts of identifiers, and the fixed phrases of error messages. No I/O."""

import re
from collections import Counter
from dataclasses import dataclass

LONGEST_SUBJECT = 500
LONGEST_BODY = 20_000
"""Characters that are read; a pasted log of 200 kB says what it says in its first pages."""
_LONGEST_WORD = 40
_LONGEST_LINE = 600
"""A longer line is data, not a message."""
_MOST_MESSAGES = 12
_MOST_WORDS_OF_A_MESSAGE = 40
_MOST_PARTS = 3
"""Directories of a URL's path that are kept: the end says what it is about."""

_ENGLISH = """
a about all also an and any are as at be been but by can did didn't do does doesn't don't for from get got had has have he her his how i i'm
i've if in into is isn't it it's its just like me more my no not of on one only or our out she should so some than that the their them then
there they this to up us use used using was we were what when where which will with would you your
"""
STOPWORDS = frozenset(_ENGLISH.split())
"""Only English: in other languages such words are frequent, and frequent terms weigh next to nothing anyway."""

_FENCE = re.compile(r"(?:```|~~~)[^\n]*\n(.*?)(?:```|~~~|\Z)", re.DOTALL)
_URL = re.compile(r"https?://[^\s<>)\]\"']+")
_MANGLED = re.compile(r"::h[0-9a-f]{8,}\w*|\b_ZN\w+")
# Addresses, hashes, dates, times and line:column differ between two reports of one problem, so they would only hide that it is one.
_CHANCE = re.compile(
    r"0x[0-9a-fA-F]+|\b(?=[0-9a-f]{0,64}\d)[0-9a-f]{7,64}\b|\b\d{4}-\d\d-\d\d\b|\b\d\d:\d\d(?::\d\d)?\b|(?<=\w):\d{1,9}(?::\d{1,9})?\b"
)
_FOLDERS = re.compile(r"(?:[\w.~+-]{1,80}/)+")
_WORD = re.compile(r"[^\W_]\w*(?:['’][a-z]+)?")
_UNSPACED = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]+")
"""Scripts without spaces between words (Thai, Japanese, Chinese): pairs of characters stand for words."""
_PARTS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_MESSAGE = re.compile(
    r"error|panic|fail|assert|exception|fatal|unreachable|overflow|segfault|abort|crash|unable|cannot|can't|invalid|not found|no such"
    r"|denied|refused|time[d ]* ?out|bug",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Terms:
    """Counts of each term by where it stands, and the phrases of its error messages."""

    subject: Counter[str]
    prose: Counter[str]
    code: Counter[str]
    phrases: frozenset[str]
    """Three consecutive words of a line that reads like an error message, numbers left out."""


def read(subject: str, body: str) -> Terms:
    """The terms of a thread's subject and opening text."""
    subject, body = subject[:LONGEST_SUBJECT], body[:LONGEST_BODY]
    prose, code = _apart(body)
    return Terms(
        subject=Counter(words(_plain(subject))),
        prose=Counter(words(_plain(prose))),
        code=Counter(words(_plain(code))),
        phrases=frozenset(_phrases([subject, *prose.split("\n"), *code.split("\n")])),
    )


def words(text: str) -> list[str]:
    """Words in lower case and without endings; an identifier as a whole and in its parts."""
    found: list[str] = []
    for match in _WORD.finditer(text):
        word = match.group()
        lower = word.lower()
        if lower in STOPWORDS:
            continue
        if lower.isascii() and lower.isalpha():
            if 1 < len(lower) <= _LONGEST_WORD:
                found.append(stem(lower))
                if not (word.islower() or word.isupper() or word.istitle()):
                    found += _parts(word)
        elif lower.isdigit():
            if 1 < len(lower) <= 5:
                found.append("#" + lower)
        else:
            found += _unusual(word, lower)
    return found


def _unusual(word: str, lower: str) -> list[str]:
    """Terms of a word that is not simply Latin letters or digits."""
    runs = _UNSPACED.findall(lower)
    if runs:
        return [pair for run in runs for pair in ([run[at : at + 2] for at in range(len(run) - 1)] or [run])]
    if not 1 < len(lower) <= _LONGEST_WORD:
        return []
    return [lower, *(_parts(word) if "_" in word or not word.islower() else [])]


def _parts(word: str) -> list[str]:
    parts = [part.lower() for part in _PARTS.findall(word)]
    return [stem(part) for part in parts if len(part) > 1 and part not in STOPWORDS] if len(parts) > 1 else []


def spoken(text: str) -> dict[str, str]:
    """For each term of a text that can be shown, the word as it was written first, in lower case."""
    text = text[: LONGEST_SUBJECT + LONGEST_BODY]
    found: dict[str, str] = {}
    for match in _WORD.finditer(text):
        word = match.group()
        for form in (word, *_PARTS.findall(word)):
            # Asked once a form: a line of Chinese is one form of thousands of terms, and each question reads all of it.
            is_unspaced = _UNSPACED.search(form) is not None
            for term in words(form) if is_unspaced else words(form)[:1]:
                found.setdefault(term, term if is_unspaced else form.lower())
    return {term: form for term, form in found.items() if term[0] != "#"}


def stem(word: str) -> str:
    """The word without its most usual English endings; never less than three letters."""
    word = _singular(word)
    for ending, shortest in (("ing", 6), ("ed", 5), ("ly", 6)):
        if len(word) >= shortest and word.endswith(ending):
            word = word[: -len(ending)]
            if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "ls":
                word = word[:-1]
            break
    return word[:-1] if len(word) > 4 and word[-1] == "e" else word


def _singular(word: str) -> str:
    if len(word) < 4 or word[-1] != "s" or word[-2] in "sui":
        return word
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 4 and word.endswith("es") and word[-3] in "sxzh":
        return word[:-2]
    return word[:-1]


def _apart(body: str) -> tuple[str, str]:
    """Prose, and code: what is fenced or indented by four."""
    code: list[str] = []

    def take(match: re.Match[str]) -> str:
        code.append(match.group(1))
        return "\n"

    prose: list[str] = []
    for line in _FENCE.sub(take, body).split("\n"):
        (code if line.startswith(("    ", "\t")) else prose).append(line)
    return "\n".join(prose), "\n".join(code)


def _plain(text: str) -> str:
    """The text without what is there by chance: addresses, hashes, times, folders, hosts."""
    for pattern in (_MANGLED, _CHANCE, _FOLDERS):
        text = pattern.sub(" ", _URL.sub(_last_of_path, text) if pattern is _MANGLED else text)
    return text


def _last_of_path(match: re.Match[str]) -> str:
    parts = re.findall(r"[A-Za-z]{2,}", match.group().partition("//")[2].partition("/")[2])
    return " " + " ".join(parts[-_MOST_PARTS:]) + " "


def _phrases(lines: list[str]) -> list[str]:
    messages = [line for line in lines if len(line) < _LONGEST_LINE and _MESSAGE.search(line)][:_MOST_MESSAGES]
    found: list[str] = []
    for message in messages:
        said = [word for word in words(_plain(message)) if word[0] != "#"][:_MOST_WORDS_OF_A_MESSAGE]
        found += (" ".join(said[at : at + 3]) for at in range(len(said) - 2))
    return found
