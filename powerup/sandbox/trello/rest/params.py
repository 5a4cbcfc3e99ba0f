"""A request's parameters: Trello takes them from the query, a form or a JSON body alike."""

from typing import Any

from flask import request
from werkzeug.exceptions import BadRequest

from powerup.sandbox.trello.store.refusals import Refusal, invalid

MAX_TEXT = 16_384
"""Longest name, description or comment."""


class Params:
    """Reads parameters as text, flags and lists; refuses bad ones the way Trello does."""

    def __init__(self, values: dict[str, Any]) -> None:
        self._values = values

    @classmethod
    def of_request(cls) -> "Params":
        """Query first, then form, then JSON, the later winning."""
        values: dict[str, Any] = dict(request.args.items()) | dict(request.form.items())
        if request.is_json and request.content_length:
            try:
                body = request.get_json()
            except BadRequest:
                raise Refusal(400, "Invalid JSON") from None
            if not isinstance(body, dict):
                raise Refusal(400, "Invalid JSON")
            values |= body
        return cls(values)

    def has(self, name: str) -> bool:
        """Whether it was given, even empty."""
        return name in self._values

    def text(self, name: str, default: str = "", most: int = MAX_TEXT) -> str:
        """As text; a JSON null is empty."""
        value = self._values.get(name, default)
        if value is None:
            return ""
        if isinstance(value, bool):
            return "true" if value else "false"
        if not isinstance(value, str | int | float) or len(str(value)) > most:
            raise invalid(name)
        return str(value)

    def need(self, name: str, most: int = MAX_TEXT) -> str:
        """As text that is not empty."""
        value = self.text(name, most=most)
        if not value.strip():
            raise invalid(name)
        return value

    def flag(self, name: str, default: bool = False) -> bool:
        """As true or false."""
        value = self.text(name).lower()
        if value not in ("", "true", "false", "1", "0"):
            raise invalid(name)
        return default if value == "" else value in ("true", "1")

    def number(self, name: str, default: int, low: int, high: int) -> int:
        """As a whole number within bounds."""
        try:
            value = int(self.text(name) or default)
        except ValueError:
            raise invalid(name) from None
        if not low <= value <= high:
            raise invalid(name)
        return value

    def names(self, name: str, default: str = "") -> tuple[str, ...]:
        """As a comma-separated list, or a JSON list."""
        value = self._values.get(name, default)
        if isinstance(value, list):
            value = ",".join(str(item) for item in value)
        if not isinstance(value, str):
            raise invalid(name)
        return tuple(word.strip() for word in value.split(",") if word.strip())
