"""Users, their addresses and groups, and brands.

Sources: https://developer.zendesk.com/api-reference/ticketing/users/users/, …/users/user_identities/, …/groups/groups/,
…/groups/group_memberships/ and …/account-configuration/brands/.
"""

from typing import TYPE_CHECKING, Any

from flask import Blueprint, g, request

from powerup.sandbox.desk.models import Person, Team
from powerup.sandbox.zendesk import access, paging
from powerup.sandbox.zendesk.shapes import EVERYBODY, GROUPS, USERS

if TYPE_CHECKING:
    from powerup.sandbox.zendesk.double import ZendeskDouble

Json = dict[str, Any]


def blueprint(double: "ZendeskDouble") -> Blueprint:
    """The people part of the API."""
    bp, routes = Blueprint("zendesk_people", __name__, url_prefix="/api/v2"), _People(double)
    bp.add_url_rule("/users/me.json", view_func=routes.me)
    bp.add_url_rule("/users.json", view_func=routes.index)
    bp.add_url_rule("/users/show_many.json", view_func=routes.show_many)
    bp.add_url_rule("/users/<int:number>/identities.json", view_func=routes.identities)
    bp.add_url_rule("/users/<int:number>/group_memberships.json", view_func=routes.memberships)
    bp.add_url_rule("/groups/assignable.json", view_func=routes.groups)
    bp.add_url_rule("/brands.json", view_func=routes.brands)
    return bp


class _People:
    def __init__(self, double: "ZendeskDouble") -> None:
        self._double = double

    def me(self) -> Json:
        """GET /users/me.json; without credentials an anonymous user, and no error."""
        if g.person is None:
            return {"user": {"id": None, "name": "Anonymous user", "email": "invalid@example.com", "role": "end-user"}}
        return {"user": self._double.shapes.user(g.person)}

    def index(self) -> Json:
        """GET /users.json?role[]=agent."""
        with self._double.store.lock:
            roles, shapes = request.args.getlist("role[]"), self._double.shapes
            people = [one for one in self._double.store.people.values() if not roles or shapes.user(one)["role"] in roles]
            return dict(paging.paged(people, lambda person: (person.id,), "users", shapes.user))

    def show_many(self) -> Json:
        """GET /users/show_many.json?ids=1,2."""
        wanted = set(request.args.get("ids", "").split(","))
        with self._double.store.lock:
            found = [one for one in self._double.store.people.values() if str(USERS + one.id) in wanted]
            return {"users": [self._double.shapes.user(one) for one in found], "count": len(found), "next_page": None}

    def identities(self, number: int) -> Json:
        """GET /users/{id}/identities.json."""
        with self._double.store.lock:
            return {"identities": self._double.shapes.identities(self._person(number)), "next_page": None}

    def memberships(self, number: int) -> Json:
        """GET /users/{id}/group_memberships.json."""
        with self._double.store.lock:
            person = self._person(number)
            teams = [team for team in self._double.store.teams.values() if person.username.lower() in map(str.lower, team.members)]
            ids = [*(GROUPS + team.id for team in teams), *([EVERYBODY] if person.staff else [])]

            def shape(group_id: int) -> Json:
                return {"id": group_id * 10, "user_id": number, "group_id": group_id, "default": group_id == EVERYBODY}

            return dict(paging.paged(ids, lambda group_id: (group_id,), "group_memberships", shape))

    def groups(self) -> Json:
        """GET /groups/assignable.json."""
        with self._double.store.lock:
            rows: list[Team | None] = [None, *self._double.store.teams.values()]
            return dict(paging.paged(rows, lambda team: (team.id if team else 0,), "groups", self._double.shapes.group))

    def brands(self) -> Json:
        """GET /brands.json."""
        brand = {"id": 1, "name": self._double.store.title, "default": True, "active": True, "subdomain": "northwind"}
        return {"brands": [brand], "next_page": None, "count": 1}

    def _person(self, number: int) -> Person:
        found = next((one for one in self._double.store.people.values() if USERS + one.id == number), None)
        if found is None:
            raise access.not_found()
        return found
