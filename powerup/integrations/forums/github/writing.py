"""Replies: each can be sent twice and happens once.

The marker is an HTML comment at the end of the Markdown, which GitHub keeps in the source and does not show
(https://docs.github.com/en/get-started/writing-on-github/getting-started-with-writing-and-formatting-on-github/basic-writing-and-formatting-syntax,
"Hiding content with comments"). REST: https://docs.github.com/en/rest/issues/comments#create-an-issue-comment; a locked issue is a 403.
"""

from collections.abc import Callable
from typing import Any

from powerup.integrations.errors import OvertakenError
from powerup.integrations.forums.base import Draft, Posted
from powerup.integrations.forums.github import queries
from powerup.integrations.forums.github.discussions import discussion_json
from powerup.integrations.forums.github.ids import Which
from powerup.integrations.forums.github.issues import issue_json
from powerup.integrations.forums.github.people import is_bot, login_of
from powerup.integrations.github import VENDOR, GitHub
from powerup.integrations.github.client import PER_PAGE
from powerup.integrations.http import maybe, need

Json = dict[str, Any]

_OVERTAKEN = "Somebody else has written on GitHub since; read it, then send again."


def post(client: GitHub, target: Which, draft: Draft, *, look_first: bool) -> Posted:
    """Write the draft as a comment."""
    return (_on_issue if target.is_issue else _on_discussion)(client, target.number, draft, look_first)


def _on_issue(client: GitHub, number: int, draft: Draft, look_first: bool) -> Posted:
    path = f"{client.repository.path}/issues/{number}"
    # The issue itself is asked for first: numbers of pull requests are on the same row, and they take comments too.
    issue = issue_json(client, number)
    if look_first or draft.after is not None:
        tail = _tail(client, path, need(issue, "comments", int, vendor=VENDOR))
        mine = [comment for comment in tail if login_of(comment).lower() == client.login().lower()]
        if look_first and (found := _marked(mine, draft.marker, _posted_by_rest)):
            return found
        _refuse_overtaken(client, tail, draft.after)
    written = client.send("POST", f"{path}/comments", {"body": _body(draft)})
    return _posted_by_rest(written)


def _tail(client: GitHub, path: str, count: int) -> list[Json]:
    """The last comments, at least 100 where there are as many; and what was written since they were counted."""
    last = max(1, -(-count // PER_PAGE))
    found: list[Json] = []
    if last > 1:
        found += client.listed(f"{path}/comments", {"per_page": PER_PAGE, "page": last - 1}).items
    return found + list(client.all(f"{path}/comments", {"page": last}))


def _refuse_overtaken(client: GitHub, comments: list[Json], after: str | None) -> None:
    """Ids of comments grow with time; `after` is the issue itself where the writer had seen no comment."""
    if after is None:
        return
    seen = int(after) if after.isascii() and after.isdigit() else 0
    newer = [comment for comment in comments if need(comment, "id", int, vendor=VENDOR) > seen and not is_bot(comment)]
    if newer and any(login_of(comment).lower() != client.login().lower() for comment in newer):
        raise OvertakenError(_OVERTAKEN, permanent=True, sent=False)


def _on_discussion(client: GitHub, number: int, draft: Draft, look_first: bool) -> Posted:
    discussion, notes, _ = discussion_json(client, number)
    mine = [note for note in notes if note.get("viewerDidAuthor") is True]
    if look_first and (found := _marked(mine, draft.marker, _posted_by_graphql)):
        return found
    if draft.after is not None and _is_overtaken(notes, draft.after):
        raise OvertakenError(_OVERTAKEN, permanent=True, sent=False)
    variables = {"id": need(discussion, "id", str, vendor=VENDOR), "body": _body(draft)}
    data = client.graphql(queries.ADD_COMMENT, variables)
    return _posted_by_graphql(need(data, "addDiscussionComment.comment", dict, vendor=VENDOR))


def _is_overtaken(notes: list[Json], after: str) -> bool:
    """Whether somebody else wrote below `after`, which is the discussion itself where the writer had seen no comment.

    A message that is gone by now says nothing of what came after it: then whatever others wrote counts as newer.
    """
    place = next((place for place, note in enumerate(notes, 1) if note.get("id") == after), 0)
    return any(note.get("viewerDidAuthor") is not True and not is_bot(note) and not note.get("deletedAt") for note in notes[place:])


def _marked(comments: list[Json], marker: str, posted: Callable[..., Posted]) -> Posted | None:
    """Among our own comments: whoever sees a comment's source can quote its marker."""
    for comment in reversed(comments):
        if marker in (maybe(comment, "body", str, vendor=VENDOR) or "") and not comment.get("deletedAt"):
            return posted(comment, found_again=True)
    return None


def _body(draft: Draft) -> str:
    return f"{draft.text.rstrip()}\n\n<!-- {draft.marker} -->"


def _posted_by_rest(comment: Json, *, found_again: bool = False) -> Posted:
    number, url = need(comment, "id", int, vendor=VENDOR), need(comment, "html_url", str, vendor=VENDOR)
    return Posted(str(number), url, found_again=found_again)


def _posted_by_graphql(comment: Json, *, found_again: bool = False) -> Posted:
    node, url = need(comment, "id", str, vendor=VENDOR), need(comment, "url", str, vendor=VENDOR)
    return Posted(node, url, found_again=found_again)
