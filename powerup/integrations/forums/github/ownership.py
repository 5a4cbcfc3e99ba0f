"""Who owns a thread: a person is its assignee, a team is a label that begins with a prefix.

Source: https://docs.github.com/en/rest/issues/assignees: up to ten; "only users with push access can add assignees. Assignees are silently
ignored otherwise", and so are usernames that may not be assigned. What was asked for is therefore looked for in the answer. Discussions
have no assignees (https://docs.github.com/public/fpt/schema.docs.graphql: Discussion is not Assignable).
"""

from powerup.integrations.errors import RejectedError
from powerup.integrations.forums.github import labels
from powerup.integrations.forums.github.ids import Which
from powerup.integrations.forums.github.issues import issue_json, labels_of
from powerup.integrations.forums.github.settings import Settings
from powerup.integrations.github import VENDOR, GitHub
from powerup.integrations.http import each, need

NO_ASSIGNEES = "GitHub has no assignees on discussions: only a team can own one, by its label."


def assign(client: GitHub, settings: Settings, target: Which, *, person: str | None, team: str | None) -> None:
    """Make the issue show this owner and no other. A person is refused for a discussion, so that whoever asks can name the team alone."""
    if not target.is_issue:
        if person:
            raise RejectedError(NO_ASSIGNEES, permanent=True, sent=False)
        _set_team(client, settings, target, labels.on(client, target), team)
        return
    issue = issue_json(client, target.number)
    present = [need(user, "login", str, vendor=VENDOR) for user in each(issue, "assignees", vendor=VENDOR)]
    _set_person(client, target.number, present, person)
    _set_team(client, settings, target, labels_of(issue), team)


def _set_person(client: GitHub, number: int, present: list[str], person: str | None) -> None:
    path = f"{client.repository.path}/issues/{number}/assignees"
    wanted = (person or "").lower()
    if person and wanted not in {login.lower() for login in present}:
        issue = client.send("POST", path, {"assignees": [person]})
        if wanted not in {need(user, "login", str, vendor=VENDOR).lower() for user in each(issue, "assignees", vendor=VENDOR)}:
            why = f"GitHub does not assign this to “{person}”: is that the username there, and have our account and theirs access?"
            raise RejectedError(why, permanent=True, http_status=201)
    leaving = [login for login in present if login.lower() != wanted]
    if leaving:
        client.send("DELETE", path, {"assignees": leaving})


def _set_team(client: GitHub, settings: Settings, target: Which, present: tuple[str, ...], team: str | None) -> None:
    wanted = settings.label_of(team) if team else ""
    leaving = [label for label in present if settings.is_team(label) and label.lower() != wanted.lower()]
    missing = [wanted] if wanted and wanted.lower() not in {label.lower() for label in present} else []
    if leaving or missing:
        labels.change(client, target, add=missing, remove=leaving)
