"""The pages name what there is: codes, routes, deliveries; and what they refer to is there."""

import re
from pathlib import PurePosixPath

import pytest
from flask import Flask

from api import create_app
from powerup.crypto import new_key
from powerup.deliveries.registry import HANDLERS
from powerup.errors import Code
from powerup.integrations.forums.registry import kinds
from powerup.outbox.models import State
from powerup.services import Services
from powerup.settings import Settings
from tests.meta.files import ROOT, text, tracked

PAGES = [path for path in tracked() if path.endswith(".md") and (path.startswith("docs/") or "/" not in path)]
COMING = re.compile(r"docs/images/[\w-]+\.png$")
"""Pictures are taken from the running demo (`python -m scripts.screenshots`)."""


@pytest.fixture(scope="module")
def app() -> Flask:
    """The application; nothing asks its database."""
    settings = Settings(secret_key=("x" * 32,), encryption_key=(new_key(),), database_url="sqlite:///nowhere.db")
    return create_app(Services.from_settings(settings))


@pytest.mark.parametrize("code", list(Code))
def test_each_problem_code_has_its_row(code: Code) -> None:
    rows = [line for line in text("docs/api.md").splitlines() if line.startswith(f"| `{code}` | ")]
    assert len(rows) == 1


def test_the_table_has_no_code_that_is_gone() -> None:
    table = text("docs/api.md").partition("| code | status |")[2]
    assert set(re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)) == {str(code) for code in Code}


def test_each_route_of_the_api_is_named_and_no_other(app: Flask) -> None:
    routes = {
        f"{method} {re.sub(r'<[^>]+>', '<id>', rule.rule)}"
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if rule.rule.startswith("/api/v1/")
    }
    named = set(re.findall(r"^\| `([A-Z]+ /api/v1/[^`]+)` \|", text("docs/api.md"), re.MULTILINE))
    assert named == routes


def test_the_description_stands_where_the_page_says(app: Flask) -> None:
    assert "/api/openapi.json" in {rule.rule for rule in app.url_map.iter_rules()}
    assert "/api/openapi.json" in text("docs/api.md")


@pytest.mark.parametrize("page", ["docs/power-up.md", "docs/architecture.md"])
def test_each_kind_of_delivery_is_explained(page: str) -> None:
    assert {kind for kind in HANDLERS if f"`{kind}`" not in text(page)} == set()


def test_each_state_of_a_delivery_is_explained() -> None:
    assert {state for state in State if f"| `{state}` |" not in text("docs/power-up.md")} == set()


def test_each_kind_of_forum_has_a_page() -> None:
    assert {each.kind for each in kinds() if not text(f"docs/forums/{each.kind}.md").startswith("# ")} == set()


@pytest.mark.parametrize("page", PAGES)
def test_each_page_links_only_to_what_is_there(page: str) -> None:
    targets = re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)(?:#[^)]*)?\)", text(page))
    here = PurePosixPath(page).parent
    missing = [target for target in targets if not (ROOT / here / target).exists() and not COMING.search(str(here / target))]
    assert missing == []


@pytest.mark.parametrize("page", PAGES)
def test_each_setting_that_a_page_names_exists(page: str) -> None:
    known = {f"CLOSELOOP_{name.upper()}" for name in Settings.model_fields} | {"CLOSELOOP_CHROMIUM"}
    assert set(re.findall(r"CLOSELOOP_[A-Z][A-Z_]+[A-Z]", text(page))) <= known


def test_the_readme_begins_with_what_it_is_for_and_the_two_commands() -> None:
    top = text("README.md")[:1500]
    assert top.startswith("# Closeloop\n")
    assert "Trello" in top and "make demo" in top and "make test" in top
