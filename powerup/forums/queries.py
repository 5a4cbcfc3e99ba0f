"""Find forums within a workspace, and open what is sealed in them."""

import json
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from powerup.crypto import Sealer
from powerup.errors import NotFoundError
from powerup.forums.actions import credentials_purpose, hook_purpose
from powerup.forums.models import Forum


def listed(session: Session, workspace_id: int) -> Sequence[Forum]:
    """The connected forums, oldest first."""
    wanted = select(Forum).where(Forum.workspace_id == workspace_id, Forum.removed_at.is_(None))
    return session.scalars(wanted.order_by(Forum.id)).all()


def of_installation(session: Session, wanted: str | None = None) -> Sequence[Forum]:
    """Every connected forum of every workspace, for whoever runs the installation; raises NotFoundError when none is meant.

    :param wanted: an id, a name or an address, however written; None: all.
    """
    found = session.scalars(select(Forum).where(Forum.removed_at.is_(None)).order_by(Forum.id)).all()
    if wanted is None:
        return found
    meant = wanted.strip().casefold().rstrip("/")
    chosen = [each for each in found if meant in (str(each.id), each.name.casefold(), each.base_url.casefold(), _host(each.base_url))]
    if not chosen:
        names = ", ".join(f"{each.id} “{each.name}”" for each in found) or "none"
        raise NotFoundError(f"There is no forum “{wanted}”. Connected are: {names}.")
    return chosen


def get(session: Session, workspace_id: int, forum_id: int, *, removed_too: bool = False) -> Forum:
    """One forum of this workspace; raises NotFoundError."""
    wanted = select(Forum).where(Forum.workspace_id == workspace_id, Forum.id == forum_id)
    forum = session.scalar(wanted if removed_too else wanted.where(Forum.removed_at.is_(None)))
    if forum is None:
        raise NotFoundError("There is no such forum in this workspace. It may have been removed.")
    return forum


def by_hook(session: Session, hook_token: str) -> Forum:
    """The forum whose webhook address this is; raises NotFoundError."""
    forum = session.scalar(select(Forum).where(Forum.hook_token == hook_token, Forum.removed_at.is_(None)))
    if forum is None:
        raise NotFoundError("There is no such webhook address.")
    return forum


def credentials(forum: Forum, sealer: Sealer) -> dict[str, str]:
    """What the adapter signs in with; empty for anonymous reading. Never log it, never send it back."""
    if forum.sealed_credentials is None:
        return {}
    opened: dict[str, str] = json.loads(sealer.open(credentials_purpose(forum.id), forum.sealed_credentials))
    return opened


def hook_secret(forum: Forum, sealer: Sealer) -> str:
    """What the forum signs its webhooks with; empty when nobody has entered it."""
    if not forum.sealed_hook_secret:
        return ""
    return sealer.open(hook_purpose(forum.id), forum.sealed_hook_secret)


def _host(base_url: str) -> str:
    return base_url.casefold().partition("://")[2]
