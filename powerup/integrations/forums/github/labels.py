"""Labels: tags, and the queue of a team. All of them are the repository's, and the same in any case.

Source: https://docs.github.com/en/rest/issues/labels. Making one needs write access; putting one on needs triage access.
"""

from collections.abc import Sequence

from powerup.integrations.errors import GoneError, NotPermittedError, RejectedError
from powerup.integrations.forums.github import queries
from powerup.integrations.forums.github.discussions import gone, named
from powerup.integrations.forums.github.ids import Which
from powerup.integrations.forums.github.issues import issue_json, labels_of
from powerup.integrations.github import VENDOR, GitHub
from powerup.integrations.github.client import segment
from powerup.integrations.http import each, maybe, need

_COLOR = "c5def5"
_LONGEST = 50


def change(client: GitHub, target: Which, *, add: Sequence[str], remove: Sequence[str]) -> None:
    """Put labels on and take labels off, leaving others alone; what is so already is not done again."""
    add = list({name.strip().lower(): name.strip() for name in add if name.strip()}.values())
    if any(len(name) > _LONGEST for name in add):
        raise RejectedError(f"A label of GitHub has at most {_LONGEST} characters.", permanent=True, sent=False)
    if target.is_issue:
        _of_issue(client, target.number, add, remove)
    else:
        _of_discussion(client, target.number, add, remove)


def on(client: GitHub, target: Which) -> tuple[str, ...]:
    """The labels that a thread has."""
    if target.is_issue:
        return labels_of(issue_json(client, target.number))
    return tuple(_state(client, target.number)[1])


def _of_issue(client: GitHub, number: int, add: Sequence[str], remove: Sequence[str]) -> None:
    path = f"{client.repository.path}/issues/{number}/labels"
    present = {name.lower() for name in on(client, Which("issue", number))}
    wanted = [name for name in add if name.lower() not in present]
    for name in wanted:
        _found_or_made(client, name)
    if wanted:
        client.send("POST", path, {"labels": wanted})
    for name in remove:
        if name.strip().lower() in present:
            try:
                client.send("DELETE", f"{path}/{segment(name.strip())}")
            except GoneError:
                # Somebody was quicker.
                continue


def _of_discussion(client: GitHub, number: int, add: Sequence[str], remove: Sequence[str]) -> None:
    node, present = _state(client, number)
    known = {name.lower() for name in present}
    wanted = [_found_or_made(client, name) for name in add if name.lower() not in known]
    unwanted = {name.strip().lower() for name in remove}
    leaving = [label for name, label in present.items() if name.lower() in unwanted]
    if wanted:
        client.graphql(queries.ADD_LABELS, {"id": node, "labels": wanted})
    if leaving:
        client.graphql(queries.REMOVE_LABELS, {"id": node, "labels": leaving})


def _state(client: GitHub, number: int) -> tuple[str, dict[str, str]]:
    """A discussion's node id, and its labels with theirs."""
    discussion = maybe(client.graphql(queries.STATE, named(client, number)), "repository.discussion", dict, vendor=VENDOR)
    if discussion is None:
        raise gone()
    labels = each(discussion, "labels.nodes", vendor=VENDOR) if discussion.get("labels") else []
    found = {need(label, "name", str, vendor=VENDOR): need(label, "id", str, vendor=VENDOR) for label in labels}
    return need(discussion, "id", str, vendor=VENDOR), found


def _found_or_made(client: GitHub, name: str) -> str:
    """The label's node id."""
    path = f"{client.repository.path}/labels"
    try:
        label = client.get(f"{path}/{segment(name)}")
    except GoneError:
        try:
            label = client.send("POST", path, {"name": name, "color": _COLOR})
        except RejectedError:
            # Two of us made it at once: 422 already_exists.
            label = client.get(f"{path}/{segment(name)}")
        except (NotPermittedError, GoneError):
            why = f"There is no label “{name}”, and our account may not make one: make it on GitHub, or give our account write access."
            raise NotPermittedError(why, permanent=True, http_status=403) from None
    return need(label, "node_id", str, vendor=VENDOR)
