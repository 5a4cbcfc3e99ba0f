"""Uploads and avatars."""

from urllib.parse import quote

from flask import Blueprint, Response, abort, g, request

from powerup.sandbox.discourse.errors import DiscourseError
from powerup.sandbox.discourse.store import ForumStore
from powerup.sandbox.discourse.viewing import viewer_of

bp = Blueprint("files", __name__)
_AVATAR = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="{size}" height="{size}" viewBox="0 0 48 48">'
    '<rect width="48" height="48" fill="#{color}"/>'
    '<text x="24" y="33" font-family="sans-serif" font-size="26" fill="#fff" text-anchor="middle">{letter}</text></svg>'
)


@bp.get("/letter_avatar_proxy/v4/letter/<letter>/<color>/<int:size>.png")
def avatar(letter: str, color: str, size: int) -> Response:
    """A letter on a colour. (An SVG whatever its name says: browsers go by the type.)"""
    if len(letter) != 1 or not letter.isalnum() or len(color) != 6 or not color.isalnum() or not 8 <= size <= 512:
        abort(404)
    return _answer(_AVATAR.format(size=size, color=color, letter=letter.upper()).encode(), "image/svg+xml")


@bp.get("/uploads/<path:path>")
def upload(path: str) -> Response:
    """A file that was uploaded. With `login_for_files` passers-by get none (Discourse: `prevent_anons_from_downloading_files`)."""
    store: ForumStore = g.store
    kind, body = store.rows.files.get(path) or abort(404)
    if "Api-Key" in request.headers or store.options.login_for_files:
        try:
            user = viewer_of(store, request).user
        except DiscourseError as error:
            abort(error.status)
        if user is None and store.options.login_for_files:
            abort(404)
    answer = _answer(body, kind)
    if name := store.rows.file_names.get(path):
        answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
    return answer


def _answer(body: bytes, kind: str) -> Response:
    # An SVG opened on its own is a document: it may run nothing.
    headers = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox", "X-Content-Type-Options": "nosniff"}
    return Response(body, mimetype=kind, headers={**headers, "Cache-Control": "public, max-age=3600"})
