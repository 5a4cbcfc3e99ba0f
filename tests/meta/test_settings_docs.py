"""docs/settings.md says what powerup/settings.py says."""

from powerup.settings import Settings
from scripts.settings_table import page
from tests.meta.files import text


def test_the_page_is_made_from_the_settings() -> None:
    assert text("docs/settings.md") == page(), "run: python -m scripts.settings_table"


def test_each_setting_has_a_sentence_and_a_heading() -> None:
    for name, field in Settings.model_fields.items():
        assert field.description and len(field.description) > 15, name
        assert f"\n## `CLOSELOOP_{name.upper()}`\n" in text("docs/settings.md")
