"""Proof that somebody may connect a board: Trello itself must say so, to the token that they bring."""

from powerup.errors import BoardAdminNeededError, ForbiddenError
from powerup.integrations.errors import GoneError
from powerup.services import Services
from powerup.workspaces.actions import ProvenBoard


def prove_board(services: Services, *, board_id: str, member_id: str, token: str) -> ProvenBoard:
    """The board as Trello shows it to this token.

    Raises ForbiddenError when the token is another person's or does not see the board, BoardAdminNeededError when they do not
    administer it, IntegrationError when Trello refuses or does not answer.
    """
    with services.trello(token) as trello:
        me = trello.me()
        if me.id != member_id:
            raise ForbiddenError("The Trello account that was authorized is another one than the one looking at this board.")
        try:
            board = trello.board(board_id)
            roles = {each.member_id: str(each.role) for each in trello.memberships(board_id)}
            people = tuple((each.id, each.username, each.full_name) for each in trello.members_of_board(board_id))
        except GoneError:
            raise ForbiddenError("The Trello account that was authorized does not see this board.") from None
    if roles.get(member_id) != "admin":
        raise BoardAdminNeededError("Connecting a board lets its members read customers' threads; only an admin of the board may do it.")
    if board.organization_id and board.organization_id not in me.organization_ids:
        # A board's guest may administer the board and still be a stranger to the workspace whose threads it would show.
        raise ForbiddenError(
            "You are a guest of this board and no member of its Trello workspace. A member of it has to connect the board."
        )
    return ProvenBoard(board_id, board.name, board.url, board.organization_id, board.organization_name, roles, people)
