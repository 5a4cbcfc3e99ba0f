"""What all local forums' pages share: their style, the script that keeps them current, and how long ago something was."""

from datetime import datetime

from flask import Response, abort, send_from_directory

_FILES = ("forum.css", "thread.css", "forum.js")


def asset(name: str) -> Response:
    """A style sheet or script of these pages."""
    if name not in _FILES:
        abort(404)
    return send_from_directory(__path__[0], name)


def age(moment: datetime, now: datetime) -> str:
    """How long ago, in few words: "5 min", "3 h", "4 d"."""
    seconds = max((now - moment).total_seconds(), 0)
    if seconds < 60:
        return "now"
    if seconds < 3600:
        return f"{int(seconds // 60)} min"
    return f"{int(seconds // 3600)} h" if seconds < 86400 else f"{int(seconds // 86400)} d"
