"""Uploads: pictures at `/user-attachments/assets/…`, other files at `/user-attachments/files/…`, both leading to storage by a signed
address.

Who has a browser session gets them from the first; a token mostly does not (attribute `hides_uploads`). The HTML of a message shows
pictures at their signed address, which is good for some minutes and is another one each time.
"""

import hashlib
import hmac
import itertools
from typing import TYPE_CHECKING
from urllib.parse import quote

from flask import Blueprint, Response, redirect, request
from flask.typing import ResponseReturnValue

from powerup.sandbox.desk.models import StoredFile
from powerup.sandbox.github.gate import refused

if TYPE_CHECKING:
    from powerup.sandbox.github.double import GithubDouble

_KEY = b"sandbox-storage"
_LIVES = 300


class Uploads:
    """Serves the store's files as GitHub does."""

    def __init__(self, double: "GithubDouble") -> None:
        self._double = double
        self._count = itertools.count(1)

    def blueprint(self) -> Blueprint:
        """The routes."""
        bp = Blueprint("github_uploads", __name__)
        bp.add_url_rule("/user-attachments/assets/<asset>", "asset", self.asset)
        bp.add_url_rule("/user-attachments/files/<int:number>/<path:name>", "file", self.file)
        bp.add_url_rule("/storage/user/1/files/<asset>", "stored", self.stored)
        return bp

    def path(self, file: StoredFile) -> str:
        """Where an upload lies."""
        if file.content_type.startswith("image/"):
            return f"/user-attachments/assets/{_asset(file.id)}"
        return f"/user-attachments/files/{file.id}/{quote(file.name)}"

    def signed(self, asset: str) -> str | None:
        """A fresh signed address of a picture; None for one that there is not."""
        if self._stored(asset) is None:
            return None
        until = int(self._double.store.now().timestamp()) + _LIVES
        token = f"{until}.{next(self._count)}"
        return f"{self._double.url}/storage/user/1/files/{asset}?token={token}.{_signature(asset, token)}"

    def asset(self, asset: str) -> ResponseReturnValue:
        """A picture's stable address."""
        target = self.signed(asset)
        return redirect(target) if target and not self._hidden() else refused(404, "Not Found")

    def file(self, number: int, name: str) -> ResponseReturnValue:
        """Another file's stable address."""
        target = self.signed(_asset(number))
        return redirect(target) if target and not self._hidden() else refused(404, "Not Found")

    def stored(self, asset: str) -> ResponseReturnValue:
        """The bytes, for whoever has an address that is still good."""
        until, _, rest = request.args.get("token", "").partition(".")
        count, _, signature = rest.partition(".")
        good = hmac.compare_digest(signature, _signature(asset, f"{until}.{count}"))
        file = self._stored(asset)
        if file is None or not good or int(until) < self._double.store.now().timestamp():
            return refused(404, "Not Found")
        shown = file.content_type in ("image/png", "image/jpeg", "image/gif")
        answer = Response(file.body, mimetype=file.content_type if shown else "application/octet-stream")
        answer.headers["X-Content-Type-Options"] = "nosniff"
        return answer

    def _hidden(self) -> bool:
        return self._double.hides_uploads

    def _stored(self, asset: str) -> StoredFile | None:
        return next((file for file in self._double.store.files.values() if _asset(file.id) == asset), None)


def _asset(number: int) -> str:
    return f"5a4db0c5-0000-4000-8000-{number:012d}"


def _signature(asset: str, token: str) -> str:
    return hmac.new(_KEY, f"{asset} {token}".encode(), hashlib.sha256).hexdigest()[:32]
