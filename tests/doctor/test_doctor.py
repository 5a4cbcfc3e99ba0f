"""The doctor finds each fault, says it in plain words, and says how to mend it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine

from powerup import clock
from powerup.crypto import Sealer, new_key
from powerup.db import migrate
from powerup.doctor.forum import forum
from powerup.doctor.installation import has_database, installation
from powerup.doctor.steps import Section, Step, is_well
from powerup.doctor.words import FEATURES
from powerup.forums import actions, backfills
from powerup.forums.models import Backfill, Forum
from powerup.integrations.forums.base import Feature
from powerup.sandbox.common.faults import FaultPlan
from powerup.services import Services
from powerup.tickets.models import Ticket
from tests.factories import BY_ADA
from tests.scene import Scene, settings_for


def look(scene: Scene, services: Services | None = None) -> Section:
    """The forum, as its row is now."""
    with scene.services.database.read() as session:
        row = session.get_one(Forum, scene.forum_row.id)
    return forum(services or scene.services, row)


def step(section: Section, name: str) -> Step:
    """The first step of that name which is not well, or the first."""
    found = [each for each in section.steps if each.name == name]
    assert found, [each.name for each in section.steps]
    return next((each for each in found if each.mark != "ok"), found[0])


def change(scene: Scene, **values: Any) -> None:
    with scene.services.database.write() as session:
        row = session.get_one(Forum, scene.forum_row.id)
        for name, value in values.items():
            setattr(row, name, value)


def other(scene: Scene, **changes: Any) -> Services:
    """The same installation with other settings."""
    url = changes.pop("database_url", scene.services.database.url)
    return Services.from_settings(settings_for(url, scene.trello, scene.forum, scene.slack, **changes))


def test_an_installation_that_is_well_is_called_so(scene: Scene) -> None:
    sections = [installation(scene.services), look(scene)]
    assert [each for section in sections for each in section.steps if each.mark in ("failed", "warning")] == [
        step(sections[1], "encryption")
    ]
    assert is_well(sections) and has_database(sections[0])
    assert "helper" in step(sections[1], "account").says and "Northwind" in step(sections[1], "account").says
    assert step(sections[1], "can:acknowledge").mark == "skipped" and "no list" in step(sections[1], "can:acknowledge").says


def test_each_feature_has_its_words() -> None:
    assert set(FEATURES) == set(Feature)


@pytest.mark.parametrize(
    ("options", "feature", "mend"),
    [
        ({"whispers": False}, "internal_note", "whispers allowed groups"),
        ({"assign": False}, "assign_person", "Assign plug-in"),
        ({"assign_allowed": False}, "assign_team", "assign allowed on groups"),
    ],
)
def test_a_plug_in_or_a_permission_that_is_missing_is_a_warning_with_its_mend(
    scene: Scene, options: dict[str, Any], feature: str, mend: str
) -> None:
    scene.forum.store.options = scene.forum.store.options.model_copy(update=options)
    found = look(scene)
    assert step(found, f"can:{feature}").mark == "warning" and mend in step(found, f"can:{feature}").mend
    assert step(found, "reading").mark == "ok" and is_well([found])


def wrong_key(scene: Scene) -> None:
    with scene.services.database.write() as session:
        row = session.get_one(Forum, scene.forum_row.id)
        row.sealed_credentials = scene.services.sealer.seal(
            actions.credentials_purpose(row.id), '{"api_key": "f000", "api_username": "helper"}'
        )


def unknown_host(scene: Scene) -> None:
    change(scene, base_url="https://forum.invalid")


def private(scene: Scene) -> None:
    change(scene, base_url="http://127.0.0.1:9")


def web_page(scene: Scene) -> None:
    scene.forum.faults.set(FaultPlan(body="html", status=200))


def hidden(scene: Scene) -> None:
    scene.break_calls(scene.forum, status=403, path_contains="/t/")


def moved_key(scene: Scene) -> None:
    with scene.services.database.write() as session:
        row = session.get_one(Forum, scene.forum_row.id)
        row.sealed_credentials = Sealer([new_key()]).seal(actions.credentials_purpose(row.id), "{}")


@pytest.mark.parametrize(
    ("fault", "where", "says", "mend"),
    [
        (wrong_key, "account", "API", ""),
        (unknown_host, "address", "There is no host forum.invalid", "DNS"),
        (private, "address", "private address", "CLOSELOOP_PRIVATE_HOSTS"),
        (web_page, "account", "web page instead of data", ""),
        (hidden, "reading", "A thread cannot be read", ""),
        (moved_key, "credentials", "cannot be opened", "CLOSELOOP_ENCRYPTION_KEY"),
    ],
    ids=lambda value: value.__name__ if callable(value) else "",
)
def test_each_fault_is_found_where_it_is(scene: Scene, fault: Callable[[Scene], None], where: str, says: str, mend: str) -> None:
    fault(scene)
    found = look(scene)
    assert step(found, where).mark == "failed" and says in step(found, where).says and mend in step(found, where).mend
    # What can be said without asking is said all the same.
    assert {"sync", "history"} <= {each.name for each in found.steps}
    assert not is_well([found])


def test_a_forum_that_is_down_is_reported_and_not_asked_further(scene: Scene) -> None:
    scene.forum.stop()
    found = look(scene)
    assert step(found, "address").mark == "failed" and "cannot be reached" in step(found, "address").says
    assert step(found, "account").mark == "skipped"
    assert not any(each.name in ("listing", "reading") for each in found.steps)


def test_an_empty_list_may_mean_a_missing_permission(scene: Scene) -> None:
    with scene.forum.store.lock:
        scene.forum.store.rows.topics.clear()
    assert step(look(scene), "listing").mark == "warning"


def test_webhooks_are_judged_by_what_came_last(scene: Scene) -> None:
    now = clock.now()
    change(scene, hook_refused_at=now + timedelta(minutes=1))
    assert step(look(scene), "webhook").mark == "failed" and "secret" in step(look(scene), "webhook").mend
    change(scene, hook_refused_at=None, last_hook_at=None)
    assert step(look(scene), "webhook").mark == "warning" and "Webhooks" in step(look(scene), "webhook").mend
    change(scene, last_hook_at=now - timedelta(days=2))
    with scene.services.database.write() as session:
        session.query(Ticket).one().changed_at = now - timedelta(hours=1)
    assert "without one" in step(look(scene), "webhook").says
    with scene.services.database.write() as session:
        row = session.get_one(Forum, scene.forum_row.id)
        row.sealed_hook_secret = scene.services.sealer.seal(actions.hook_purpose(row.id), "")
    assert step(look(scene), "webhook").mark == "failed" and "No webhook secret" in step(look(scene), "webhook").says
    change(scene, last_hook_at=None, sealed_hook_secret="")
    # Who never sent a webhook may want none: polls do.
    assert step(look(scene), "webhook").mark == "warning" and "No webhook secret" in step(look(scene), "webhook").says


def test_how_reading_goes_is_told(scene: Scene) -> None:
    change(scene, state="broken", sync_error="It answered nonsense.")
    assert "nonsense" in step(look(scene), "sync").says and step(look(scene), "sync").mark == "failed"
    change(scene, state="working", pace=1.5)
    assert "1.5 seconds" in step(look(scene), "sync").says
    change(scene, last_sync_at=clock.now() - timedelta(hours=5))
    assert step(look(scene), "sync").mark == "failed"
    change(scene, last_sync_at=None)
    assert step(look(scene), "sync").mark == "warning"


def test_how_history_goes_is_told(scene: Scene) -> None:
    assert "closeloop sync --since" in step(look(scene), "history").says
    with scene.services.database.write() as session:
        row = session.get_one(Forum, scene.forum_row.id)
        backfills.start(session, row, since=clock.now() - timedelta(days=9), by=BY_ADA)
    for state, mark in (("running", "ok"), ("paused", "warning"), ("failed", "failed"), ("done", "ok")):
        with scene.services.database.write() as session:
            session.query(Backfill).one().state = state
        assert step(look(scene), "history").mark == mark


def test_a_worker_that_is_missing_is_noticed_by_what_waits(scene: Scene) -> None:
    with time_machine.travel(clock.now() + timedelta(minutes=10)):
        found = step(installation(scene.services), "worker")
    assert found.mark == "failed" and "closeloop worker" in found.mend


@pytest.mark.parametrize(
    ("base_url", "mark"), [("https://closeloop.test", "ok"), ("http://closeloop.test", "failed"), ("http://localhost:8080", "warning")]
)
def test_trello_wants_https(scene: Scene, base_url: str, mark: str) -> None:
    services = other(scene, base_url=base_url)
    assert step(installation(services), "base_url").mark == mark
    services.close()


def test_settings_that_trello_needs_are_named(scene: Scene) -> None:
    services = other(scene, trello_api_key="")
    assert "CLOSELOOP_TRELLO_API_KEY" in step(installation(services), "trello_settings").mend
    services.close()


def test_a_trello_token_that_is_refused_is_told(scene: Scene) -> None:
    scene.trello.store.shelves.tokens.clear()
    found = step(installation(scene.services), "trello")
    assert found.mark == "failed" and "connects the board again" in found.mend


def test_an_old_schema_is_told_and_rows_are_left_alone(scene: Scene) -> None:
    migrate.downgrade(scene.services.database, "-1")
    found = installation(scene.services)
    assert "closeloop migrate" in step(found, "database").mend and not has_database(found)


def test_a_database_that_is_away_is_told(scene: Scene) -> None:
    services = other(scene, database_url="sqlite:////nowhere/closeloop.db")
    found = installation(services)
    assert step(found, "database").mark == "failed" and not has_database(found)
    services.close()


def test_nothing_secret_is_said(scene: Scene) -> None:
    with scene.services.database.read() as session:
        row = session.get_one(Forum, scene.forum_row.id)
    said = " ".join(f"{each.says} {each.mend}" for each in [*installation(scene.services).steps, *look(scene).steps])
    for secret in (row.hook_token, scene.forum.api_key, scene.trello_token, "the forum's secret", *scene.services.settings.secret_key):
        assert secret not in said
