"""Cards and what hangs on them, as Trello's REST API writes them."""

from powerup import clock
from powerup.sandbox.trello.rest.shape_base import Shape, ShapeWriter, slug
from powerup.sandbox.trello.store.models import Attachment, Card, Label

_NO_COVER = {"idAttachment": None, "color": None, "size": "normal", "brightness": "dark"}


class CardShapes(ShapeWriter):
    """Cards, labels, attachments."""

    def card(self, card: Card) -> Shape:
        """A card, without what hangs on it."""
        short_url = f"{self.origin}/c/{card.short_link}"
        return {
            "id": card.id,
            "address": None,
            "badges": self._badges(card),
            "cardRole": None,
            "checkItemStates": [],
            "closed": card.closed,
            "coordinates": None,
            "creationMethod": None,
            "dateLastActivity": clock.iso(card.last_activity_at),
            "desc": card.desc,
            "descData": {"emoji": {}},
            "due": card.due,
            "dueComplete": card.due_complete,
            "dueReminder": None,
            "start": card.start,
            "idBoard": card.board_id,
            "idChecklists": [],
            "idLabels": list(card.label_ids),
            "idList": card.list_id,
            "idMembers": list(card.member_ids),
            "idMembersVoted": [],
            "idShort": card.short_id,
            "idAttachmentCover": None,
            "isTemplate": False,
            "labels": [self.label(self.store.shelves.labels[id]) for id in card.label_ids],
            "locationName": None,
            "manualCoverAttachment": False,
            "mirrorSourceId": None,
            "name": card.name,
            "pos": card.pos,
            "shortLink": card.short_link,
            "shortUrl": short_url,
            "subscribed": False,
            "url": f"{short_url}/{card.short_id}-{slug(card.name)}",
            "cover": _NO_COVER,
        }

    def _badges(self, card: Card) -> Shape:
        return {
            "attachments": len(card.attachments),
            "comments": card.comment_count,
            "description": bool(card.desc),
            "due": card.due,
            "dueComplete": card.due_complete,
            "start": card.start,
            "votes": 0,
            "checkItems": 0,
            "checkItemsChecked": 0,
            "subscribed": False,
        }

    def label(self, label: Label) -> Shape:
        """A label."""
        return {"id": label.id, "idBoard": label.board_id, "name": label.name, "color": label.color, "uses": 0}

    def attachment(self, attachment: Attachment) -> Shape:
        """An attachment."""
        return {
            "id": attachment.id,
            "bytes": attachment.bytes,
            "date": clock.iso(attachment.at),
            "edgeColor": None,
            "idMember": attachment.member_id,
            "isUpload": attachment.is_upload,
            "mimeType": attachment.mime_type,
            "name": attachment.name,
            "previews": [],
            "url": attachment.url,
            "pos": attachment.pos,
            "fileName": attachment.name if attachment.is_upload else None,
        }
