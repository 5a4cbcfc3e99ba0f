"""What the form of a forum is told: what is still missing, and what is wrong in words for whoever fills it in."""

from typing import Any

from tests.api.world import World
from tests.cast import ADA


def anew(world: World) -> dict[str, Any]:
    """The forum, connected again without a webhook secret."""
    listed = world.as_(ADA).get("/api/v1/forums").json
    assert listed is not None
    [before] = listed["forums"]
    assert before["webhook_secret_set"] is True
    assert world.as_(ADA).delete(f"/api/v1/forums/{before['id']}").status_code == 204
    made = world.as_(ADA).post("/api/v1/forums", world.forum_settings(webhook_secret=None))
    assert made.status_code == 201 and made.json is not None
    return dict(made.json)


def is_set(world: World, forum: dict[str, Any], secret: str | None) -> bool:
    """After saving the form with this secret."""
    answer = world.as_(ADA).patch(f"/api/v1/forums/{forum['id']}", world.forum_settings(webhook_secret=secret))
    assert answer.status_code == 200 and answer.json is not None
    return bool(answer.json["webhook_secret_set"])


def test_a_secret_that_nobody_entered_is_not_said_to_be_set(small: World) -> None:
    forum = anew(small)
    assert forum["webhook_secret_set"] is False
    assert is_set(small, forum, None) is False
    assert is_set(small, forum, "a secret of the tests") is True
    assert is_set(small, forum, None) is True, "an empty field keeps it"


def test_an_empty_field_is_said_to_be_empty(small: World) -> None:
    answer = small.as_(ADA).post("/api/v1/forums", small.forum_settings(name="", base_url="", webhook_secret="x" * 201))
    assert answer.status_code == 422 and answer.json is not None
    wrong = {each["field"]: each["message"] for each in answer.json["errors"]}
    assert wrong["name"] == wrong["base_url"] == "Enter something here."
    assert wrong["webhook_secret"] == "This is too long: it has at most 200 characters."
