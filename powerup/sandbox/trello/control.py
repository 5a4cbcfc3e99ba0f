"""/sandbox/...: what the board page and the tests ask of the sandbox and no Trello offers."""

from typing import TYPE_CHECKING, Any

from flask import Flask, Response, jsonify, request
from flask.typing import ResponseReturnValue

from powerup import clock
from powerup.sandbox.trello import bodies, session
from powerup.sandbox.trello.store import By
from powerup.sandbox.trello.store.refusals import Refusal

if TYPE_CHECKING:
    from powerup.sandbox.trello import TrelloDouble

Json = dict[str, Any]


class Control:
    """The control endpoints of one double."""

    def __init__(self, double: "TrelloDouble") -> None:
        self._double = double
        self._store = double.store

    def mount(self, app: Flask) -> None:
        """Serve them. Faults and request counters have their own (powerup.sandbox.common.faults)."""
        rules = (
            ("GET", "state", self.state),
            ("GET", "people", self.people),
            ("GET", "changes", self.changes),
            ("POST", "session", self.choose),
            ("POST", "jwt", self.jwt),
            ("POST", "jwt-keys", self.keys),
            ("GET", "plugin-data", self.plugin_data),
            ("PUT", "plugin-data", self.set_plugin_data),
            ("PUT", "power-up", self.power_up),
            ("POST", "tokens", self.token),
            ("PUT", "roles", self.role),
            ("GET", "webhook-deliveries", self.deliveries),
            ("POST", "webhook-deliveries", self.replay),
            ("POST", "reset", self.reset),
        )
        for method, path, view in rules:
            app.add_url_rule(f"/sandbox/{path}", f"sandbox_{method}_{path}", view, methods=[method])

    def state(self) -> Json:
        """Everything the board page shows; `?board=` or `?card=` says which board."""
        member = session.current(request, self._store)
        return self._double.state.read(member, board=request.args.get("board", ""), card=request.args.get("card", ""))

    def people(self) -> Json:
        """The cast."""
        return {"people": self._double.state.people()}

    def changes(self) -> Json:
        """Wait until something is newer than `since`: `{"revision", "boards": [ids], "changes": [...]}`."""
        since = request.args.get("since", 0, int)
        wait = min(request.args.get("wait", self._double.options.long_poll_seconds, float), self._double.options.long_poll_seconds)
        revision, news = self._store.wait_for_changes(since, wait)
        boards = sorted({change.board_id for change in news if change.board_id})
        changes = [{"revision": one.revision, "idBoard": one.board_id, "idCard": one.card_id, "kind": one.kind} for one in news]
        return {"revision": revision, "boards": boards, "changes": changes}

    def choose(self) -> Response:
        """Be somebody else in this browser."""
        wanted = bodies.read(bodies.SessionBody).member
        member = self._store.member(wanted) if wanted else None
        answer = jsonify({"member": self._double.state.person(member) if member else None})
        session.choose(answer, member)
        return answer

    def jwt(self) -> Json:
        """What `t.jwt` would give the Power-Up."""
        body, member = bodies.read(bodies.JwtBody), session.current(request, self._store)
        member_id = body.idMember or (member.id if member else "")
        if not member_id:
            raise Refusal(403, "nobody is signed in")
        token = self._double.keys.sign(
            plugin_id=body.idPlugin or self._double.options.power_up.id,
            board_id=body.idBoard,
            member_id=member_id,
            state=body.state,
            at=clock.now(),
            signer=body.signer,
            **body.claims,
        )
        return {"jwt": token}

    def keys(self) -> Json:
        """Rotate the signing key: `{"action": "rotate", "keep_old": true}` or `{"action": "drop_old"}`."""
        body = bodies.read(bodies.KeysBody)
        if body.action == "rotate":
            self._double.keys.rotate(keep_old=body.keep_old)
        else:
            self._double.keys.drop_old()
        return {"published": len(self._double.keys.public_keys())}

    def plugin_data(self) -> Json:
        """What the client library's `data` command answers: `{scope: {visibility: text}}` for the models named in the query."""
        member_id = request.args.get("idMember") or None
        models = {"member": member_id, "card": request.args.get("idCard"), "organization": request.args.get("idOrganization")}
        board_id = request.args.get("idBoard")
        found: Json = {}
        with self._store.lock:
            board = self._store.shelves.boards.get(board_id or "")
            models |= {"board": board_id, "organization": models["organization"] or (board.organization_id if board else None)}
            for scope, model_id in models.items():
                for datum in self._store.plugin_data(model_id, member_id) if model_id else ():
                    found.setdefault(scope, {})[datum.access] = datum.value
        return found

    def set_plugin_data(self) -> ResponseReturnValue:
        """The client library's `set`: the whole text of one scope and visibility."""
        body = bodies.read(bodies.PluginDataBody)
        member_id = body.idMember or ""
        if body.visibility == "private" and not member_id:
            raise Refusal(400, "idMember: private data belongs to somebody")
        self._store.set_plugin_data(body.scope, body.visibility, body.idModel, member_id, body.value)
        return "", 204

    def power_up(self) -> Json:
        """Change the Power-Up's entries, or enable and disable it on a board."""
        body, power_up = bodies.read(bodies.PowerUpBody), self._double.options.power_up
        if body.connectorUrl is not None:
            power_up.connector_url = body.connectorUrl
        if body.iconUrl is not None:
            power_up.icon_url = body.iconUrl
        if body.allowedOrigins is not None:
            power_up.allowed_origins = tuple(body.allowedOrigins)
        with self._store.lock:
            if body.idBoard and body.enabled is not None:
                board, member = self._store.board(body.idBoard), session.current(request, self._store)
                self._store.enable_power_up(board, body.enabled, By(member.id if member else ""))
            self._store.changed(body.idBoard, kind="powerUp")
        return {"idPlugin": power_up.id, "connectorUrl": power_up.connector_url, "allowedOrigins": list(power_up.allowed_origins)}

    def token(self) -> Json:
        """A user token for the Power-Up's key."""
        body = bodies.read(bodies.TokenBody)
        member, scopes = self._store.member(body.member), tuple(body.scope.split(","))
        key = self._double.options.power_up.api_key
        return {"token": self._store.make_token(member, key, scopes=scopes, expiration=body.expiration).value}

    def role(self) -> ResponseReturnValue:
        """Change who is on a board."""
        body = bodies.read(bodies.RoleBody)
        looking = session.current(request, self._store)
        by = By(looking.id) if looking else None
        self._store.set_role(self._store.board(body.idBoard), self._store.member(body.member), body.role, by)
        return "", 204

    def deliveries(self) -> Json:
        """The latest tries of webhooks."""
        return {"deliveries": list(self._double.dispatcher.log)}

    def replay(self) -> ResponseReturnValue:
        """Deliver an action again, as Trello may."""
        action = self._store.action(bodies.read(bodies.ReplayBody).idAction)
        with self._store.lock:
            self._double.dispatcher.tell(action)
        return "", 202

    def reset(self) -> Json:
        """Begin again with the story as it was."""
        self._double.reset()
        return {"revision": self._store.revision}
