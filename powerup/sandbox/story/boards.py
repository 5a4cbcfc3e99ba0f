"""What stands on the team's Trello boards, as data. Keys name cards in `links.py` and in tests."""

from typing import NamedTuple


class CardStory(NamedTuple):
    """A card; `threads` are keys of forum threads whose addresses it carries from an earlier triage."""

    key: str
    list: str
    name: str
    desc: str = ""
    labels: tuple[str, ...] = ()
    members: tuple[str, ...] = ()
    threads: tuple[str, ...] = ()
    comment: str = ""
    days: float = 1.0
    """How long ago it was made."""


LISTS = ("Inbox", "Doing", "Waiting on customer", "Done")
SHORT_LISTS = ("Inbox", "Doing", "Done")

LABELS = (
    ("impact: outage", "red"),
    ("impact: high", "orange"),
    ("impact: normal", "yellow"),
    ("impact: low", "green"),
    ("docs", "sky"),
    ("4.2", "purple"),
)

DEPLOYMENTS = (
    CardStory(
        "timeouts",
        "Doing",
        "Step timeouts lose their unit when a process is saved in the portal",
        "`45m` is saved as `45`, read as seconds and raised to the minimum of ten minutes. Deployment steps and runbook steps.\n\n"
        "Workaround: put the timeout into a variable (not possible in runbooks).",
        ("impact: high", "4.2"),
        ("ben",),
        ("timeouts-collecting",),
        "nightly.388 has the parser; the runbook editor has its own copy of the field.",
        5.6,
    ),
    CardStory(
        "agent-ticket",
        "Doing",
        "Agent gives up when the balancer rejects its TLS session ticket",
        "Forget the ticket and do a full handshake. Workaround: `session_tickets = off`.",
        ("impact: normal",),
        ("ben",),
        ("agent-disconnects",),
        days=1.0,
    ),
    CardStory(
        "agent-memory", "Inbox", "Agent memory grows by 400 MB a day", labels=("impact: normal",), threads=("agent-memory",), days=0.5
    ),
    CardStory("registry", "Inbox", "Container step keeps an expired registry token", labels=("impact: normal",), days=0.3),
    CardStory("rolling", "Inbox", "Rolling deployment ignores the order of targets", labels=("4.2",), days=0.3),
    CardStory("retention", "Inbox", "Retention removed a release that is in use", labels=("impact: outage",), days=0.02),
    CardStory(
        "proxy",
        "Waiting on customer",
        "407 from the proxy although HTTPS_PROXY is set",
        "The password needs percent-encoding. Heartbeat does not use the same code.",
        ("impact: low",),
        ("ben",),
        ("agent-proxy",),
        days=0.4,
    ),
    CardStory(
        "long-path", "Waiting on customer", "Path too long on Windows", "Suggested a shorter folder.", threads=("long-words",), days=0.4
    ),
    CardStory(
        "schedule", "Doing", "Schedules use the offset of the day they were made", labels=("impact: normal",), members=("ada",), days=0.7
    ),
    CardStory(
        "scope",
        "Done",
        "Explain how role and environment scopes compete",
        "The docs page has an example now.",
        ("docs", "impact: low"),
        ("ada",),
        ("solved-variable-scope",),
        days=2.1,
    ),
    CardStory("zip64", "Done", "Packages above 4 GB cannot be unpacked", labels=("impact: high",), members=("ben",), days=19),
    CardStory("spaces", "Done", "Write down how two agents share a machine", labels=("docs",), threads=("old-quiet",), days=15),
)

WEB_AND_API = (
    CardStory(
        "dashboard",
        "Doing",
        "Dashboard is empty for groups with an ampersand in their name",
        "Unescaped `&` in the group filter.",
        ("impact: normal",),
        ("ben",),
        ("dashboard-empty",),
        days=0.4,
    ),
    CardStory(
        "signin", "Doing", "State mismatch at sign-in with strict cookies", labels=("impact: high", "4.2"), members=("ada",), days=0.8
    ),
    CardStory("rtl", "Inbox", "Hebrew and Arabic layouts", "Steps vanish in Arabic; dates are mixed up in Hebrew.", ("4.2",), days=0.6),
    CardStory("pagination", "Inbox", "`skip` is ignored when `take` is given", labels=("impact: normal",), days=0.3),
    CardStory(
        "unicode", "Inbox", "500 for variable names outside of ASCII", labels=("impact: normal",), threads=("cjk-variables",), days=0.4
    ),
    CardStory("key-scope", "Inbox", "Read-only keys can cancel deployments", labels=("impact: high",), days=0.1),
    CardStory(
        "progression",
        "Doing",
        "Progression query is slow for many releases",
        "Nine of eleven seconds. Needs an index on (project, assembled).",
        ("impact: normal",),
        (),
        ("portal-slow-releases",),
        days=0.6,
    ),
    CardStory(
        "twice", "Waiting on customer", "Events arrive twice with two nodes", members=("ben",), threads=("webhook-duplicates",), days=0.5
    ),
    CardStory("licence", "Waiting on customer", "New licence key: owner must sign", members=("ada",), days=0.7),
    CardStory(
        "audit",
        "Done",
        "Say that the portal's audit export is cut",
        labels=("docs",),
        members=("ada",),
        threads=("audit-export",),
        days=0.8,
    ),
    CardStory(
        "rename", "Done", "Make renaming an environment easier to find", labels=("impact: low",), threads=("closed-duplicate",), days=3
    ),
    CardStory("favicon", "Done", "Favicon is blurred on dense screens", labels=("impact: low",), days=24),
)

CUSTOMER_SUCCESS = (
    CardStory(
        "quote",
        "Doing",
        "Quote for forty more targets",
        "Greg wants a number before the board meeting on Thursday.",
        ("impact: normal",),
        ("ada",),
        days=1.2,
    ),
    CardStory("renewal", "Inbox", "Renewal reminders still go to the former owner", labels=("impact: low",), days=0.9),
    CardStory("counting", "Inbox", "Say in the docs how targets are counted for a licence", labels=("docs",), days=0.6),
    CardStory("vat", "Done", "Let owners change their VAT number themselves", labels=("impact: normal",), members=("tomasz",), days=9),
)
