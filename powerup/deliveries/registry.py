"""Which handler carries out which kind of delivery."""

from collections.abc import Mapping

from powerup.deliveries.forum_post import ForumNote, ForumReply
from powerup.deliveries.forum_resolve import ForumResolve
from powerup.deliveries.job import Job
from powerup.deliveries.slack_alert import SlackAlert
from powerup.deliveries.trello_attachment import TrelloAttachment, TrelloDetachment
from powerup.deliveries.trello_card import TrelloCard
from powerup.deliveries.trello_comment import TrelloComment
from powerup.deliveries.trello_webhook import TrelloWebhook

HANDLERS: Mapping[str, type[Job]] = {
    "forum_reply": ForumReply,
    "forum_note": ForumNote,
    "forum_resolve": ForumResolve,
    "trello_comment": TrelloComment,
    "trello_attachment": TrelloAttachment,
    "trello_detachment": TrelloDetachment,
    "trello_card": TrelloCard,
    "trello_webhook": TrelloWebhook,
    "slack_alert": SlackAlert,
}
