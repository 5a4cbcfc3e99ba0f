"""Who looks at the sandbox's own pages: a cookie, as in Trello's own web client (and unlike the Power-Up, which has none)."""

from flask import Request, Response

from powerup.sandbox.trello.store import Store
from powerup.sandbox.trello.store.models import Member, Token

COOKIE = "closeloop_sandbox_member"
HOST_KEY = "f00dfacef00dfacef00dfacef00dface"
"""The pages' own API key: Trello's web client does not use up a Power-Up's rate limit either."""
_NOBODY = "-"


def current(request: Request, store: Store) -> Member | None:
    """The member who looks; without a cookie the first one of the cast, None when signed out."""
    name = request.cookies.get(COOKIE)
    if name == _NOBODY:
        return None
    people = list(store.shelves.members.values())
    return next((member for member in people if member.username == name), people[0] if people else None)


def choose(answer: Response, member: Member | None) -> None:
    """Be this member from now on (None: nobody)."""
    answer.set_cookie(COOKIE, member.username if member else _NOBODY, httponly=True, samesite="Lax")


def host_token(store: Store, member: Member) -> Token:
    """The token with which the pages act for a member; made when first needed."""
    with store.lock:
        found = next((token for token in store.shelves.tokens.values() if (token.key, token.member_id) == (HOST_KEY, member.id)), None)
        return found or store.make_token(member, HOST_KEY, scopes=("read", "write", "account"), name="Board page")


def is_own_page(request: Request) -> bool:
    """Whether a page of ours asks, so that the cookie may speak; another site's form or script may not use it."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    origin = request.headers.get("Origin")
    return COOKIE in request.cookies and origin in (None, request.host_url.rstrip("/"))
