"""The store's objects as Trello's REST API writes them; field names from Trello's OpenAPI document."""

from powerup import clock
from powerup.sandbox.trello.rest.card_shapes import CardShapes
from powerup.sandbox.trello.rest.shape_base import MEMBER_DEFAULT, Shape, pick, slug
from powerup.sandbox.trello.store.models import (
    Action,
    Board,
    Member,
    Organization,
    PluginDatum,
    TList,
    Token,
    Webhook,
)


class Shapes(CardShapes):
    """Everything that the REST API answers with."""

    def board(self, board: Board) -> Shape:
        """A board."""
        url = f"{self.origin}/b/{board.short_link}"
        return {
            "id": board.id,
            "name": board.name,
            "desc": board.desc,
            "descData": None,
            "closed": board.closed,
            "idOrganization": board.organization_id,
            "idEnterprise": None,
            "pinned": False,
            "starred": False,
            "subscribed": False,
            "shortLink": board.short_link,
            "shortUrl": url,
            "url": f"{url}/{slug(board.name)}",
            "prefs": {"permissionLevel": board.visibility, "background": board.background, "comments": "members", "invitations": "members"},
            "labelNames": {label.color: label.name for label in self.store.labels_of(board) if label.color},
            "limits": {"cards": {"openPerBoard": {"status": "ok", "disableAt": 5000, "warnAt": 4500}}},
            "memberships": [self.membership(board, member_id) for member_id in board.roles],
        }

    def membership(self, board: Board, member_id: str) -> Shape:
        """How a member belongs to a board."""
        return {
            "id": board.membership_ids[member_id],
            "idMember": member_id,
            "memberType": board.roles[member_id],
            "unconfirmed": False,
            "deactivated": False,
        }

    def list(self, found: TList) -> Shape:
        """A list."""
        return {
            "id": found.id,
            "name": found.name,
            "closed": found.closed,
            "pos": found.pos,
            "softLimit": None,
            "idBoard": found.board_id,
            "subscribed": False,
        }

    def member(self, member: Member) -> Shape:
        """A person."""
        store = self.store
        return {
            "id": member.id,
            "username": member.username,
            "fullName": member.full_name,
            "initials": member.initials,
            "avatarHash": None,
            "avatarUrl": None,
            "activityBlocked": False,
            "bio": "",
            "confirmed": True,
            "memberType": "normal",
            "status": "disconnected",
            "url": f"{self.origin}/u/{member.username}",
            "idOrganizations": [organization.id for organization in store.organizations_of(member.id)],
            "idBoards": [board.id for board in store.shelves.boards.values() if member.id in board.roles],
        }

    def organization(self, organization: Organization) -> Shape:
        """A workspace."""
        return {
            "id": organization.id,
            "name": organization.name,
            "displayName": organization.display_name,
            "desc": "",
            "url": f"{self.origin}/w/{organization.name}",
            "website": None,
            "idBoards": [board.id for board in self.store.shelves.boards.values() if board.organization_id == organization.id],
            "memberships": [{"idMember": id, "memberType": "normal"} for id in organization.member_ids],
            "premiumFeatures": [],
        }

    def action(self, action: Action) -> Shape:
        """Something that happened."""
        member = self.store.shelves.members.get(action.member_id)
        shape: Shape = {
            "id": action.id,
            "idMemberCreator": action.member_id,
            "type": action.type,
            "date": clock.iso(action.at),
            "data": action.data,
            "appCreator": None,
            "limits": {},
        }
        if member is not None:
            shape["memberCreator"] = pick(self.member(member), MEMBER_DEFAULT.split(","))
        subject = self.store.shelves.members.get(action.data.get("idMemberAdded") or action.data.get("idMember") or "")
        if subject is not None:
            shape["member"] = pick(self.member(subject), MEMBER_DEFAULT.split(","))
        return shape

    def token(self, token: Token) -> Shape:
        """What a token may do; never its value."""
        models = (("Member", token.member_id), ("Board", "*"), ("Organization", "*"))
        grants = {"read": "read" in token.scopes, "write": "write" in token.scopes}
        return {
            "id": token.id,
            "identifier": token.name,
            "idMember": token.member_id,
            "dateCreated": clock.iso(token.created_at),
            "dateExpires": clock.iso(token.expires_at) if token.expires_at else None,
            "permissions": [{"idModel": id, "modelType": kind, **grants} for kind, id in models],
        }

    def webhook(self, webhook: Webhook) -> Shape:
        """A webhook."""
        return {
            "id": webhook.id,
            "description": webhook.description,
            "idModel": webhook.model_id,
            "callbackURL": webhook.callback_url,
            "active": webhook.active,
            "consecutiveFailures": webhook.failures,
            "firstConsecutiveFailDate": clock.iso(webhook.failing_since) if webhook.failing_since else None,
        }

    def board_plugin(self, board: Board) -> Shape:
        """That the Power-Up is enabled on a board."""
        return {"id": f"{board.id[:-6]}{self.plugin_id[-6:]}", "idBoard": board.id, "idPlugin": self.plugin_id}

    def plugin_datum(self, datum: PluginDatum) -> Shape:
        """What the Power-Up stored at a model."""
        return {
            "id": datum.id,
            "idPlugin": self.plugin_id,
            "scope": datum.scope,
            "idModel": datum.model_id,
            "value": datum.value,
            "access": datum.access,
        }
