"""Accounts, in the several sizes in which NodeBB tells of them."""

from typing import TYPE_CHECKING, Any

from powerup import clock
from powerup.sandbox.desk.models import Person

if TYPE_CHECKING:
    from powerup.sandbox.nodebb.double import NodeBBDouble

Json = dict[str, Any]
_ICON = "#795548"


def brief(person: Person) -> Json:
    """As beside an event or a line of a list."""
    return {
        "uid": person.id,
        "username": person.username,
        "userslug": person.username.lower(),
        "picture": None,
        "displayname": person.username,
        "isLocal": True,
        "icon:bgColor": _ICON,
        "icon:text": person.username[:1].upper(),
    }


def of_listing(person: Person) -> Json:
    """As the opener of a topic in a list."""
    banned = {"banned_until": 0, "banned_until_readable": "Not Banned"}
    return {
        **brief(person),
        "reputation": 0,
        "postcount": 1,
        "signature": None,
        "banned": False,
        "status": "online",
        **banned,
    }


def of_post(person: Person) -> Json:
    """As the author of a post in a topic."""
    return {
        **of_listing(person),
        "topiccount": 1,
        "signature": "",
        "banned:expire": 0,
        "lastonline": _ms(person),
        "groupTitle": None,
        "mutedUntil": 0,
        "groupTitleArray": [],
        "lastonlineISO": _iso(person),
        "muted": False,
        "selectedGroups": [],
        "custom_profile_info": [],
    }


def profile(double: "NodeBBDouble", person: Person, viewer: Person | None) -> Json:
    """A whole account. The address is there for the account itself and for global moderators only (`hidePrivateData`)."""
    shown = viewer is not None and (viewer.id == person.id or double.moderates(viewer))
    return {
        **{key: value for key, value in of_post(person).items() if key not in ("selectedGroups", "custom_profile_info")},
        "email": person.email if shown else "",
        "email:confirmed": int(person.email_verified),
        "joindate": _ms(person),
        "joindateISO": _iso(person),
        "fullname": person.name if shown else "",
        "birthday": None,
        "aboutme": None,
        "signature": None,
        "uploadedpicture": None,
        "profileviews": 0,
        "lastposttime": _ms(person),
        "flags": None,
        "followerCount": 0,
        "followingCount": 0,
        "cover:url": "/assets/images/cover-default.png",
        "cover:position": None,
        "mutedReason": None,
    }


def own(double: "NodeBBDouble", person: Person) -> Json:
    """What an account sees of itself at `/api/self`."""
    moderates = double.moderates(person)
    nothing: Json = {"flagId": None, "hasPrivateChat": 0, "moderationNote": "", "emailClass": "", "aboutmeParsed": "", "age": 0}
    false = ("isBlocked", "isTargetAdmin", "isAdmin", "isFollowing", "isFollowPending", "disableSignatures", "canChat", "emailHidden")
    true = ("isSelfOrAdminOrGlobalModerator", "canEdit", "canFlag", "canChangePassword", "isSelf", "showHidden")
    pictures = {
        "allowProfilePicture": True,
        "allowCoverPicture": True,
        "allowProfileImageUploads": 1,
        "allowedProfileImageExtensions": ".png, .jpeg, .bmp, .gif, .jpg",
        "maximumProfileImageSize": 2048,
        "profileImageDimension": 200,
        "iconBackgrounds": [_ICON],
    }
    return {
        **profile(double, person, person),
        **nothing,
        **dict.fromkeys(false, False),
        **dict.fromkeys(true, True),
        **pictures,
        "email:confirmed": person.email_verified,
        "ips": ["127.0.0.1"],
        "yourid": person.id,
        "theirid": person.id,
        **dict.fromkeys(("isGlobalModerator", "isModerator", "isAdminOrGlobalModerator"), moderates),
        **dict.fromkeys(("isAdminOrGlobalModeratorOrModerator", "canBan", "canMute"), moderates),
        "groups": [],
        "selectedGroup": [],
        "reputation:disabled": False,
        "downvote:disabled": False,
        "profile_links": [],
        "username:disableEdit": 0,
        "email:disableEdit": 0,
        "blocksCount": 0,
        "counts": {"posts": 1, "topics": 0, "groups": 0},
    }


def member(double: "NodeBBDouble", person: Person) -> Json:
    """As one of a group."""
    keys = (
        "uid", "username", "userslug", "picture", "status", "postcount", "reputation", "email:confirmed", "lastonline", "flags", "banned",
        "banned:expire", "joindate", "fullname", "displayname", "joindateISO", "lastonlineISO", "isLocal", "icon:bgColor", "icon:text",
        "banned_until", "banned_until_readable", "email",
    )  # fmt: skip
    whole = profile(double, person, None)
    return {key: whole[key] for key in keys}


def _ms(person: Person) -> int:
    return int(person.created_at.timestamp() * 1000) if person.created_at else 0


def _iso(person: Person) -> str:
    return clock.iso(person.created_at) if person.created_at else ""
