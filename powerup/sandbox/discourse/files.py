"""Uploads and avatars."""

from flask import Blueprint, Response, abort, g

from powerup.sandbox.discourse.store import ForumStore

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
    """A file that was uploaded."""
    store: ForumStore = g.store
    kind, body = store.rows.files.get(path) or abort(404)
    return _answer(body, kind)


def _answer(body: bytes, kind: str) -> Response:
    # An SVG opened on its own is a document: it may run nothing.
    headers = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox", "X-Content-Type-Options": "nosniff"}
    return Response(body, mimetype=kind, headers={**headers, "Cache-Control": "public, max-age=3600"})
