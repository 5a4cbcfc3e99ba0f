"""Files in customers' messages, fetched from the forum for members only: nobody needs an account there, and no credential leaves us.

One of the few places that ask a vendor during a request: what is shown is never stored here.
"""

from math import ceil
from urllib.parse import quote

from flask import Blueprint, Response

from api import auth
from api.context import database, services
from api.openapi import Bytes, documented
from powerup.errors import NotSupportedError, TooManyRequestsError
from powerup.forums import queries as forums
from powerup.integrations.forums.base import Feature
from powerup.render.pictures import picture_type
from powerup.tickets import attachments

blueprint = Blueprint("files", __name__)

PATIENCE = 3
"""Seconds to wait for others' files to be fetched."""

AGE = 3600
"""Seconds for which a browser may keep a file; a forum's files do not change under the same reference."""


@blueprint.get("/tickets/<int:ticket_id>/files/<int:file_id>")
@documented(tag="tickets", answers={200: Bytes}, problems=(404, 409, 422, 429, 502, 503, 504))
def one(ticket_id: int, file_id: int) -> Response:
    """The bytes of a file: pictures as what they really are, everything else as a download that no browser runs."""
    workspace_id = auth.seat().workspace_id
    with database().read() as session:
        row = attachments.get(session, workspace_id, ticket_id, file_id)
        forum = forums.get(session, workspace_id, row.forum_id, removed_too=True)
    if forum.removed_at is not None or Feature.attachments not in forum.features.get("can", ()):
        why = forum.features.get("missing", {}).get(Feature.attachments)
        raise NotSupportedError(why or f"{forum.name} is no longer connected, so its files cannot be fetched.")
    if wait := services().files.take(workspace_id):
        raise TooManyRequestsError("Many files are being fetched at the moment. Try again in a few seconds.", retry_after=ceil(wait))
    if not services().file_slots.acquire(timeout=PATIENCE):
        raise TooManyRequestsError("The forum is slow with its files at the moment. Try again in a few seconds.", retry_after=PATIENCE)
    try:
        with services().forum(forum) as adapter:
            found = adapter.file(row.reference)
    finally:
        services().file_slots.release()
    media_type = picture_type(found.content)
    answer = Response(found.content, mimetype=media_type or "application/octet-stream")
    way = "inline" if media_type else "attachment"
    answer.headers["Content-Disposition"] = f"{way}; filename*=UTF-8''{quote(row.name, safe='')}"
    answer.headers["Cache-Control"] = f"private, max-age={AGE}"
    # Two people at one browser: what it kept for the one is not for the other.
    answer.vary.add("Authorization")
    answer.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return answer
