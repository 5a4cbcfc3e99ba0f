"""Reads the Ownership board: lists are teams, cards are areas; and the boards that its Team cards name, for their lists."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.orm import Session

from powerup import clock
from powerup.integrations.errors import IntegrationError
from powerup.integrations.trello.models import FullCard, Member, TrelloList
from powerup.log import logger
from powerup.services import Services
from powerup.sync import members
from powerup.teams import actions, rules
from powerup.teams import queries as teams
from powerup.teams.actions import Place, SeenPerson
from powerup.teams.models import Ownership, Team
from powerup.teams.rules import BoardCard, BoardList, Problem, Reading
from powerup.triage.settings import pace
from powerup.triage.waiting import cards_for_waiting
from powerup.workspaces import queries as workspaces
from powerup.workspaces.models import Board

log = logger("sync")

NOT_CONNECTED = "The Ownership board is not connected any more. Connect it again on that board, or choose another one."


@dataclass(frozen=True)
class _Seen:
    """What the boards showed."""

    reading: Reading
    places: Sequence[Place]
    people: Sequence[SeenPerson]


def read_due(services: Services) -> bool:
    """Read the Ownership board that is due; returns whether one was."""
    with services.database.write() as session:
        ownership = actions.claim_due(session)
    if ownership is not None:
        read(services, ownership)
    return ownership is not None


def read(services: Services, ownership: Ownership) -> None:
    """Read one; what Trello got wrong is written down, for the settings page, and tried again soon."""
    began, workspace_id = clock.now(), ownership.workspace_id
    with services.database.read() as session:
        board = session.get(Board, ownership.board_id) if ownership.board_id is not None else None
    if board is None or board.disconnected_at is not None:
        _give_up(services, workspace_id)
        return
    try:
        seen = _look(services, board)
    except IntegrationError as error:
        log.warning("ownership not read", workspace=workspace_id, status=error.http_status)
        with services.database.write() as session:
            actions.note_failure(session, workspace_id, error.detail)
        return
    with services.database.write() as session:
        before = {team.id: (teams.is_ready(team), team.stand_up) for team in teams.listed(session, workspace_id)}
        changed = actions.apply(session, workspace_id, seen.reading, seen.places, seen.people, read_at=began)
        _follow_up(services, session, workspace_id, before)
    log.info("ownership read", workspace=workspace_id, changed=changed, problems=len(seen.reading.problems))


def _give_up(services: Services, workspace_id: int) -> None:
    """Nothing to read until the board is connected again, which has it read at once."""
    with services.database.write() as session:
        row = session.get_one(Ownership, workspace_id)
        row.next_read_at = None
        row.read_error = NOT_CONNECTED if row.board_id is not None else None


def _follow_up(services: Services, session: Session, workspace_id: int, before: Mapping[int, tuple[bool, Any]]) -> None:
    """The next stand-up of teams that changed it; cards for threads that waited for a list."""
    zone = pace(session, workspace_id).hours.time_zone
    for team in teams.listed(session, workspace_id):
        was_ready, stood_up = before.get(team.id, (False, None))
        if team.stand_up != stood_up or (team.stand_up is not None and team.stand_up_next_at is None):
            actions.plan_stand_up(team, zone)
        if teams.is_ready(team) and not was_ready:
            cards_for_waiting(session, team, max_attempts=services.settings.max_attempts)


def _look(services: Services, board: Board) -> _Seen:
    lists, cards, people = _ask(services, board)
    reading = rules.read(
        [BoardList(one.id, one.name, one.pos) for one in lists],
        [_card(one) for one in cards],
        board_url=board.url,
    )
    with services.database.read() as session:
        named = [each for each in workspaces.boards(session, board.workspace_id) if _is_named(reading, each)]
    places: list[Place] = []
    everybody, problems = list(people), list(reading.problems)
    for each in named:
        try:
            theirs, there = _ask_lists(services, each)
        except IntegrationError as error:
            if not error.permanent:
                raise
            # One board that its account no longer sees must not take the other teams' settings down with it.
            theirs, there = _known_lists(services, each), ()
            problems.append(Problem(f"The lists of the board “{each.name}” cannot be read. {error.detail}", each.name, each.url))
        places.append(_place(each, theirs))
        everybody += there
    people_seen = [SeenPerson(one.id, one.username, one.full_name) for one in everybody]
    return _Seen(replace(reading, problems=tuple(problems)), places, people_seen)


def _ask(services: Services, board: Board) -> tuple[Iterable[TrelloList], Iterable[FullCard], Iterable[Member]]:
    with members.acting_on(services, board) as trello:
        return trello.lists(board.trello_id), trello.cards_in_full(board.trello_id), trello.members_of_board(board.trello_id)


def _ask_lists(services: Services, board: Board) -> tuple[dict[str, str], Iterable[Member]]:
    """Trello's id -> name; and who is on the board."""
    with members.acting_on(services, board) as trello:
        return {one.id: one.name for one in trello.lists(board.trello_id)}, trello.members_of_board(board.trello_id)


def _known_lists(services: Services, board: Board) -> dict[str, str]:
    """The inboxes that we know of."""
    with services.database.read() as session:
        there = [team for team in teams.listed(session, board.workspace_id) if team.board_id == board.id]
    return {team.inbox_list_id: team.inbox_list_name or "" for team in there if team.inbox_list_id is not None}


def _card(card: FullCard) -> BoardCard:
    labels = tuple(label.name for label in card.labels if label.name)
    return BoardCard(card.id, card.list_id, card.name, card.desc, card.url, card.pos, labels, card.member_ids)


def _place(board: Board, lists: Mapping[str, str]) -> Place:
    return Place(board.id, board.name, actions.references_of(board), _by_name(lists), lists)


def _by_name(lists: Mapping[str, str]) -> dict[str, str]:
    """Name in lower case -> id; of two lists with one name the left one counts, as on the screen."""
    return {name.strip().lower(): list_id for list_id, name in reversed(list(lists.items()))}


def _is_named(reading: Reading, board: Board) -> bool:
    """Whether a Team card says that its team works there; no other board is asked for its lists."""
    names = (team.settings.get("board", "") for team in reading.teams)
    return any(actions.is_reference(named, board) for named in names if named)


def inboxes_changed(services: Services, board: Board) -> None:
    """Lists of a team's board were renamed or archived: a team whose board was set by hand keeps its inbox, by id, else by name."""
    theirs, _ = _ask_lists(services, board)
    with services.database.write() as session:
        actions.read_workspace_soon(session, board.workspace_id)
        for team in teams.listed(session, board.workspace_id):
            if team.board_id == board.id and team.inbox_list_name is not None and _is_by_hand(session, team):
                _keep_inbox(services, session, team, theirs)


def _keep_inbox(services: Services, session: Session, team: Team, lists: Mapping[str, str]) -> None:
    was_ready = teams.is_ready(team)
    if team.inbox_list_id is not None and team.inbox_list_id in lists:
        team.inbox_list_name = lists[team.inbox_list_id]
    else:
        team.inbox_list_id = _by_name(lists).get((team.inbox_list_name or "").strip().lower())
    if teams.is_ready(team) and not was_ready:
        cards_for_waiting(session, team, max_attempts=services.settings.max_attempts)


def _is_by_hand(session: Session, team: Team) -> bool:
    ownership = teams.ownership(session, team.workspace_id)
    return team.list_trello_id is None or "board_id" in team.from_settings or ownership is None or ownership.board_id is None
