"""What concerns the whole workspace is changed by admins of the Ownership board: anybody can make a board and be its admin."""

from sqlalchemy import update

from powerup.workspaces.models import BoardMember
from tests.api.desk import Desk, of
from tests.api.test_session import code
from tests.cast import ADA, BEN


def test_an_admin_of_some_other_board_may_not_set_the_workspaces_secrets(small_desk: Desk) -> None:
    world = small_desk.world
    of(small_desk.ada.put("/api/v1/ownership", {"board_trello_id": world.other_board.id}))
    with world.services.database.write() as session:
        session.execute(update(BoardMember).where(BoardMember.trello_member_id == BEN.trello_id).values(role="admin"))
    ben = small_desk.ben
    assert code(ben.put("/api/v1/workspace", {"slack_signing_secret": "my own secret"})) == "board_admin_needed"
    assert code(ben.put(f"/api/v1/people/{ADA.trello_id}", {"slack_user_id": "U0BEN00001"})) == "board_admin_needed"
    assert code(ben.put(f"/api/v1/teams/{small_desk.team_id}", {"name": "Mine"})) == "board_admin_needed"
    assert code(ben.put("/api/v1/ownership", {"board_trello_id": None})) == "board_admin_needed"
    of(small_desk.ada.put(f"/api/v1/teams/{small_desk.team_id}", {"name": "Theirs"}))
