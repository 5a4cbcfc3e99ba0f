"""Cards and what hangs on them. Creating is never repeated blindly: the look-ups here are for looking first."""

from collections.abc import Sequence

from powerup.integrations.errors import RejectedError
from powerup.integrations.http import each, maybe
from powerup.integrations.trello.boards import CARD_FIELDS, FULL_CARD_FIELDS
from powerup.integrations.trello.caller import Caller, nothing, part
from powerup.integrations.trello.models import VENDOR, Attachment, Card, Comment, FullCard

LONGEST_TEXT = 16_384
"""Characters that Trello takes as a card's name or description; comments are held to the same."""

LONGEST_NAME_OF_ATTACHMENT = 256

_COMMENTS_A_PAGE = 50
_COMMENT_PAGES = 20


class Cards(Caller):
    """Reads and writes cards; long text travels in a JSON body, for addresses have a limit."""

    def card(self, card_id: str) -> Card:
        """One card by its id or short link."""
        return self._call("GET", f"/cards/{part(card_id)}", Card.read, params={"fields": CARD_FIELDS})

    def card_in_full(self, card_id: str) -> FullCard:
        """One card with its words, labels and people."""
        return self._call("GET", f"/cards/{part(card_id)}", FullCard.read, params={"fields": FULL_CARD_FIELDS})

    def create_card(
        self,
        list_id: str,
        name: str,
        desc: str,
        url_source: str | None = None,
        label_ids: Sequence[str] = (),
        member_ids: Sequence[str] = (),
    ) -> Card:
        """A new card, with `url_source` attached to it. After a lost answer, `find_card_in_list` says whether it was made."""
        # By itself Trello puts new cards at the bottom of a list, where nobody looks first.
        body: dict[str, object] = {"idList": part(list_id), "name": _fit(name), "desc": _fit(desc), "pos": "top"}
        if url_source:
            body["urlSource"] = url_source
        if label_ids:
            body["idLabels"] = ",".join(part(label_id) for label_id in label_ids)
        if member_ids:
            body["idMembers"] = ",".join(part(member_id) for member_id in member_ids)
        return self._call("POST", "/cards", Card.read, body=body)

    def find_card_in_list(self, list_id: str, marker: str) -> Card | None:
        """The card in this list, archived or not, whose description or attachments carry the marker (say, the ticket's URL)."""
        return self._find(f"/lists/{part(list_id)}/cards", marker)

    def find_card_on_board(self, board_id: str, marker: str) -> Card | None:
        """The same on a whole board: an automation may have moved a new card on to another list at once."""
        return self._find(f"/boards/{part(board_id)}/cards/all", marker)

    def update_card(
        self,
        card_id: str,
        *,
        name: str | None = None,
        desc: str | None = None,
        closed: bool | None = None,
        list_id: str | None = None,
        pos: str | float | None = None,
    ) -> Card:
        """Change what is given; None leaves a field alone."""
        changes = {
            "name": None if name is None else _fit(name),
            "desc": None if desc is None else _fit(desc),
            "closed": closed,
            "idList": None if list_id is None else part(list_id),
            "pos": pos,
        }
        body = {field: value for field, value in changes.items() if value is not None}
        return self._call("PUT", f"/cards/{part(card_id)}", Card.read, body=body)

    def move_card(
        self,
        card_id: str,
        *,
        board_id: str,
        list_id: str,
        pos: str | float = "top",
        label_ids: Sequence[str] | None = None,
        member_ids: Sequence[str] | None = None,
    ) -> Card:
        """Put the card on a list of this or another board; id, link, comments and attachments stay what they are. May be repeated.

        Labels and people belong to a board. What becomes of those that the other board lacks is in none of Trello's documents, and there
        was no live Trello to ask: the sandbox keeps labels of the same name and colour and people who are members there, and drops the
        rest. Who must be certain names them: `label_ids` and `member_ids` replace what is on the card in the same request, which
        TrelloDotNet (its tests run against Trello) does on each move between boards (github.com/rwjdk/TrelloDotNet,
        MoveCardToBoardAsync).
        """
        body: dict[str, object] = {"idBoard": part(board_id), "idList": part(list_id), "pos": pos}
        for field, ids in (("idLabels", label_ids), ("idMembers", member_ids)):
            if ids is not None:
                body[field] = ",".join(part(each_id) for each_id in ids)
        return self._call("PUT", f"/cards/{part(card_id)}", Card.read, body=body)

    def attachments(self, card_id: str) -> tuple[Attachment, ...]:
        """What hangs on the card."""
        return self._all(f"/cards/{part(card_id)}/attachments", Attachment.read, {"fields": "id,url,name"})

    def attach_url(self, card_id: str, url: str, name: str) -> Attachment:
        """Hang an address onto the card. The same one twice makes two attachments: look first."""
        body = {"url": url, "name": _fit(name, LONGEST_NAME_OF_ATTACHMENT)}
        return self._call("POST", f"/cards/{part(card_id)}/attachments", Attachment.read, body=body)

    def delete_attachment(self, card_id: str, attachment_id: str) -> None:
        """Take an attachment off the card."""
        self._call("DELETE", f"/cards/{part(card_id)}/attachments/{part(attachment_id)}", nothing)

    def comments(self, card_id: str) -> tuple[Comment, ...]:
        """The card's comments, latest first; at most 1,000."""
        found: list[Comment] = []
        for page in range(_COMMENT_PAGES):
            rows = self._all(f"/cards/{part(card_id)}/actions", Comment.read, {"filter": "commentCard", "page": page})
            found += [row for row in rows if row.id not in {comment.id for comment in found[-_COMMENTS_A_PAGE:]}]
            if len(rows) < _COMMENTS_A_PAGE:
                break
        return tuple(found)

    def comment(self, card_id: str, text: str) -> Comment:
        """Write below the card. After a lost answer, `comments` says whether it is there."""
        return self._call("POST", f"/cards/{part(card_id)}/actions/comments", Comment.read, body={"text": _fit(text)})

    def add_label(self, card_id: str, label_id: str) -> None:
        """Put a label on the card; one that is there already stays."""
        self._add(f"/cards/{part(card_id)}/idLabels", label_id)

    def remove_label(self, card_id: str, label_id: str) -> None:
        """Take a label off the card; one that is not there is no error."""
        self._remove(f"/cards/{part(card_id)}/idLabels/{part(label_id)}")

    def add_member(self, card_id: str, member_id: str) -> None:
        """Put somebody on the card; who is there already stays."""
        self._add(f"/cards/{part(card_id)}/idMembers", member_id)

    def remove_member(self, card_id: str, member_id: str) -> None:
        """Take somebody off the card; who is not there is no error."""
        self._remove(f"/cards/{part(card_id)}/idMembers/{part(member_id)}")

    def _add(self, path: str, value: str) -> None:
        try:
            self._call("POST", path, nothing, body={"value": part(value)})
        except RejectedError as error:
            # "that label is already on the card": what was asked for is so.
            if "already on the card" not in error.detail:
                raise

    def _remove(self, path: str) -> None:
        try:
            self._call("DELETE", path, nothing)
        except RejectedError as error:
            if "not on the card" not in error.detail:
                raise

    def _find(self, path: str, marker: str) -> Card | None:
        def read(answer: object) -> Card | None:
            rows = each(answer, "", vendor=VENDOR)
            return next((Card.read(row) for row in rows if _carries(row, marker)), None)

        params = {"filter": "all", "fields": f"{CARD_FIELDS},desc", "attachments": "true"}
        return self._call("GET", path, read, params=params) if marker else None


def _carries(card: object, marker: str) -> bool:
    urls = [maybe(row, "url", str, vendor=VENDOR) for row in each(card, "attachments", vendor=VENDOR)]
    return marker in urls or _stands_in(marker, maybe(card, "desc", str, vendor=VENDOR) or "")


def _stands_in(marker: str, text: str) -> bool:
    """Whether the marker is in the text as a whole: `…/t/12` must not be found in `…/t/123`."""
    start = text.find(marker)
    while start >= 0:
        after = text[start + len(marker) : start + len(marker) + 1]
        if not (marker[-1].isalnum() and after.isalnum()):
            return True
        start = text.find(marker, start + 1)
    return False


def _fit(text: str, length: int = LONGEST_TEXT) -> str:
    return text if len(text) <= length else text[: length - 1] + "…"
