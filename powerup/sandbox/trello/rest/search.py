"""/1/search (whose index lags), /1/batch and the public keys of signed identities."""

import re
from urllib.parse import unquote

from flask import Blueprint, current_app, request
from werkzeug.test import Client

from powerup.sandbox.trello.identity import KeyRing
from powerup.sandbox.trello.rest.asking import Json, asker, credentials, options, params, store
from powerup.sandbox.trello.rest.nested import card_shape
from powerup.sandbox.trello.rest.params import Params
from powerup.sandbox.trello.store.refusals import invalid

search = Blueprint("trello_search", __name__)
BATCH_MARK = "closeloop.sandbox.batch"
"""In the environ of a batch's inner requests: they do not count against the limits again."""


@search.get("/search")
def find() -> Json:
    """Cards that hold all words of the query. Fresh changes are not found yet: do not use it against duplicates."""
    given = params()
    query = given.need("query")
    wanted = given.names("idBoards", "mine")
    boards = [
        board
        for board in store().shelves.boards.values()
        if store().sees(asker().member_id, board) and (board.id in wanted or ("mine" in wanted and asker().member_id in board.roles))
    ]
    limit, page = given.number("cards_limit", 10, 1, 1000), given.number("cards_page", 0, 0, 100)
    kinds = given.names("modelTypes", "all")
    wanted_here = "all" in kinds or "cards" in kinds
    lag, partial = options().search_lag_seconds, given.flag("partial")
    hits = store().search(query, boards, lag, partial=partial) if wanted_here else []
    inner = Params({"fields": given.text("card_fields", "all"), "board": given.flag("card_board"), "list": given.flag("card_list")})
    return {
        "options": {"terms": [{"text": query}], "modelTypes": list(kinds), "partial": partial},
        "cards": [card_shape(card, inner) for card in hits[page * limit :][:limit]],
    }


@search.get("/batch")
def batch() -> Json:
    """Up to ten GET routes in one request; the answers in their order, each under its status."""
    # A comma inside a route is encoded; once or twice, clients differ.
    urls = [unquote(url) for url in re.split(r",(?=/)", params().text("urls")) if url]
    if not 1 <= len(urls) <= 10 or any(not url.startswith("/") for url in urls):
        raise invalid("urls")
    key, token = credentials()
    auth = f'OAuth oauth_consumer_key="{key}", oauth_token="{token}"'
    # The inner application, so that faults strike the batch and not each of its parts.
    client = Client(current_app.extensions["trello_inner"])
    results: list[object] = []
    for url in urls:
        answer = client.get(f"/1{url}", base_url=request.host_url, headers={"Authorization": auth}, environ_overrides={BATCH_MARK: True})
        if answer.status_code == 200:
            results.append({"200": answer.json})
        else:
            results.append({"name": "Error", "message": answer.text, "statusCode": answer.status_code})
    return results


@search.get("/resource/jwt-public-keys")
def public_keys() -> Json:
    """PEM keys that verify signed identities; needs no API key."""
    ring = current_app.extensions["trello_keys"]
    assert isinstance(ring, KeyRing)  # noqa: S101 - tells mypy
    return {"keys": ring.public_keys()}
