"""Logs as key=value (or JSON) lines that never hold tokens, keys, message bodies or e-mail addresses.

Personal data in logs is also against Trello's rules for Power-Ups. Two nets: fields whose *name* says that they hold such a
thing are hidden whole, and every remaining text is searched for what *looks* like one (e-mail, bearer, JWT, long key, query).
"""

import logging
import re
import sys
from collections.abc import Mapping
from typing import TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from powerup.settings import Settings

HIDDEN = "(hidden)"

_SECRET_NAME = re.compile(
    r"(^|_|-)(token|tokens|key|keys|apikey|secret|secrets|password|passwd|authorization|credential|credentials|cookie|cookies|jwt|signature|"
    r"body|html|raw|text|draft|excerpt|headers|params|query|email|mail)$",
    re.IGNORECASE,
)
_LOOKS_SECRET = (
    re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+"),  # e-mail
    re.compile(r"\beyJ[\w-]{5,}\.[\w-]+\.[\w-]*"),  # JWT
    re.compile(r"\b(?:ATTA|ATATT)[\w=-]{20,}"),  # Atlassian tokens
    re.compile(r"\b[0-9a-fA-F]{48,}\b"),  # API keys; ids and commit hashes are shorter
    re.compile(r"(?<=/services/)\w+/\w+/\w+"),  # Slack's incoming webhooks are secrets as a whole
    re.compile(r"(?<=://)[^/\s:@]+:[^/\s@]+(?=@)"),  # user:password in a URL
)
_AFTER_A_WORD = (
    re.compile(r"\b(Bearer|Basic|OAuth|Token)\s+(?=\S*[\d=])\S{6,}(?:,\s*\w+=\S+)*", re.IGNORECASE),
    re.compile(
        r"\b((?:api[_-]?)?key|token|secret|password|signature|authorization|oauth_token|oauth_consumer_key)"
        r"(?:=|['\"]?:\s?)['\"]?[^\s&,;'\"}]+",
        re.IGNORECASE,
    ),
)
_DEPTH = 6
_STRUCTLOGS_OWN = frozenset({"_record", "_from_structlog"})
"""Members of an event that its formatter takes out again."""


def logger(name: str) -> structlog.stdlib.BoundLogger:
    """A logger for a module; it takes the configuration that holds when it is first used."""
    bound: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(name)
    return bound


def configure(settings: Settings, stream: TextIO | None = None) -> None:
    """Send our records and every library's to one stream (stderr), redacted, as text or JSON."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
        structlog.processors.StackInfoRenderer(),
        # Plain tracebacks, without local variables: those are where tokens lie. Before redaction, which then reads the text.
        structlog.processors.format_exc_info,
        redact,
    ]
    as_text, as_json = structlog.dev.ConsoleRenderer(colors=False), structlog.processors.JSONRenderer(default=str)
    renderer: Processor = as_json if settings.log_json else as_text
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared, processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer]
    )
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(settings.log_level.upper())
    logging.captureWarnings(True)
    # At DEBUG these log whole requests: only what they warn of is ours to show. urllib3's warnings hold URLs with their queries.
    for noisy, least in (("urllib3", logging.ERROR), ("requests_hardened", logging.WARNING), ("sqlalchemy.engine", logging.WARNING)):
        logging.getLogger(noisy).setLevel(max(least, root.level))
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )


def redact(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """The structlog processor that hides; use it in any chain of one's own."""
    for name, value in event.items():
        if name not in _STRUCTLOGS_OWN:
            event[name] = _hide(name, value, _DEPTH)
    return event


def scrub(text: str) -> str:
    """The text without anything that looks like an e-mail address, a token or a key."""
    for pattern in _AFTER_A_WORD:
        text = pattern.sub(rf"\1 {HIDDEN}", text)
    for pattern in _LOOKS_SECRET:
        text = pattern.sub(HIDDEN, text)
    return text


def _hide(name: str, value: object, depth: int) -> object:
    if value is None or isinstance(value, (bool, int, float)):
        return value
    if _SECRET_NAME.search(name):
        return HIDDEN
    return _scrubbed(value, depth)


def _scrubbed(value: object, depth: int) -> object:
    if depth == 0 or isinstance(value, bytes):
        return HIDDEN
    if isinstance(value, str):
        return scrub(value)
    if isinstance(value, Mapping):
        return {str(key): _hide(str(key), item, depth - 1) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_scrubbed(item, depth - 1) for item in value]
    return value if value is None or isinstance(value, (bool, int, float)) else scrub(str(value))


def quiet() -> None:
    """Show warnings and worse only: for commands that talk to a person."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
