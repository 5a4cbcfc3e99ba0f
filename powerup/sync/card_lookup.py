"""Makes sure that a card is on the board that the token speaks for: the browser's word is not enough."""

from datetime import timedelta

from powerup import clock
from powerup.cards import queries as cards
from powerup.cards.actions import SeenCard, remember
from powerup.cards.models import Card
from powerup.errors import CardElsewhereError
from powerup.integrations.errors import GoneError, IntegrationError, RejectedError
from powerup.integrations.trello.models import Card as TrelloCard
from powerup.services import Services
from powerup.sync.members import refuse
from powerup.workspaces import queries as workspaces
from powerup.workspaces.queries import Seat

RELIED_ON = timedelta(hours=12)
"""How long a card is taken to lie where Trello last said; its webhooks usually tell sooner."""


def confirm_card(services: Services, seat: Seat, trello_card_id: str) -> Card:
    """The card, known or confirmed by Trello just now; raises CardElsewhereError, or IntegrationError when Trello cannot say."""
    with services.database.read() as session:
        known = cards.on_board(session, seat.board_id, trello_card_id)
    if known is not None and known.closed_at is None and known.seen_at > clock.now() - RELIED_ON:
        return known
    try:
        seen = ask(services, seat.board_id, trello_card_id)
    except (GoneError, RejectedError):
        # An archived card is still there; one that Trello no longer has is shown from what we know.
        if known is not None:
            return known
        raise _elsewhere() from None
    except IntegrationError:
        if known is not None:
            return known
        raise
    if seen.board_id != seat.trello_board_id or seen.id != trello_card_id:
        raise _elsewhere()
    with services.database.write() as session:
        board = workspaces.board(session, seat.board_id)
        return remember(session, board, seen_card(seen))


def ask(services: Services, board_id: int, trello_card_id: str) -> TrelloCard:
    """The card as Trello describes it to the board's account; raises IntegrationError."""
    with services.database.read() as session:
        account = workspaces.account(session, workspaces.board(session, board_id).account_id)
    with services.trello(services.trello_token(account)) as trello:
        try:
            return trello.card(trello_card_id)
        except IntegrationError as error:
            if error.reconnect:
                refuse(services, account)
            raise


def seen_card(card: TrelloCard) -> SeenCard:
    """Trello's description in our words."""
    return SeenCard(card.id, card.name, card.url, card.list_id, card.closed)


def _elsewhere() -> CardElsewhereError:
    return CardElsewhereError("This card is not on this board, or the connected Trello account cannot see it.")
