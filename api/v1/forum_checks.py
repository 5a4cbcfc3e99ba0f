"""Test a connection before (or after) saving it. One of the few places that ask a vendor during a request."""

from typing import Annotated, Any

from flask import Blueprint
from pydantic import Field

from api import auth
from api.context import database, services, settings
from api.openapi import Model, body, documented
from api.v1.shapes.forums import CheckShape, ForumKinds
from powerup.forums import queries as forums
from powerup.forums.actions import Found
from powerup.forums.credentials import merged
from powerup.forums.models import Forum
from powerup.integrations.forums import registry
from powerup.integrations.forums.base import Check, Feature, ForumConfig

blueprint = Blueprint("forum_checks", __name__)


class ForumWanted(Model):
    """A forum as an admin enters it."""

    kind: str = "discourse"
    name: str = Field(min_length=1, max_length=100)
    base_url: str = Field(min_length=8, max_length=500)
    credentials: dict[Annotated[str, Field(max_length=64)], Annotated[str, Field(max_length=8_000)]] | None = Field(None, max_length=40)
    """By the names in `credential_fields`. In a change, what is not named stays and what is named empty goes; `{}` forgets everything, so
    that the forum is read anonymously; null keeps everything."""
    webhook_secret: str | None = Field(None, max_length=200)
    staff_usernames: list[str] = Field(default=[], max_length=200)
    staff_groups: list[str] = Field(default=[], max_length=50)
    tag_resolved: bool = False
    """Tag threads with how they were resolved, where the forum can."""


class ForumTried(ForumWanted):
    """Settings to be tried; those of a connected forum may rely on what is stored of it."""

    forum_id: int | None = None


@blueprint.get("/forum-kinds")
@documented(tag="forums", answers={200: ForumKinds})
def kinds() -> dict[str, Any]:
    """Which forums can be connected and what each asks for."""
    return {
        "kinds": [
            {
                "kind": each.kind,
                "label": each.label,
                "features": sorted(set(Feature) - each.cannot.keys()),
                "cannot": {str(feature): why for feature, why in each.cannot.items()},
                "address_help": each.address_help,
                "hook_help": each.hook_help,
                "anonymous": each.anonymous,
                "credential_fields": [
                    {
                        "name": field.name,
                        "label": field.label,
                        "secret": field.secret,
                        "help": field.help,
                        "required": field.required,
                        "choices": list(field.choices),
                        "place": field.place,
                    }
                    for field in each.credential_fields
                ],
            }
            for each in registry.kinds()
        ]
    }


@blueprint.post("/forum-checks")
@documented(tag="forums", json=ForumTried, answers={200: CheckShape}, problems=(422, 502, 503, 504))
def check_unsaved() -> dict[str, Any]:
    """Try settings that are not saved. Board admins only."""
    auth.require_admin()
    wanted, before = body(ForumTried), None
    if wanted.forum_id is not None:
        with database().read() as session:
            before = forums.get(session, auth.seat().workspace_id, wanted.forum_id)
    return check_shape(try_out(wanted, credentials_of(wanted, before)))


@blueprint.post("/forums/<int:forum_id>/checks")
@documented(tag="forums", answers={200: CheckShape}, problems=(502, 503, 504))
def check_saved(forum_id: int) -> dict[str, Any]:
    """Try a connected forum. Board admins only."""
    auth.require_admin()
    with database().read() as session:
        forum = forums.get(session, auth.seat().workspace_id, forum_id)
    with services().forum(forum) as adapter:
        return check_shape(adapter.check())


def credentials_of(wanted: ForumWanted, before: Forum | None) -> dict[str, str]:
    """What to sign in with: what was entered, and for a connected forum what is stored besides; raises InvalidError."""
    fields = registry.adapter_of(wanted.kind).credential_fields
    if before is None or before.kind != wanted.kind:
        return merged(fields, {}, wanted.credentials, moved=False)
    stored = forums.credentials(before, services().sealer)
    return merged(fields, stored, wanted.credentials, moved=address_of(wanted) != before.base_url)


def try_out(wanted: ForumWanted, credentials: dict[str, str]) -> Check:
    """Ask the site; raises InvalidError for an unknown kind or address, IntegrationError for what the site says."""
    config = ForumConfig(
        base_url=address_of(wanted),
        credentials=credentials,
        staff_usernames=frozenset(wanted.staff_usernames),
        staff_groups=frozenset(wanted.staff_groups),
        home=settings().base_url,
    )
    with registry.open_forum(wanted.kind, config, services().http_policy) as adapter:
        return adapter.check()


def found(check: Check) -> Found:
    """What is kept of a check beside the settings."""
    return Found(sorted(check.features), {str(name): why for name, why in check.missing.items()}, check.acting_as)


def check_shape(check: Check) -> dict[str, Any]:
    """A `CheckShape`."""
    return {
        "ok": not check.problems,
        "site_name": check.site_name,
        "acting_as": check.acting_as,
        "features": sorted(check.features),
        "missing": {str(name): why for name, why in check.missing.items()},
        "problems": list(check.problems),
        "warnings": list(check.warnings),
    }


def address_of(wanted: ForumWanted) -> str:
    """The site's address as it is stored; raises InvalidError for an unknown kind, or for what can be none."""
    return registry.adapter_of(wanted.kind).address(wanted.base_url)
