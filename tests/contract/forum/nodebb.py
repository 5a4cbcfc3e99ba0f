"""The NodeBB adapter against the sandbox's NodeBB."""

from collections.abc import Mapping
from typing import Any, ClassVar

from powerup.sandbox.desk.store import NewPost
from powerup.sandbox.nodebb import NodeBBDouble
from tests.contract.forum.case import Act, Upload
from tests.contract.forum.desk import DeskCase


class NodeBBCase(DeskCase):
    """See ForumCase."""

    kind: ClassVar[str] = "nodebb"
    cannot: ClassVar[Mapping[Act, str]] = {
        Act.reply_internally: "NodeBB has no internal notes.",
        Act.edit_is_listed: "A list shows the text of the newest message only; older edits come by webhook or with the next message.",
    }
    double: NodeBBDouble

    @classmethod
    def make(cls) -> NodeBBDouble:
        return NodeBBDouble(acting_as="ada")

    def wrong_credentials(self) -> dict[str, str]:
        return {**self.credentials(), "token": "wrong"}

    def revoke(self) -> None:
        self.double.refused.add(self.double.token("ada"))

    def picture(self, thread_id: str, file: Upload) -> str:
        stored = self.store.add_file(file.name, file.content_type, file.body)
        text = f"Look:\n\n![{file.name}]({self.double.file_path(stored)})\n\nthere."
        return self.double.post_key(self.store.add_post(int(thread_id), NewPost("mei", text, file_ids=[stored.id])))

    def refusal(self) -> dict[str, Any]:
        """NodeBB has no limit of its own; a server that is too busy says so with a web page."""
        page = "<!DOCTYPE html><html><head><title>Excessive Load Warning</title></head></html>"
        return {"status": 503, "answer_text": page, "headers": {"Content-Type": "text/html"}, "retry_after": 7}
