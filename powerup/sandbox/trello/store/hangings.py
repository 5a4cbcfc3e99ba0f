"""What hangs on a card: labels, attachments, comments."""

from datetime import datetime
from typing import Any

from powerup import clock
from powerup.sandbox.trello.store.base import BaseStore, By
from powerup.sandbox.trello.store.models import Action, Attachment, Board, Card, Label
from powerup.sandbox.trello.store.refusals import Refusal, not_found


class Hangings(BaseStore):
    """Labels, attachments and comments."""

    def add_label(self, board: Board, name: str, color: str | None = None, *, by: By | None = None, id: str | None = None) -> Label:
        """Make a label on a board."""
        with self.lock:
            label = Label(id or self.ids.new_id(), board.id, name, color)
            self.shelves.labels[label.id] = label
            if by is None:
                self.changed(board.id)
            else:
                self.record("createLabel", by, board, label=_look(label))
            return label

    def label(self, id: str) -> Label:
        """By id; a refusal when there is none."""
        if id not in self.shelves.labels:
            raise not_found()
        return self.shelves.labels[id]

    def labels_of(self, board: Board) -> list[Label]:
        """The labels of a board, oldest first."""
        return [label for label in self.shelves.labels.values() if label.board_id == board.id]

    def label_card(self, card: Card, label: Label, by: By) -> None:
        """Put a label on a card; nothing happens when it is there."""
        with self.lock:
            if label.id not in card.label_ids:
                card.label_ids.append(label.id)
                self._record_label("addLabelToCard", card, label, by)

    def unlabel_card(self, card: Card, label: Label, by: By) -> None:
        """Take a label off a card."""
        with self.lock:
            if label.id not in card.label_ids:
                raise Refusal(400, "that label is not on the card")
            card.label_ids.remove(label.id)
            self._record_label("removeLabelFromCard", card, label, by)

    def update_label(self, label: Label, by: By, **fields: str | None) -> None:
        """Give a label another name or colour."""
        with self.lock:
            old = {name: getattr(label, name) for name, value in fields.items() if getattr(label, name) != value}
            for name in old:
                setattr(label, name, fields[name])
            if old:
                self.record("updateLabel", by, self.shelves.boards[label.board_id], label=_look(label), old=old)

    def delete_label(self, label: Label, by: By) -> None:
        """Delete a label and take it off all cards."""
        with self.lock:
            del self.shelves.labels[label.id]
            for card in self.cards_of(label.board_id):
                card.label_ids = [id for id in card.label_ids if id != label.id]
            self.record("deleteLabel", by, self.shelves.boards[label.board_id], label={"id": label.id})

    def attach(
        self, card: Card, url: str, by: By, *, name: str = "", mime_type: str = "", bytes: int | None = None, at: datetime | None = None
    ) -> Attachment:
        """Attach a URL (twice the same makes two, as in Trello), or with `bytes` the record of an upload."""
        with self.lock:
            attachment = Attachment(
                id=self.ids.new_id(),
                name=name or url,
                url=url,
                member_id=by.member_id,
                at=at or clock.now(),
                pos=self.next_pos(f"attachments:{card.id}"),
                bytes=bytes,
                mime_type=mime_type,
                is_upload=bytes is not None,
            )
            card.attachments.append(attachment)
            data = {"id": attachment.id, "name": attachment.name, "url": url}
            self.record("addAttachmentToCard", by, self.shelves.boards[card.board_id], card, at, attachment=data)
            return attachment

    def attachment(self, card: Card, id: str) -> Attachment:
        """By id; a refusal when the card has none such."""
        found = next((attachment for attachment in card.attachments if attachment.id == id), None)
        if found is None:
            raise not_found()
        return found

    def detach(self, card: Card, attachment: Attachment, by: By) -> None:
        """Take an attachment off a card."""
        with self.lock:
            card.attachments.remove(attachment)
            data = {"id": attachment.id, "name": attachment.name}
            self.record("deleteAttachmentFromCard", by, self.shelves.boards[card.board_id], card, attachment=data)

    def comment(self, card: Card, text: str, by: By, *, at: datetime | None = None) -> Action:
        """Comment on a card."""
        with self.lock:
            card.comment_count += 1
            on = self.shelves.lists[card.list_id]
            place = {"id": on.id, "name": on.name}
            return self.record("commentCard", by, self.shelves.boards[card.board_id], card, at, text=text, list=place)

    def edit_comment(self, comment: Action, text: str, by: By) -> None:
        """Change the words of a comment."""
        with self.lock:
            old, comment.data["text"] = comment.data["text"], text
            card = self.shelves.cards[comment.data["card"]["id"]]
            action = {"id": comment.id, "type": comment.type, "date": clock.iso(comment.at), "data": {"text": text}}
            self.record("updateComment", by, self.shelves.boards[card.board_id], card, action=action, old={"text": old})

    def delete_comment(self, comment: Action, by: By) -> None:
        """Delete a comment."""
        with self.lock:
            card = self.shelves.cards[comment.data["card"]["id"]]
            card.comment_count -= 1
            self.shelves.actions.pop(comment.id)
            self.shelves.card_actions[card.id].remove(comment)
            self.shelves.board_actions[card.board_id].remove(comment)
            self.record("deleteComment", by, self.shelves.boards[card.board_id], card, action={"id": comment.id})

    def action(self, id: str) -> Action:
        """By id; a refusal when there is none."""
        if id not in self.shelves.actions:
            raise not_found()
        return self.shelves.actions[id]

    def _record_label(self, type: str, card: Card, label: Label, by: By) -> None:
        self.record(type, by, self.shelves.boards[card.board_id], card, label=_look(label), text=label.name, value=label.color or "")


def _look(label: Label) -> dict[str, Any]:
    return {"id": label.id, "name": label.name, "color": label.color}
