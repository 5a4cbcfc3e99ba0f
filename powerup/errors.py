"""Errors that say what to do next. Codes are stable: screens and scripts match on them, never on prose."""

from enum import StrEnum


class Code(StrEnum):
    """Every `code` a problem document can carry."""

    bad_request = "bad_request"
    """The request could not be read: not JSON, wrong encoding."""
    invalid = "invalid"
    """A field is missing or wrong; `errors` names each."""
    unauthenticated = "unauthenticated"
    """No token, or one that is not ours."""
    token_expired = "token_expired"  # noqa: S105 - a code, not a secret
    """The bearer token ran out: exchange a fresh Trello JWT."""
    forbidden = "forbidden"
    """Known, but not allowed to do this."""
    not_a_member = "not_a_member"
    """The person is not a member of this Trello board."""
    board_not_connected = "board_not_connected"
    """Nobody has connected this board yet."""
    board_admin_needed = "board_admin_needed"
    """Only a Trello board admin may do this."""
    not_found = "not_found"
    """No such thing in this workspace."""
    method_not_allowed = "method_not_allowed"
    """The address exists; this verb does not."""
    not_acceptable = "not_acceptable"
    """No representation that the client accepts."""
    conflict = "conflict"
    """Somebody else was first, or the state does not allow it."""
    already_linked = "already_linked"
    """This thread is already linked to this card."""
    already_assigned = "already_assigned"
    """Somebody else has decided about this thread; `by_name`, `team` and `at` say who and where."""
    already_resolved = "already_resolved"
    """The card was resolved by somebody else meanwhile."""
    too_large = "too_large"
    """The body is larger than we read."""
    unsupported_media_type = "unsupported_media_type"
    """Send application/json."""
    too_many_requests = "too_many_requests"
    """Slow down; `retry_after` says how long."""
    url_not_ours = "url_not_ours"
    """The URL belongs to no connected forum."""
    overtaken = "overtaken"
    """Somebody else wrote in the thread after the last message that the writer had seen."""
    thread_gone = "thread_gone"
    """The forum says that this thread was deleted or is hidden from us."""
    card_elsewhere = "card_elsewhere"
    """The card is not on this board."""
    not_supported = "not_supported"
    """The forum cannot do this; the reason says why."""
    forum_unavailable = "forum_unavailable"
    """The forum is down, slow, or answers nonsense."""
    forum_refused = "forum_refused"
    """The forum does not accept our credentials, or forbids this."""
    trello_unavailable = "trello_unavailable"
    """Trello is down or slow."""
    trello_refused = "trello_refused"
    """Trello does not accept our credentials, or forbids this."""
    unavailable = "unavailable"
    """We cannot answer now (database locked or down); try again."""
    internal = "internal"
    """Our mistake; the log has it under the request id."""


class CloseloopError(Exception):
    """An error a person can act on.

    :param detail: one or two plain sentences: what happened and what to do.
    :param extra: further members of the problem document (JSON values).
    """

    code = Code.internal
    status = 500
    title = "Something went wrong on our side"

    def __init__(self, detail: str, **extra: object) -> None:
        super().__init__(detail)
        self.detail = detail
        self.extra = extra


class InvalidError(CloseloopError):
    """The input cannot be used; `errors` (list of `{"field", "message"}`) names each field."""

    code, status, title = Code.invalid, 422, "The input cannot be used"


class UnauthenticatedError(CloseloopError):
    """Who asks is not known."""

    code, status, title = Code.unauthenticated, 401, "Sign in first"


class TokenExpiredError(UnauthenticatedError):
    """The token was good once."""

    code, title = Code.token_expired, "The session has ended"


class ForbiddenError(CloseloopError):
    """Who asks is known and may not."""

    code, status, title = Code.forbidden, 403, "Not allowed"


class NotAMemberError(ForbiddenError):
    """Not a member of the board (or an observer or public viewer of it)."""

    code, title = Code.not_a_member, "Only members of this board may see customers' threads"


class BoardNotConnectedError(ForbiddenError):
    """The board has no workspace yet."""

    code, title = Code.board_not_connected, "This board is not connected yet"


class BoardAdminNeededError(ForbiddenError):
    """For board admins only."""

    code, title = Code.board_admin_needed, "Only an admin of this Trello board may do this"


class NotFoundError(CloseloopError):
    """No such thing in this workspace; another workspace's thing looks the same."""

    code, status, title = Code.not_found, 404, "Not found"


class CardElsewhereError(NotFoundError):
    """The card is not on the board that the token speaks for."""

    code, title = Code.card_elsewhere, "This card is not on this board"


class UrlNotOursError(InvalidError):
    """A URL that belongs to no connected forum."""

    code, title = Code.url_not_ours, "This address belongs to no connected forum"


class ConflictError(CloseloopError):
    """Somebody was first."""

    code, status, title = Code.conflict, 409, "Somebody was first"


class AlreadyLinkedError(ConflictError):
    """The link exists."""

    code, title = Code.already_linked, "This thread is already linked to this card"


class AlreadyAssignedError(ConflictError):
    """The thread has an owner; `extra` says who and where."""

    code, title = Code.already_assigned, "Somebody was faster"


class ThreadMovedOnError(ConflictError):
    """The thread holds a newer message of somebody else than the writer had seen."""

    code, title = Code.overtaken, "Someone else has commented"


class AlreadyResolvedError(ConflictError):
    """The card has a resolution; `extra` says whose."""

    code, title = Code.already_resolved, "This card is already resolved"


class TooManyRequestsError(CloseloopError):
    """More than we do in a while; `retry_after` says in how many seconds again."""

    code, status, title = Code.too_many_requests, 429, "Too many requests"


class NotSupportedError(ConflictError):
    """The forum cannot do it."""

    code, title = Code.not_supported, "This forum cannot do that"
