"""The Ownership board as data: a list is a team, its card "Team" says where the team works, every other card is an area of support."""

from typing import NamedTuple

TEAM_CARD = "Team"


class AreaStory(NamedTuple):
    """An area; the words of its labels are keywords too, its members own it themselves."""

    name: str
    desc: str = ""
    labels: tuple[str, ...] = ()
    members: tuple[str, ...] = ()


class TeamStory(NamedTuple):
    """A list. Without a `board` (the story's key of one) it has no Team card: nobody owns what lies there."""

    name: str
    board: str
    lines: tuple[str, ...]
    """Of the Team card, after the line that names the board."""
    members: tuple[str, ...]
    areas: tuple[AreaStory, ...]


LABELS = (("helm", "sky"), ("terraform", "purple"), ("second factor", "orange"))

OWNERSHIP = (
    TeamStory(
        "Deployments",
        "deployments",
        ("Inbox: Inbox", "Slack: #deployments", "Forum group: deployments", "Stand-up: 09:15 Mon-Fri"),
        ("ben", "tomasz"),
        (
            AreaStory("Steps and timeouts", "Keywords: step, timeout, duration, runbook, template, rolling, retry", members=("ben",)),
            AreaStory(
                "Agents",
                "Everything between a target and the server.\n\n"
                "Keywords: agent, heartbeat, offline, proxy\nKeywords: tls, certificate, handshake, register",
                members=("tomasz",),
            ),
            AreaStory(
                "Packages and retention", "Keywords:\n- package\n- upload\n- retention\n- release\n- offline package drop\n- path too long"
            ),
            AreaStory("Containers", "Keywords: container, docker, registry, kubernetes", labels=("helm",)),
            AreaStory("Scheduling and notifications", "Keywords: schedule, time zone, slack, notification, e-mail"),
        ),
    ),
    TeamStory(
        "Web & API",
        "web",
        # `Pager` is a line that nobody has heard of: it is to be passed over with a word about it.
        ("Inbox: Inbox", "Slack: #web-and-api", "Forum group: web-and-api", "Stand-up: 10:00 Mon-Thu", "Pager: +00 000 0000"),
        ("noor", "ada"),
        (
            AreaStory("Portal and dashboard", "Keywords: portal, dashboard, page, layout, browser, rtl, mobile", members=("noor",)),
            AreaStory("Sign-in and permissions", "Keywords: sign in, login, permission, role, approve", labels=("second factor",)),
            AreaStory("REST API", "Keywords: api, endpoint, 429, rate, pagination, key, webhook", labels=("terraform",)),
            AreaStory("Audit", "Keywords: audit, export, audit log"),
            # Neither keywords nor labels: nothing can ever point to it.
            AreaStory("Mobile app", "Not begun yet."),
        ),
    ),
    TeamStory(
        "Customer success",
        "success",
        # No Slack line: this team reads Microsoft Teams, whose webhook is a secret and stands in the settings.
        ("Inbox: Inbox", "Forum group: customer-success", "Stand-up: 09:45 Mon, Wed, Fri"),
        ("ada", "tomasz"),
        (
            AreaStory("Licences", "Keywords: licence, license, licence key, activation, targets counted, renewal", members=("ada",)),
            AreaStory("Invoices and billing", "Keywords: invoice, billing, payment, vat, purchase order, quote"),
            AreaStory("Documentation", "Keywords: docs, documentation, guide, example, typo", members=("tomasz",)),
        ),
    ),
    TeamStory("Nobody yet", "", (), (), (AreaStory("Command line tool", "Keywords: cli, command line, exit code"),)),
)
