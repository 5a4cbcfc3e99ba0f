"""How Trello says no: a status and a plain text, not JSON (https://developer.atlassian.com/cloud/trello/guides/rest-api/status-codes/)."""


class Refusal(Exception):
    """Becomes a text/plain answer."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status = status
        self.text = text


def invalid(field: str) -> Refusal:
    """A field is missing or wrong."""
    return Refusal(400, f"invalid value for {field}")


def not_found() -> Refusal:
    """There is no such thing, or the token's member may not see it."""
    return Refusal(404, "The requested resource was not found.")


def not_permitted() -> Refusal:
    """The thing is visible, but the member or the token may not do this."""
    return Refusal(401, "unauthorized permission requested")
