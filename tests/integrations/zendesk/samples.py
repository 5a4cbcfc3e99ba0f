"""Answers as Zendesk's documentation prints them, shortened to what matters; no recordings of a real one were to be had.

Sources, each below https://developer.zendesk.com/: COMMENTS api-reference/ticketing/tickets/ticket_comments/#list-comments; TICKET
api-reference/ticketing/ticket-management/incremental_exports/#incremental-ticket-export-cursor-based; AUDIT
api-reference/ticketing/tickets/ticket_audits/ with the metadata of api-reference/ticketing/tickets/tickets/#setting-metadata; EVENT
api-reference/webhooks/event-types/ticket-events/; HEADERS documentation/webhooks/anatomy-of-a-webhook-request.
"""

from typing import Any

SECRET = "the-signing-secret-that-zendesk-shows"

TICKET: dict[str, Any] = {
    "assignee_id": 235323,
    "collaborator_ids": [35334, 234],
    "created_at": "2009-07-20T22:55:29Z",
    "custom_fields": [{"id": 27642, "value": "745"}, {"id": 27648, "value": "yes"}],
    "description": "The fire is very colorful.",
    "due_at": None,
    "external_id": "ahg35h3jh",
    "follower_ids": [35334, 234],
    "group_id": 98738,
    "has_incidents": False,
    "id": 35436,
    "organization_id": 509974,
    "priority": "high",
    "problem_id": 9873764,
    "raw_subject": "{{dc.printer_on_fire}}",
    "recipient": "support@company.com",
    "requester_id": 20978392,
    "satisfaction_rating": {"comment": "Great support!", "id": 1234, "score": "good"},
    "sharing_agreement_ids": [84432],
    "status": "open",
    "subject": "Help, my printer is on fire!",
    "submitter_id": 76872,
    "tags": ["enterprise", "other_tag"],
    "type": "incident",
    "updated_at": "2011-05-05T10:38:52Z",
    "url": "https://company.zendesk.com/api/v2/tickets/35436.json",
    "via": {"channel": "web"},
}
COMMENTS: dict[str, Any] = {
    "comments": [
        {
            "attachments": [
                {
                    "content_type": "text/plain",
                    "content_url": "https://company.zendesk.com/attachments/crash.log",
                    "file_name": "crash.log",
                    "id": 498483,
                    "size": 2532,
                    "thumbnails": [],
                }
            ],
            "author_id": 123123,
            "body": "Thanks for your help!",
            "created_at": "2009-07-20T22:55:29Z",
            "id": 1274,
            "metadata": {
                "system": {"client": "Mozilla/5.0", "ip_address": "1.1.1.1", "latitude": -37.000000000001, "location": "Melbourne, 07"},
                "via": {"channel": "web", "source": {"from": {}, "rel": "web_widget", "to": {}}},
            },
            "public": True,
            "type": "Comment",
        }
    ]
}
AUDIT: dict[str, Any] = {
    "id": 35436,
    "ticket_id": 47,
    "created_at": "2012-04-20T22:55:29Z",
    "author_id": 35436,
    "metadata": {"custom": {"time_spent": "4m12s", "account": "integrations"}, "system": {"ip_address": "184.106.40.75"}},
    "via": {"channel": "web"},
    "events": [{"id": 1564245, "type": "Comment", "body": "Please press play on tape now", "public": True, "attachments": []}],
}
EVENT: dict[str, Any] = {
    "account_id": 22129848,
    "detail": {"actor_id": "8447388090494", "assignee_id": "8447388090494", "id": "5158", "is_public": True, "status": "OPEN"},
    "event": {"comment": {"body": "Hello there", "id": "8447388090876", "is_public": True}},
    "id": "cbe4028c-7239-495d-b020-f22348516046",
    "subject": "zen:ticket:5158",
    "time": "2021-03-25T05:09:27Z",
    "type": "zen:event-type:ticket.comment_added",
    "zendesk_event_version": "2022-11-06",
}
HEADERS = {
    "x-zendesk-account-id": "123456",
    "x-zendesk-webhook-id": "01F1KRFQ6BG29CNWFR60NK5FNY",
    "x-zendesk-webhook-invocation-id": "8350205582",
}
