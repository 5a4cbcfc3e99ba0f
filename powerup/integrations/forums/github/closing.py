"""Resolving: an issue is closed as completed; a discussion gets its answer where its category allows one, else it is closed as resolved.

Sources: https://docs.github.com/en/rest/issues/issues#update-an-issue (`state_reason`), the mutations `markDiscussionCommentAsAnswer` and
`closeDiscussion` (https://docs.github.com/en/enterprise-server@3.16/graphql/reference/discussions; older ones may not know it).
"""

from powerup.integrations.errors import GoneError, NotPermittedError, RejectedError
from powerup.integrations.forums.github import queries
from powerup.integrations.forums.github.discussions import gone, named
from powerup.integrations.forums.github.ids import Which
from powerup.integrations.forums.github.issues import issue_json
from powerup.integrations.github import VENDOR, GitHub
from powerup.integrations.http import maybe, need


def resolve(client: GitHub, target: Which, *, message_id: str | None) -> None:
    """Nothing is done to what is closed or answered already, whoever did it."""
    if target.is_issue:
        _close_issue(client, target.number)
    elif not (message_id and _answer(client, target.number, message_id)):
        _close_discussion(client, target.number)


def _close_issue(client: GitHub, number: int) -> None:
    if issue_json(client, number).get("state") == "closed":
        return
    path = f"{client.repository.path}/issues/{number}"
    issue = client.send("PATCH", path, {"state": "closed", "state_reason": "completed"})
    if maybe(issue, "state", str, vendor=VENDOR) != "closed":
        raise NotPermittedError("GitHub left the issue open: our account may not close it.", permanent=True, http_status=200)


def _answer(client: GitHub, number: int, message_id: str) -> bool:
    """Whether the comment is the answer now; false where the category knows none, or this comment or account cannot be it."""
    try:
        data = client.graphql(queries.ANSWERABLE, {**named(client, number), "comment": message_id})
    except (GoneError, RejectedError):
        # The comment is gone, or it is the discussion's own text, which is no node of that kind.
        return False
    discussion = maybe(data, "repository.discussion", dict, vendor=VENDOR)
    if discussion is None:
        raise gone()
    comment = maybe(data, "node", dict, vendor=VENDOR) or {}
    if maybe(comment, "discussion.id", str, vendor=VENDOR) != need(discussion, "id", str, vendor=VENDOR):
        return False
    if comment.get("isAnswer") is True:
        return True
    allowed = maybe(discussion, "category.isAnswerable", bool, vendor=VENDOR) is True
    if not allowed or comment.get("viewerCanMarkAsAnswer") is not True:
        return False
    client.graphql(queries.MARK_ANSWER, {"id": need(comment, "id", str, vendor=VENDOR)})
    return True


def _close_discussion(client: GitHub, number: int) -> None:
    data = client.graphql(queries.STATE, named(client, number))
    discussion = maybe(data, "repository.discussion", dict, vendor=VENDOR)
    if discussion is None:
        raise gone()
    if discussion.get("closed") is not True:
        client.graphql(queries.CLOSE, {"id": need(discussion, "id", str, vendor=VENDOR)})
