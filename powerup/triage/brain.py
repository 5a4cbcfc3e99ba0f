"""What this process has learnt of a workspace: whose threads are whose, and which are alike.

A model is a fold over rows (`lessons`, `tickets`, `links`), so that several processes agree without telling one another: before
each answer it reads what was added since. A long history is read in the background; until then keywords alone speak.
"""

import threading
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from sqlalchemy import Select, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from powerup.db.engine import Database
from powerup.links.models import Link
from powerup.suggest.document import Document
from powerup.suggest.everyday import is_everyday
from powerup.suggest.keywords import KeywordMap
from powerup.suggest.owners import OwnerModel, Suggestion
from powerup.suggest.similar import Similar, SimilarIndex
from powerup.teams import queries as teams
from powerup.teams.models import Area, Team
from powerup.tickets.models import Ticket
from powerup.triage.choosing import weigh, without
from powerup.triage.documents import documents
from powerup.triage.lessons import given_back
from powerup.triage.models import Lesson

Row = TypeVar("Row", Lesson, Ticket, Link)

MOST_LESSONS = 10_000
"""Newest lessons that are learnt at the start."""
MOST_THREADS = 15_000
"""Newest threads that are compared."""
AT_ONCE = 200
"""Rows that are read while somebody waits; more are read in the background."""
WORTH_A_LOOK = -0.25
"""Score from which a thread is shown as similar: below it, a small workspace's threads share little but everyday words."""
FEW = 50
"""Lessons that are learnt anew while somebody waits."""
LATE = 100
"""Rows that are looked at again: of two transactions the one with the smaller id may commit last."""


_BLANK = OwnerModel()
"""Has learnt nothing: asked with keywords, it says what they alone say."""


@dataclass(frozen=True, slots=True)
class Map:
    """Who owns what now, as the models name it."""

    keywords: KeywordMap
    owners: Mapping[str, Team]
    """`area:7` or `team:3` -> the team, for teams that can be given threads."""
    areas: Mapping[str, Area]

    @classmethod
    def read(cls, session: Session, workspace_id: int) -> "Map":
        """From the tables."""
        able = {team.id: team for team in teams.ready(session, workspace_id)}
        here = {f"area:{area.id}": area for area in teams.areas(session, workspace_id) if area.team_id in able}
        owners = {label: able[area.team_id] for label, area in here.items()} | {f"team:{one.id}": one for one in able.values()}
        words = {label: [*area.keywords, *area.added_keywords, area.name] for label, area in here.items()}
        return cls(KeywordMap(words), owners, here)


@dataclass(frozen=True, slots=True)
class TeamChoice:
    """A team that a thread may belong to."""

    team: Team
    area: Area | None
    """The team's area that it is most probably about."""
    share: float
    """0 to 1; over all teams they sum to at most 1."""
    suggestion: Suggestion | None
    """With the words that speak for it."""


@dataclass
class Brain:
    """One workspace's models; safe to share between threads."""

    database: Database
    workspace_id: int
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _owners: OwnerModel = field(default_factory=OwnerModel)
    _similar: SimilarIndex = field(default_factory=SimilarIndex)
    _lessons: set[int] = field(default_factory=set)
    _corrections: int = 0
    _threads: dict[int, str] = field(default_factory=dict)
    _links: set[int] = field(default_factory=set)
    _first: dict[int, int] = field(default_factory=dict)
    """Card -> the first ticket on it: those that follow are the same problem."""
    _reading: threading.Thread | None = None
    _whole: bool = False

    def choices(self, session: Session, ticket_ids: Sequence[int], *, limit: int = 3) -> dict[int, list[TeamChoice]]:
        """For each ticket the teams that it may belong to, best first; empty where nothing speaks for any."""
        now = Map.read(session, self.workspace_id)
        known = documents(session, ticket_ids)
        refused = given_back(session, ticket_ids)
        self.catch_up(session)
        with self._lock:
            return {ticket_id: self._choose(document, now, refused.get(ticket_id, ()), limit) for ticket_id, document in known.items()}

    def alike(self, session: Session, ticket_id: int, *, limit: int = 10) -> list[Similar]:
        """Earlier and later threads that resemble this one, best first; their keys are ticket ids."""
        known = documents(session, [ticket_id])
        self.catch_up(session)
        with self._lock:
            found = self._similar.similar(known[ticket_id], limit=limit, exclude=[ticket_id]) if ticket_id in known else []
        return [each for each in found if each.score >= WORTH_A_LOOK and sum(not is_everyday(word) for word in each.words) > 1]

    def catch_up(self, session: Session) -> None:
        """Read what was added since; at the first time, and when it is much, in the background."""
        if not self._whole and self._is_much(session):
            self._read_in_background()
            return
        if self._was_undone(session):
            self._learn_anew()
        with self._lock:
            self._read(session)
            self._whole = True

    @property
    def is_behind(self) -> bool:
        """Whether a long history is still being read in the background."""
        reading = self._reading
        return reading is not None and reading.is_alive()

    def wait(self, seconds: float) -> bool:
        """Until the background reading is done; for tests and the worker."""
        reading = self._reading
        if reading is not None:
            reading.join(seconds)
        return self._whole

    def _choose(self, document: Document, now: Map, refused: Collection[str], limit: int) -> list[TeamChoice]:
        by_keywords = _BLANK.suggest(document, owners=now.owners.keys(), keywords=now.keywords, limit=len(now.owners))
        learnt = self._owners.suggest(document, owners=now.owners.keys(), limit=len(now.owners))
        found = weigh(by_keywords, learnt, lessons=len(self._lessons), corrections=self._corrections)
        gave_back = {now.owners[label].id for label in refused if label in now.owners}
        found = without(found, frozenset(label for label, team in now.owners.items() if team.id in gave_back))
        best: dict[int, TeamChoice] = {}
        for one in found:
            team, area = now.owners[one.owner], now.areas.get(one.owner)
            first = best.get(team.id)
            if first is None:
                best[team.id] = TeamChoice(team, area, one.share, one)
            else:
                best[team.id] = TeamChoice(team, first.area or area, first.share + one.share, first.suggestion)
        return sorted(best.values(), key=lambda choice: -choice.share)[:limit]

    def _is_much(self, session: Session) -> bool:
        lessons = select(func.count()).where(Lesson.workspace_id == self.workspace_id)
        threads = select(func.count()).where(Ticket.workspace_id == self.workspace_id)
        return (session.scalar(lessons) or 0) + (session.scalar(threads) or 0) > AT_ONCE

    def _was_undone(self, session: Session) -> bool:
        """Whether a lesson that was learnt here has been taken back since."""
        lately = max(self._lessons, default=0) - AT_ONCE
        undone = select(Lesson.id).where(Lesson.workspace_id == self.workspace_id, Lesson.id > lately, Lesson.undone_at.is_not(None))
        return not self._lessons.isdisjoint(session.scalars(undone))

    def _learn_anew(self) -> None:
        """A model cannot forget one lesson: a new one learns all the others."""
        if len(self._lessons) > FEW:
            self._read_in_background()
            return
        with self._lock:
            self._owners, self._lessons, self._corrections = OwnerModel(), set(), 0

    def _read_in_background(self) -> None:
        with self._lock:
            if self._reading is not None and self._reading.is_alive():
                return
            self._reading = threading.Thread(target=self._read_all, name=f"brain:{self.workspace_id}", daemon=True)
            self._reading.start()

    def _read_all(self) -> None:
        fresh = Brain(self.database, self.workspace_id)
        with self.database.read() as session:
            fresh._read(session)
        with self._lock:
            for name in ("_owners", "_corrections", "_similar", "_lessons", "_threads", "_links", "_first"):
                setattr(self, name, getattr(fresh, name))
            self._whole = True

    def _read(self, session: Session) -> None:
        self._learn(session)
        self._compare(session)
        self._join(session)

    def _learn(self, session: Session) -> None:
        wanted = select(Lesson).where(Lesson.workspace_id == self.workspace_id, Lesson.undone_at.is_(None))
        new = _newest(session, wanted, Lesson.id, self._lessons, MOST_LESSONS)
        known = documents(session, [lesson.ticket_id for lesson in new])
        for lesson in new:
            self._lessons.add(lesson.id)
            document = known[lesson.ticket_id]
            if lesson.right is not None and lesson.wrong is not None:
                self._owners.correct(document, lesson.wrong, lesson.right)
                self._corrections += 1
            elif lesson.right is not None:
                self._owners.learn(document, lesson.right)

    def _compare(self, session: Session) -> None:
        wanted = select(Ticket).where(Ticket.workspace_id == self.workspace_id)
        new = _newest(session, wanted, Ticket.id, self._threads.keys(), MOST_THREADS)
        known = documents(session, [ticket.id for ticket in new])
        for ticket in new:
            self._threads[ticket.id] = ticket.subject
            self._similar.add(ticket.id, known[ticket.id], ticket.created_at)

    def _join(self, session: Session) -> None:
        wanted = select(Link).where(Link.workspace_id == self.workspace_id, Link.ended_at.is_(None))
        for link in _newest(session, wanted, Link.id, self._links, MOST_THREADS):
            self._links.add(link.id)
            first = self._first.setdefault(link.card_id, link.ticket_id)
            if first != link.ticket_id:
                self._similar.join(link.ticket_id, first)


class Brains:
    """The brains of an installation's workspaces, made when first asked for."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = threading.Lock()
        self._brains: dict[int, Brain] = {}

    def of(self, workspace_id: int) -> Brain:
        """This workspace's."""
        with self._lock:
            return self._brains.setdefault(workspace_id, Brain(self._database, workspace_id))


def _newest(session: Session, wanted: Select[Row], column: InstrumentedAttribute[int], known: Collection[int], most: int) -> list[Row]:
    """Rows that are not known yet, oldest first."""
    since = max(known, default=0) - LATE
    found = session.scalars(wanted.where(column > since).order_by(column.desc()).limit(most))
    return [row for row in found if row.id not in known][::-1]
