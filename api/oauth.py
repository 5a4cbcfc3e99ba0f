"""Where Trello sends a person back after "Allow": the page hands the token to the window that asked (facts, section 2.2)."""

from flask import Blueprint, g, render_template

from api.pages import page_values

blueprint = Blueprint("oauth", __name__)


@blueprint.get("/oauth/trello")
def trello() -> str:
    """The token is in the fragment, which no server sees; the page gives it to its opener on our own origin and closes."""
    g.keeps_opener = True
    return render_template("oauth_trello.html", **page_values("oauth_trello"))
