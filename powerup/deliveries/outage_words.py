"""What a team's channel reads while outage mode is on."""

from sqlalchemy.orm import Session

from powerup.deliveries.alert_words import Told, links, local_time
from powerup.integrations.alerts import Alert
from powerup.outages import queries as outages
from powerup.outages.models import Outage
from powerup.outbox.models import Delivery

KINDS = ("outage_opened", "outage_news_due", "outage_over")


def outage_alert(session: Session, delivery: Delivery, told: Told, *, urgent: bool) -> Alert:
    """Opened, news are due, or over."""
    outage = outages.get(session, delivery.workspace_id, int(delivery.payload["outage_id"])).Outage
    number = len(outages.tickets_of(session, outage.id))
    title, line = _words(delivery.payload["what"], outage, told, "One customer is" if number == 1 else f"{number} customers are")
    facts = [("Customers", str(number)), *([("Card", told.card.name)] if told.card is not None else [])]
    return Alert(title=title, lines=[line], facts=facts, links=links(told), urgent=urgent)


def _words(what: str, outage: Outage, told: Told, customers: str) -> tuple[str, str]:
    by = f" by {local_time(outage.next_word_at, told.pace)}" if outage.next_word_at else ""
    # A proposal's title begins with the word already.
    title = outage.title.removeprefix("Outage: ")
    match what:
        case "outage_opened":
            return f"Outage mode: {title}", f"{customers} told that we are at it. News is promised{by}."
        case "outage_news_due":
            return f"News is due: {title}", f"{customers} promised news{by}. Write what is known, even if it is little."
    return f"Over: {title}", f"{customers} told that it is over."
