"""The map of ownership audits itself: what an admin should change, each with a proposal."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from statistics import median
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from powerup import clock
from powerup.assignments import queries as assignments
from powerup.suggest.keywords import KeywordMap
from powerup.teams import queries as teams
from powerup.teams.models import Area, Team
from powerup.triage import queue
from powerup.triage.brain import Brain
from powerup.triage.documents import documents
from powerup.triage.lessons import owner_of
from powerup.triage.models import Lesson
from powerup.triage.words import frequent

LATELY = timedelta(days=60)
HAND_BACKS = 2
"""Threads that a word brought to the wrong team before it is worth a line."""
HEAVY = 8
"""Open threads a member; fewer are no burden, however few others have."""
TIMES = 2.0
"""Times the usual burden."""
LOOKED_AT = 200
"""Threads of the queue that are looked at for words."""
UNMATCHED = 3
"""Threads that matched nothing before they are worth a line."""
MOST_LESSONS = 5_000


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that does not fit, and what would."""

    key: str
    """The same as long as it is the same thing."""
    kind: str
    text: str
    proposal: str
    url: str | None = None
    keyword: str | None = None
    area_id: int | None = None
    team_id: int | None = None
    move_to_area_id: int | None = None
    words: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """As the API shows it."""
        return asdict(self) | {"words": list(self.words)}


def findings(session: Session, brain: Brain) -> list[Finding]:
    """Everything that an admin should look at, the most harmful first."""
    workspace_id = brain.workspace_id
    known = {team.id: team for team in teams.listed(session, workspace_id)}
    areas = teams.areas(session, workspace_id)
    return [
        *_unowned(known, areas),
        *_misleading(session, workspace_id, known, areas),
        *_overloaded(known, assignments.open_by_team(session, workspace_id)),
        *_unmatched(session, brain, areas),
    ]


def _unowned(known: Mapping[int, Team], areas: Iterable[Area]) -> Iterator[Finding]:
    for area in areas:
        team = known[area.team_id]
        if not teams.is_ready(team):
            why = "has no list for cards"
            proposal = f"Give {team.name} a board and an inbox list, or move “{area.name}” to another team."
        elif not team.member_ids:
            why = "has no members"
            proposal = f"Put somebody into {team.name}, or move “{area.name}” to another team."
        else:
            continue
        text = f"Nobody owns “{area.name}”: {team.name} {why}."
        yield Finding(f"unowned_area:{area.id}", "unowned_area", text, proposal, area.card_url, area_id=area.id, team_id=team.id)


def _misleading(session: Session, workspace_id: int, known: Mapping[int, Team], areas: Sequence[Area]) -> Iterator[Finding]:
    """Words of areas whose threads came back: at least as often wrong as right lately."""
    wrong, right = _lessons(session, workspace_id)
    ends = {ticket_id: label for label, some in right.items() for ticket_id in some}
    of = {area.id: area for area in areas}
    for area in areas:
        team, words = known[area.team_id], (*area.keywords, *area.added_keywords)
        said = _said(session, wrong[f"area:{area.id}"] | wrong[f"team:{area.team_id}"], words)
        suspects = [word for word in words if len(said[word]) >= HAND_BACKS]
        # What stayed is most of all threads: it is read only where a word is under suspicion.
        good = _said(session, right[f"area:{area.id}"] | right[f"team:{area.team_id}"] if suspects else (), suspects)
        for word in suspects:
            misled = sorted(said[word])
            if len(misled) < len(good[word]):
                continue
            where = _end(misled, ends, of, known, but=area)
            text = f"“{word}” sent {len(misled)} threads to {team.name} ({area.name}) in the last {LATELY.days} days that came back."
            if isinstance(where, Area):
                proposal = f"Move the keyword “{word}” to “{where.name}” ({known[where.team_id].name}), where they went in the end."
            elif where is not None:
                proposal = f"Move the keyword “{word}” to {where.name}, where they went in the end."
            else:
                proposal = f"Remove the keyword “{word}” from “{area.name}”."
            yield Finding(
                f"misleading_word:{area.id}:{word}",
                "misleading_word",
                text,
                proposal,
                area.card_url,
                word,
                area.id,
                team.id,
                where.id if isinstance(where, Area) else None,
            )


def _lessons(session: Session, workspace_id: int) -> tuple[defaultdict[str, set[int]], defaultdict[str, set[int]]]:
    """Owner -> tickets that came back from there, and owner -> tickets that have stayed there."""
    wanted = select(Lesson.ticket_id, Lesson.right, Lesson.wrong).where(
        Lesson.workspace_id == workspace_id, Lesson.undone_at.is_(None), Lesson.at > clock.now() - LATELY
    )
    wrong: defaultdict[str, set[int]] = defaultdict(set)
    last: dict[int, str | None] = {}
    rows = session.execute(wanted.order_by(Lesson.id.desc()).limit(MOST_LESSONS)).all()
    for ticket_id, right, mistaken in reversed(rows):
        last[ticket_id] = right
        if mistaken is not None:
            wrong[mistaken].add(ticket_id)
    stayed: defaultdict[str, set[int]] = defaultdict(set)
    for ticket_id, label in last.items():
        if label is not None:
            stayed[label].add(ticket_id)
    return wrong, stayed


def _said(session: Session, ticket_ids: Collection[int], words: Sequence[str]) -> defaultdict[str, set[int]]:
    """Word -> tickets that have it; each text is read once, however many words there are."""
    found: defaultdict[str, set[int]] = defaultdict(set)
    speaking = KeywordMap({"": words})
    for ticket_id, text in documents(session, sorted(ticket_ids)).items() if words else ():
        for match in speaking.matches(text):
            found[match.keyword].add(ticket_id)
    return found


def _end(
    ticket_ids: Sequence[int], ends: Mapping[int, str], areas: Mapping[int, Area], known: Mapping[int, Team], *, but: Area
) -> Area | Team | None:
    """Where most of these went in the end, if more than half went to one place elsewhere."""
    labels = Counter(ends[ticket_id] for ticket_id in ticket_ids if ticket_id in ends)
    if not labels:
        return None
    label, count = min(labels.items(), key=lambda item: (-item[1], item[0]))
    kind, number = owner_of(label)
    place = areas.get(number) if kind == "area" else known.get(number)
    elsewhere = place is not None and (place.team_id if isinstance(place, Area) else place.id) != but.team_id
    return place if elsewhere and count * 2 > len(ticket_ids) else None


def _overloaded(known: Mapping[int, Team], counts: Mapping[int, int]) -> Iterator[Finding]:
    """Open threads a member, compared with what is usual among the teams."""
    burdens = {team.id: counts.get(team.id, 0) / len(team.member_ids) for team in known.values() if team.member_ids}
    usual = median(burdens.values()) if burdens else 0.0
    for team_id, burden in sorted(burdens.items(), key=lambda item: -item[1]):
        if len(burdens) < 2 or burden < HEAVY or burden < TIMES * usual:
            continue
        team = known[team_id]
        light = min((other for other in burdens if other != team_id), key=lambda other: (burdens[other], other))
        text = f"{team.name} has {counts.get(team_id, 0)} open threads, {burden:.0f} a member; usual among the teams is {usual:.0f}."
        proposal = (
            f"Add people to {team.name}, or move one of its areas to another team; {known[light].name} has {burdens[light]:.0f} a member."
        )
        yield Finding(f"overloaded_team:{team_id}", "overloaded_team", text, proposal, team_id=team_id)


def _unmatched(session: Session, brain: Brain, areas: Iterable[Area]) -> Iterator[Finding]:
    """Threads that nobody's words speak for: those words that they share could be somebody's."""
    page = queue.page(session, brain.workspace_id, queue.Filter(), limit=LOOKED_AT)
    choices = brain.choices(session, [row["id"] for row in page], limit=1)
    lost = [row["id"] for row in page if not choices.get(row["id"])]
    if len(lost) < UNMATCHED:
        return
    texts = documents(session, [row["id"] for row in page])
    taken = {word for area in areas for words in (area.keywords, area.added_keywords) for word in words}
    own = [f"{texts[ticket_id].subject}\n{texts[ticket_id].body}" for ticket_id in lost]
    rest = [f"{text.subject}\n{text.body}" for ticket_id, text in texts.items() if ticket_id not in lost]
    words = tuple(word for word in frequent(own, rest) if word not in taken)
    text = f"{len(lost)} threads of the queue match no area."
    if words:
        proposal = f"Words that several of them share: {', '.join(words)}. Give those that fit to an area."
    else:
        proposal = "They share no words. Assign them by hand; what is decided is learnt."
    yield Finding("unmatched_threads", "unmatched_threads", text, proposal, words=words)
