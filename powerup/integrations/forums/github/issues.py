"""Issues by REST, read whole.

Sources: https://docs.github.com/en/rest/issues/issues and …/issues/comments (comments ascending by id, 100 a page; every pull request is
an issue with a `pull_request`). A transferred issue redirects to the other repository, and its comments answer 404
(https://github.com/Systemorph/MeshWeaver/issues/4629); a deleted one is 410 or 404. An issue that was converted to a discussion stays,
locked, and REST gives no clue of where it went (https://github.com/dessant/lock-threads/issues/24); GraphQL's timeline does.
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from powerup.integrations.errors import CredentialsRefusedError, GoneError, IntegrationError, RateLimitedError
from powerup.integrations.forums.base import Message, Thread, ThreadState, ThreadStub, Visibility
from powerup.integrations.forums.github import queries
from powerup.integrations.forums.github.files import attachments_in
from powerup.integrations.forums.github.ids import DISCUSSION, ISSUE, Which
from powerup.integrations.forums.github.markup import portable
from powerup.integrations.forums.github.people import People, is_bot
from powerup.integrations.forums.github.settings import Settings
from powerup.integrations.github import VENDOR, GitHub
from powerup.integrations.http import each, maybe, moment, need

Json = dict[str, Any]


def issue_json(client: GitHub, number: int) -> Json:
    """The issue as GitHub gives it; raises GoneError for a pull request, and for what is in another repository by now."""
    path = f"{client.repository.path}/issues/{number}"
    answer = client.answer(path)
    issue = need(answer.json(), "", dict, vendor=VENDOR)
    if issue.get("pull_request") is not None:
        raise GoneError("This is a pull request, which is no thread here.", permanent=True)
    if urlsplit(answer.url).path != urlsplit(client.repository.rest + path).path:
        _refuse_transferred(client, issue)
    return issue


def stub_of(issue: Json) -> ThreadStub:
    """One issue of a listing."""
    return ThreadStub(
        external_id=Which(ISSUE, need(issue, "number", int, vendor=VENDOR)).thread_id,
        url=need(issue, "html_url", str, vendor=VENDOR),
        subject=need(issue, "title", str, vendor=VENDOR),
        created_at=moment(issue, "created_at", vendor=VENDOR),
        changed_at=moment(issue, "updated_at", vendor=VENDOR),
        message_count=need(issue, "comments", int, vendor=VENDOR) + 1,
    )


def read(client: GitHub, people: People, settings: Settings, issue: Json) -> Thread:
    """An issue with all its comments, in order."""
    stub, labels = stub_of(issue), labels_of(issue)
    number = need(issue, "number", int, vendor=VENDOR)
    customer = people.opener(issue)
    comments = list(client.all(f"{client.repository.path}/issues/{number}/comments"))
    messages = [_first(client, issue, stub, customer.external_id, people)]
    messages += [_message(client, people, comment, place, customer.external_id) for place, comment in enumerate(comments, 2)]
    assignees = [need(user, "login", str, vendor=VENDOR) for user in each(issue, "assignees", vendor=VENDOR)]
    return Thread(
        external_id=stub.external_id,
        url=stub.url,
        subject=stub.subject,
        state=state_of(issue),
        customer=customer,
        created_at=stub.created_at,
        changed_at=max([stub.changed_at, *(message.edited_at or message.created_at for message in messages)]),
        messages=tuple(messages),
        assigned_person=assignees[0] if assignees else None,
        assigned_team=settings.team_in(labels),
        tags=tuple(label for label in labels if not settings.is_team(label)),
        private=_is_private(client),
        opened_by_staff=people.is_staff(issue),
    )


def converted_to(client: GitHub, issue: Json) -> Which | None:
    """The discussion that an issue was turned into, where GitHub says so; such an issue is locked."""
    if issue.get("locked") is not True or not client.signed_in:
        return None
    repository = client.repository
    names = {"owner": repository.owner, "name": repository.name, "number": need(issue, "number", int, vendor=VENDOR)}
    try:
        data = client.graphql(queries.CONVERTED, names)
    except (CredentialsRefusedError, RateLimitedError):
        raise
    except IntegrationError:
        # An old Enterprise Server, or a token that may not see discussions: then it is a locked issue like another.
        return None
    for node in maybe(data, "repository.issue.timelineItems.nodes", list, vendor=VENDOR) or []:
        number = maybe(node, "discussion.number", int, vendor=VENDOR)
        if number:
            return Which(DISCUSSION, number)
    return None


def state_of(issue: Json) -> ThreadState:
    """Closed as completed is resolved; closed as not planned, as a duplicate or for no reason is closed."""
    if need(issue, "state", str, vendor=VENDOR) != "closed":
        return ThreadState.open
    return ThreadState.resolved if issue.get("state_reason") == "completed" else ThreadState.closed


def labels_of(issue: Json) -> tuple[str, ...]:
    """Label names; GitHub's schema allows plain strings besides objects."""
    labels = maybe(issue, "labels", list, vendor=VENDOR) or []
    return tuple(label if isinstance(label, str) else need(label, "name", str, vendor=VENDOR) for label in labels)


def _refuse_transferred(client: GitHub, issue: Json) -> None:
    """A redirect is either the repository's new name, or the issue's new repository."""
    here = need(client.get(client.repository.path), "full_name", str, vendor=VENDOR)
    there = "/".join(urlsplit(need(issue, "html_url", str, vendor=VENDOR)).path.strip("/").split("/")[:2])
    if there.lower() != here.lower():
        raise GoneError(f"This issue was transferred to {there} on GitHub.", permanent=True, http_status=301)


def _first(client: GitHub, issue: Json, stub: ThreadStub, customer_id: str, people: People) -> Message:
    html = portable(maybe(issue, "body_html", str, vendor=VENDOR) or "", stub.url)
    source = f"i{need(issue, 'number', int, vendor=VENDOR)}"
    author = people.author(issue, customer_id=customer_id)
    # `updated_at` is moved by everything that happens to an issue, so an edit of its text cannot be told from it.
    return Message(
        stub.external_id, 1, author, Visibility.public, html, stub.created_at,
        attachments=attachments_in(html, source, client.repository),
    )  # fmt: skip


def _message(client: GitHub, people: People, comment: Json, place: int, customer_id: str) -> Message:
    number, url = need(comment, "id", int, vendor=VENDOR), need(comment, "html_url", str, vendor=VENDOR)
    html = portable(maybe(comment, "body_html", str, vendor=VENDOR) or "", url)
    created, updated = moment(comment, "created_at", vendor=VENDOR), moment(comment, "updated_at", vendor=VENDOR)
    author = people.author(comment, customer_id=customer_id)
    return Message(
        external_id=str(number),
        number=place,
        author=author,
        visibility=Visibility.public,
        html=html,
        created_at=created,
        edited_at=updated if updated > created else None,
        system=is_bot(comment) and author.external_id != customer_id,
        attachments=attachments_in(html, f"c{number}", client.repository),
    )


def _is_private(client: GitHub) -> bool:
    """What is read without a token is public."""
    if not client.signed_in:
        return False
    repository: Mapping[str, Any] = need(client.get(client.repository.path), "", dict, vendor=VENDOR)
    return repository.get("private") is True
