"""Names on several forums, written in one line."""

import pytest

from powerup.teams.forum_names import common_name, own_name

FORUMS = ("Help", "Old help")


@pytest.mark.parametrize(
    ("text", "own", "common"),
    [
        ("support", None, "support"),
        ("support; Old help: Support queue", "Support queue", "support"),
        ("OLD  HELP:queue", "queue", None),
        ("area/agents: hard; Help: x", None, "area/agents: hard"),
        ("Old help: ; support", None, "support"),
        ("", None, None),
        (None, None, None),
    ],
)
def test_a_name_for_one_forum_and_for_all_others(text: str | None, own: str | None, common: str | None) -> None:
    assert own_name(text, "Old help", FORUMS) == own
    assert common_name(text, FORUMS) == common
