"""The repository itself, its labels, teams, the viewer, and search: https://docs.github.com/en/rest."""

from typing import TYPE_CHECKING

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from powerup.sandbox.github.gate import invalid, refused, viewer
from powerup.sandbox.github.paging import number, paged

if TYPE_CHECKING:
    from powerup.sandbox.github.double import GithubDouble


class RepositoryRoutes:
    """What is asked about all the rest."""

    def __init__(self, double: "GithubDouble") -> None:
        self._double = double

    def add_to(self, bp: Blueprint, base: str) -> None:
        """Put the routes below the API's root and the repository's path."""
        bp.add_url_rule("/api/v3/user", "user", self.user)
        bp.add_url_rule("/api/v3/search/issues", "search", self.search)
        bp.add_url_rule("/api/v3/orgs/<org>/teams/<slug>/members", "members", self.members)
        bp.add_url_rule(base, "repository", self.repository)
        bp.add_url_rule(f"{base}/labels", "labels", self.labels)
        bp.add_url_rule(f"{base}/labels", "make_label", self.make_label, methods=["POST"])
        bp.add_url_rule(f"{base}/labels/<path:name>", "label", self.label)

    def user(self) -> ResponseReturnValue:
        """Whose token it is; an app's installation has nobody."""
        me = viewer()
        if me is None:
            return refused(401, "Requires authentication")
        if self._double.is_installation:
            return refused(403, "Resource not accessible by integration")
        return jsonify({**(self._double.shapes.user(me) or {}), "name": me.name})

    def repository(self) -> ResponseReturnValue:
        """The repository."""
        return jsonify(self._double.shapes.repository(viewer=viewer(), full=True))

    def members(self, org: str, slug: str) -> ResponseReturnValue:
        """A team's members; hidden from strangers."""
        with self._double.store.lock:
            team = self._double.store.teams.get(slug.lower()) if org.lower() == self._double.owner.lower() else None
            if team is None or not self._double.rows.may_triage(viewer()):
                return refused(404, "Not Found")
            people = [self._double.store.person(name) for name in team.members]
            return paged([person for person in people if person], self._double.shapes.user, deep=False)

    def labels(self) -> ResponseReturnValue:
        """All labels."""
        return paged(list(self._double.labels), self._double.shapes.label, deep=False)

    def label(self, name: str) -> ResponseReturnValue:
        """One label, in any case."""
        with self._double.store.lock:
            known = self._double.rows.label(name)
            return jsonify(self._double.shapes.label(known)) if known else refused(404, "Not Found")

    def make_label(self) -> ResponseReturnValue:
        """Make a label; 422 where there is one, 404 or 403 for who may not."""
        fields = request.get_json(silent=True) or {}
        name = str(fields.get("name") or "")
        with self._double.store.lock:
            if not self._double.rows.may_triage(viewer()) or self._double.read_only or self._double.labels_are_fixed:
                return refused(404, "Not Found")
            if not name or len(name) > 50:
                return invalid("Label", "name", "invalid")
            if self._double.rows.label(name):
                return invalid("Label", "name", "already_exists")
            self._double.labels[name] = str(fields.get("color") or "ededed")
            return jsonify(self._double.shapes.label(name)), 201

    def search(self) -> ResponseReturnValue:
        """Issues that hold every word that is no qualifier."""
        query = request.args.get("q", "")
        if not query.strip() or len(query) > 256:
            return invalid("Search", "q", "missing" if not query.strip() else "invalid")
        words = [word.lower() for word in query.split() if ":" not in word]
        with self._double.store.lock:
            found = [one for one in self._double.rows.threads("issue", pulls="is:issue" not in query) if self._double.holds(one, words)]
            items = [self._double.shapes.issue(one, media="raw") for one in found[: number("per_page", 30)]]
            items += self._double.strays if self._double.search_strays else []
            return jsonify({"total_count": len(found), "incomplete_results": False, "items": items})
