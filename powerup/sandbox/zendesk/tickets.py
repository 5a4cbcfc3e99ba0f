"""Reading and changing tickets.

Sources: https://developer.zendesk.com/api-reference/ticketing/tickets/tickets/, …/tickets/ticket_comments/, …/tickets/ticket_audits/ and
…/ticket-management/tags/.
"""

from typing import TYPE_CHECKING, Any

from flask import Blueprint, g, request

from powerup.sandbox.common.cooking import clean, cook, plain
from powerup.sandbox.desk.models import Post, Thread
from powerup.sandbox.desk.store import NewPost
from powerup.sandbox.zendesk import access, paging
from powerup.sandbox.zendesk.shapes import AUDITS, EVERYBODY, GROUPS, USERS, second

if TYPE_CHECKING:
    from powerup.sandbox.zendesk.double import ZendeskDouble

Json = dict[str, Any]
_STATES = {"solved": "resolved", "closed": "closed"}
_OPEN = ("new", "open", "pending", "hold")


def blueprint(double: "ZendeskDouble") -> Blueprint:
    """The ticket part of the API."""
    bp, routes = Blueprint("zendesk_tickets", __name__, url_prefix="/api/v2"), _Tickets(double)
    bp.add_url_rule("/tickets.json", view_func=routes.index)
    bp.add_url_rule("/tickets/<int:number>.json", view_func=routes.show)
    bp.add_url_rule("/tickets/<int:number>.json", view_func=routes.update, methods=["PUT"])
    bp.add_url_rule("/tickets/<int:number>/comments.json", view_func=routes.comments)
    bp.add_url_rule("/tickets/<int:number>/comments/<int:comment>/make_private.json", view_func=routes.make_private, methods=["PUT"])
    bp.add_url_rule("/tickets/<int:number>/audits.json", view_func=routes.audits)
    bp.add_url_rule("/tickets/<int:number>/audits/<int:audit>.json", view_func=routes.audit)
    bp.add_url_rule("/tickets/<int:number>/tags.json", view_func=routes.tags, methods=["GET", "PUT", "DELETE"])
    return bp


class _Tickets:
    def __init__(self, double: "ZendeskDouble") -> None:
        self._double = double

    def index(self) -> Json:
        """GET /tickets.json: neither deleted nor archived ones."""
        with self._double.store.lock:
            rows = [
                thread for thread in self._double.store.threads.values() if not thread.deleted_at and not self._double.is_archived(thread)
            ]
            count = "comment_count" in request.args.get("include", "").split(",")
            if "page[size]" in request.args:
                sort = request.args.get("sort", "")
                by_time = sort.removeprefix("-") == "updated_at"
                return dict(
                    paging.paged(
                        rows,
                        lambda thread: (thread.updated_at.isoformat(), thread.id) if by_time else (thread.id,),
                        "tickets",
                        lambda thread: self._double.shapes.ticket(thread, count=count),
                        descending=sort.startswith("-"),
                    )
                )
            by_time = request.args.get("sort_by") == "updated_at"
            rows.sort(key=lambda thread: (thread.updated_at, thread.id) if by_time else (thread.id,))
            if request.args.get("sort_order") == "desc":
                rows.reverse()
            return paging.numbered(rows, "tickets", lambda thread: self._double.shapes.ticket(thread, count=count))

    def show(self, number: int) -> Json:
        """GET /tickets/{id}.json, with users and groups when asked for."""
        with self._double.store.lock:
            thread = self._thread(number)
            answer: Json = {"ticket": self._double.shapes.ticket(thread)}
            include = request.args.get("include", "").split(",")
            if "users" in include:
                names = {name.lower() for name in (thread.username, thread.assigned_person) if name}
                answer["users"] = [self._double.shapes.user(self._double.store.people[name]) for name in sorted(names)]
            if "groups" in include:
                team = self._double.store.teams.get((thread.assigned_team or "").lower())
                answer["groups"] = [self._double.shapes.group(team)] if answer["ticket"]["group_id"] else []
            return answer

    def update(self, number: int) -> Json:
        """PUT /tickets/{id}.json: everything or nothing."""
        given = (request.get_json(silent=True) or {}).get("ticket")
        if not isinstance(given, dict):
            raise access.RefusedError(400, {"error": "Unprocessable", "message": "Could not process JSON"})
        with self._double.store.lock:
            thread = self._thread(number)
            self._refuse_closed(thread)
            if given.get("safe_update") in (True, "true"):
                self._compare(thread, given.get("updated_stamp"))
            changes = self._changes(thread, given)
            post = self._comment(thread, given)
            if changes:
                self._double.store.change(thread.id, **changes)
            events = [self._double.shapes.audit(post)["events"][0]] if post else []
            audit = self._double.shapes.audit(post) if post else {"id": AUDITS, "ticket_id": thread.id, "events": events}
            return {"ticket": self._double.shapes.ticket(thread), "audit": audit}

    def comments(self, number: int) -> Json:
        """GET /tickets/{id}/comments.json."""
        with self._double.store.lock:
            posts = self._double.comments_of(self._thread(number))
            descending = request.args.get("sort", "").startswith("-") or request.args.get("sort_order") == "desc"
            answer = paging.paged(
                posts,
                lambda post: (post.created_at.isoformat(), post.id),
                "comments",
                self._double.shapes.comment,
                descending=descending,
            )
            if "users" in request.args.get("include", "").split(","):
                numbers = {comment["author_id"] - USERS for comment in answer["comments"]}
                people = self._double.store.people.values()
                answer["users"] = [self._double.shapes.user(person) for person in people if person.id in numbers]
            return dict(answer)

    def make_private(self, number: int, comment: int) -> Json:
        """PUT …/make_private.json."""
        with self._double.store.lock:
            self._post(number, comment).internal = True
            self._double.store.change(number, extra={**self._double.store.threads[number].extra, "made_private": comment})
            return {}

    def audits(self, number: int) -> Json:
        """GET /tickets/{id}/audits.json."""
        with self._double.store.lock:
            posts = self._double.comments_of(self._thread(number))
            return dict(paging.paged(posts, lambda post: (post.id,), "audits", self._double.shapes.audit))

    def audit(self, number: int, audit: int) -> Json:
        """GET /tickets/{id}/audits/{id}.json."""
        with self._double.store.lock:
            return {"audit": self._double.shapes.audit(self._post(number, audit - AUDITS))}

    def tags(self, number: int) -> Any:
        """GET, PUT (add) and DELETE (remove) /tickets/{id}/tags.json."""
        with self._double.store.lock:
            thread = self._thread(number)
            if request.method != "GET":
                given = request.get_json(silent=True) or {}
                self._refuse_closed(thread)
                if given.get("safe_update") in (True, "true"):
                    self._compare(thread, given.get("updated_stamp"))
                names = [part for name in given.get("tags", []) for part in str(name).lower().split()]
                kept = [tag for tag in thread.tags if tag not in names]
                self._double.store.change(thread.id, tags=kept + (names if request.method == "PUT" else []))
            return {"tags": sorted(thread.tags)}

    def _changes(self, thread: Thread, given: Json) -> Json:
        changes: Json = {}
        if "status" in given:
            if given["status"] not in (*_STATES, *_OPEN):
                raise access.invalid("status", f"Status: {given['status']} is not valid")
            if given["status"] == "solved" and self._double.assignee_required and not (thread.assigned_person or given.get("assignee_id")):
                raise access.invalid("assignee", "Assignee: is required when solving a ticket")
            changes["state"] = _STATES.get(given["status"], "open")
            changes["extra"] = {**thread.extra, "status": given["status"] if given["status"] in _OPEN else None}
        if "assignee_id" in given or "group_id" in given:
            changes |= self._owner(thread, given)
        return changes

    def _owner(self, thread: Thread, given: Json) -> Json:
        people, teams = self._double.store.people.values(), self._double.store.teams.values()
        assignee = given.get("assignee_id") if "assignee_id" in given else self._double.shapes.ticket(thread)["assignee_id"]
        group = given.get("group_id") if "group_id" in given else self._double.shapes.group_id(thread)
        person = next((one for one in people if USERS + one.id == assignee and one.staff), None)
        team = next((one for one in teams if GROUPS + one.id == group), None)
        if assignee is not None and person is None:
            raise access.invalid("assignee_id", "Assignee: is invalid")
        if group is not None and team is None and group != EVERYBODY:
            raise access.invalid("group_id", "Group: is invalid")
        if person and team and person.username.lower() not in [name.lower() for name in team.members]:
            raise access.invalid("assignee_id", f"Assignee: {person.name} is not a member of the group {team.name}")
        return {"assigned_person": person.username if person else None, "assigned_team": team.name if team else None}

    def _comment(self, thread: Thread, given: Json) -> Post | None:
        comment = given.get("comment")
        if not isinstance(comment, dict):
            return None
        html, text = comment.get("html_body"), comment.get("body")
        if not str(html or text or "").strip():
            raise access.invalid("base", "Comment: cannot be blank")
        if len(self._double.comments_of(thread)) >= self._double.most_comments:
            raise access.invalid("comment", "Comment: this ticket has the most comments that a ticket can have")
        me = g.person
        # A light agent's reply becomes a note, and the answer is 200 all the same.
        internal = comment.get("public") is False or me.username in self._double.light_agents
        body = str(text) if html is None else plain(str(html))
        new = NewPost(
            me.username,
            body,
            html=clean(str(html)) if html is not None else cook(body),
            internal=internal,
            extra={"metadata": given.get("metadata") or {}},
        )
        return self._double.store.add_post(thread.id, new)

    def _compare(self, thread: Thread, stamp: object) -> None:
        if stamp != second(thread.updated_at):
            raise access.conflict()

    def _refuse_closed(self, thread: Thread) -> None:
        if thread.state == "closed":
            raise access.invalid("status", "Status: closed prevents ticket update")

    def _thread(self, number: int) -> Thread:
        thread = self._double.store.threads.get(number)
        if thread is None or thread.deleted_at:
            raise access.not_found()
        return thread

    def _post(self, number: int, comment: int) -> Post:
        found = next((post for post in self._double.comments_of(self._thread(number)) if post.id == comment), None)
        if found is None:
            raise access.not_found()
        return found
