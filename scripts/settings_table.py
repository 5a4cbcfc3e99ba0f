"""Write docs/settings.md from powerup/settings.py. `python -m scripts.settings_table` writes, a test compares."""

import sys
from collections.abc import Iterator
from pathlib import Path

from pydantic import SecretStr
from pydantic.fields import FieldInfo

from powerup.settings import Settings

PAGE = Path(__file__).resolve().parent.parent / "docs" / "settings.md"

HEAD = """# Settings

Closeloop reads its settings from the environment and nothing else. A value that is missing or wrong stops the start, and the message
names the variable and what to set. `closeloop demo` sets all of them itself.

<!-- Made from powerup/settings.py by `python -m scripts.settings_table`; change it there. -->
"""


def page() -> str:
    """The whole page."""
    return HEAD + "".join(_section(name, field) for name, field in Settings.model_fields.items())


def _section(name: str, field: FieldInfo) -> str:
    lines = [f"\n## `CLOSELOOP_{name.upper()}`\n", f"{field.description}\n", f"- {_default(field)}", *_limits(field)]
    return "\n".join(lines) + "\n"


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "Required"
    value = field.default
    if isinstance(value, SecretStr):
        value = value.get_secret_value()
    if value in ("", ()):
        return "Default: empty"
    return f"Default: `{str(value).lower() if isinstance(value, bool) else value}`"


def _limits(field: FieldInfo) -> Iterator[str]:
    for rule in field.metadata:
        for attribute, words in (("ge", "At least"), ("gt", "More than"), ("le", "At most"), ("lt", "Less than")):
            limit = getattr(rule, attribute, None)
            if limit is not None:
                yield f"- {words} {limit}"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    sys.exit(0)
