"""What the control endpoints take, as JSON."""

from typing import Any, Literal, TypeVar

from flask import request
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from powerup.sandbox.trello.identity import Signer
from powerup.sandbox.trello.store.models import Access, Scope
from powerup.sandbox.trello.store.refusals import Refusal


class Body(BaseModel):
    """Unknown members are refused: a typing error in a test must not pass silently."""

    model_config = ConfigDict(extra="forbid")


class SessionBody(Body):
    """Who looks; null signs out."""

    member: str | None


class JwtBody(Body):
    """A signed identity; without `idMember` the person who looks, without `idPlugin` ours. The rest is for attack tests."""

    idBoard: str
    idMember: str = ""
    idPlugin: str = ""
    state: str = Field(default="", max_length=2048)
    signer: Signer = "current"
    claims: dict[str, Any] = {}
    """Replaces claims (`{"exp": 1}`) or removes them (`{"iss": null}`)."""


class KeysBody(Body):
    """Rotate the signing key, keeping the old one published or not; or stop publishing it."""

    action: Literal["rotate", "drop_old"] = "rotate"
    keep_old: bool = True


class PluginDataBody(Body):
    """One stored text; `idMember` when private."""

    idPlugin: str = ""
    scope: Scope
    visibility: Access
    idModel: str = Field(min_length=1)
    idMember: str | None = None
    value: str


class PowerUpBody(Body):
    """What an admin would change in the portal, or (with `idBoard`) enable on a board."""

    connectorUrl: str | None = None
    iconUrl: str | None = None
    allowedOrigins: list[str] | None = None
    idBoard: str | None = None
    enabled: bool | None = None


class TokenBody(Body):
    """A token without the authorize page: for tests that are about something else."""

    member: str
    scope: str = "read,write"
    expiration: str = "never"


class RoleBody(Body):
    """Put somebody on a board, change the role, or (null) take them off."""

    idBoard: str
    member: str
    role: Literal["admin", "normal", "observer"] | None


class ReplayBody(Body):
    """Send an action to the webhooks once more."""

    idAction: str


AnyBody = TypeVar("AnyBody", bound=Body)


def read(kind: type[AnyBody]) -> AnyBody:
    """The request's body; a refusal that names what is wrong with it."""
    try:
        return kind.model_validate(request.get_json(silent=True))
    except ValidationError as error:
        places = "; ".join(f"{'.'.join(map(str, item['loc'])) or 'body'}: {item['msg']}" for item in error.errors())
        raise Refusal(400, places) from None
