"""Which handler carries out which kind of delivery."""

from collections.abc import Mapping

from powerup.deliveries.forum_acknowledge import ForumAcknowledge
from powerup.deliveries.forum_assign import ForumAssign
from powerup.deliveries.forum_post import ForumNote, ForumReply
from powerup.deliveries.forum_resolve import ForumResolve
from powerup.deliveries.forum_tag import ForumTag
from powerup.deliveries.job import Job
from powerup.deliveries.slack_alert import SlackAlert
from powerup.deliveries.slack_answer import SlackAnswer
from powerup.deliveries.team_alert import TeamAlert
from powerup.deliveries.team_digest import TeamDigest
from powerup.deliveries.trello_archive import TrelloArchive
from powerup.deliveries.trello_attachment import TrelloAttachment, TrelloDetachment
from powerup.deliveries.trello_card import TrelloCard
from powerup.deliveries.trello_comment import TrelloComment
from powerup.deliveries.trello_impact import TrelloImpact
from powerup.deliveries.trello_member import TrelloMember
from powerup.deliveries.trello_move import TrelloMove
from powerup.deliveries.trello_webhook import TrelloWebhook

HANDLERS: Mapping[str, type[Job]] = {
    "forum_reply": ForumReply,
    "forum_note": ForumNote,
    "forum_resolve": ForumResolve,
    "forum_assign": ForumAssign,
    "forum_acknowledge": ForumAcknowledge,
    "forum_tag": ForumTag,
    "trello_comment": TrelloComment,
    "trello_attachment": TrelloAttachment,
    "trello_detachment": TrelloDetachment,
    "trello_card": TrelloCard,
    "trello_move": TrelloMove,
    "trello_archive": TrelloArchive,
    "trello_member": TrelloMember,
    "trello_impact": TrelloImpact,
    "trello_webhook": TrelloWebhook,
    "slack_alert": SlackAlert,
    "slack_answer": SlackAnswer,
    "team_alert": TeamAlert,
    "team_digest": TeamDigest,
}
