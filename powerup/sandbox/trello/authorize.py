"""/1/authorize: the page where a person gives an application a token.

Behaviour from https://developer.atlassian.com/cloud/trello/guides/rest-api/authorization/; what "Deny" hands back is not
documented there, `#error=Token request rejected` is what applications report.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from flask import Flask, Response, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from powerup.sandbox.trello import session
from powerup.sandbox.trello.store.grants import EXPIRATIONS, SCOPES
from powerup.sandbox.trello.store.models import Member
from powerup.sandbox.trello.store.refusals import Refusal

if TYPE_CHECKING:
    from powerup.sandbox.trello import TrelloDouble

REJECTED = "Token request rejected"
_SCOPE_WORDS = {
    "read": "Read all of your boards and workspaces",
    "write": "Create and change cards, comments, lists and boards for you",
    "account": "Read your e-mail address",
}
_LIFE_WORDS = {"1hour": "for one hour", "1day": "for one day", "30days": "for 30 days", "never": "until you take it back"}


@dataclass(frozen=True)
class Wish:
    """What an application asks for, read from the query and checked."""

    key: str
    name: str
    scopes: tuple[str, ...]
    expiration: str
    return_url: str
    method: str

    @property
    def origin(self) -> str:
        """Where the token goes; empty when it is only shown."""
        parts = urlsplit(self.return_url)
        return f"{parts.scheme}://{parts.netloc}" if self.return_url else ""


class Authorize:
    """The page of one double."""

    def __init__(self, double: "TrelloDouble") -> None:
        self._double = double

    def mount(self, app: Flask) -> None:
        """Serve it."""
        app.add_url_rule("/1/authorize", "trello_authorize", self.ask, methods=["GET"])
        app.add_url_rule("/1/authorize", "trello_authorize_answer", self.answer, methods=["POST"])

    def ask(self) -> ResponseReturnValue:
        """Who asks for what, as whom; Allow or Deny."""
        wish, member = self._wish(), session.current(request, self._double.store)
        page = render_template(
            "authorize.html",
            wish=wish,
            member=member,
            people=list(self._double.store.shelves.members.values()),
            power_up=self._double.options.power_up,
            may=[_SCOPE_WORDS[scope] for scope in wish.scopes],
            life=_LIFE_WORDS[wish.expiration],
        )
        return self._page(page, wish)

    def answer(self) -> ResponseReturnValue:
        """Carry the person's choice out."""
        if not session.is_own_page(request) and request.headers.get("Origin") not in (None, request.host_url.rstrip("/")):
            raise Refusal(403, "This form belongs to the page that shows it.")
        wish, choice = self._wish(), request.form.get("choice", "")
        store = self._double.store
        if choice.startswith("be:"):
            answer = make_response(redirect(request.full_path, 303))
            session.choose(answer, store.member(choice.removeprefix("be:")))
            return answer
        member = session.current(request, store)
        if choice != "allow":
            return self._hand_over(wish, error=REJECTED)
        if member is None:
            raise Refusal(401, "Log in first")
        return self._hand_over(wish, token=self._token(member, wish))

    def _token(self, member: Member, wish: Wish) -> str:
        return self._double.store.make_token(member, wish.key, scopes=wish.scopes, expiration=wish.expiration, name=wish.name).value

    def _hand_over(self, wish: Wish, *, token: str = "", error: str = "") -> ResponseReturnValue:
        if wish.return_url and wish.method == "fragment":
            # A fragment: the token never reaches the application's server log.
            return redirect(f"{wish.return_url.partition('#')[0]}#{f'token={token}' if token else f'error={quote(error)}'}", 303)
        return self._page(render_template("authorized.html", wish=wish, token=token, error=error), wish)

    def _page(self, page: str, wish: Wish) -> Response:
        answer = make_response(page)
        # Chromium applies form-action to the redirect after the form too.
        answer.headers["Content-Security-Policy"] = (
            "default-src 'none'; style-src 'self'; script-src 'self'; base-uri 'none'; frame-ancestors 'none'; "
            f"form-action 'self' {wish.origin}".rstrip()
        )
        # Not "no-referrer": that makes browsers send `Origin: null` with the form.
        answer.headers["Referrer-Policy"] = "same-origin"
        answer.headers["Cache-Control"] = "no-store"
        return answer

    def _wish(self) -> Wish:
        query = request.args
        power_up = self._double.options.power_up
        if query.get("key") != power_up.api_key:
            raise Refusal(401, "invalid key")
        if query.get("response_type", "token") not in ("token", "fragment"):
            raise Refusal(400, "Invalid response_type")
        scopes, expiration = tuple(query.get("scope", "read").split(",")), query.get("expiration", "30days")
        if not set(scopes) <= set(SCOPES) or expiration not in EXPIRATIONS:
            raise Refusal(400, "Invalid scope or expiration")
        method = query.get("callback_method", "fragment")
        if method not in ("fragment", "postMessage"):
            raise Refusal(400, "Invalid callback_method")
        name = query.get("name", "An unknown application")[:100]
        wish = Wish(power_up.api_key, name, scopes, expiration, query.get("return_url", ""), method)
        if wish.return_url and wish.origin not in self._allowed():
            raise Refusal(400, "Invalid return_url. The return URL should match the application's allowed origins.")
        return wish

    def _allowed(self) -> set[str]:
        power_up = self._double.options.power_up
        parts = urlsplit(power_up.connector_url)
        return {*power_up.allowed_origins, f"{parts.scheme}://{parts.netloc}"} - {"://"}
