"""What a forum may be able to do, in words."""

from collections.abc import Mapping

from powerup.integrations.forums.base import Feature

FEATURES: Mapping[Feature, str] = {
    Feature.reply: "Replies to customers",
    Feature.internal_note: "Internal notes",
    Feature.assign_person: "Showing which person owns a thread",
    Feature.assign_team: "Showing which team owns a thread",
    Feature.resolve: "Marking a thread as solved",
    Feature.acknowledge: "Taking a thread off the forum's own waiting list",
    Feature.tag: "Tags",
    Feature.search: "Search",
    Feature.attachments: "Attachments",
    Feature.webhook: "Webhooks",
    Feature.signed_webhook: "Signed webhooks",
}
"""Each feature has its words (a test compares)."""
