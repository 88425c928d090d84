"""How all cells are just now, as the rules want to see them."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from webapp import cells, upkeep
from webapp.cells import Booking, Cell, Claim, Standing
from webapp.extensions import db
from webapp.lib.clock import epoch, moment
from webapp.lib.names import label_of
from webapp.projects.models import Pace
from webapp.projects.rules import Candidate, Scene
from webapp.upkeep import Fitness

WORKING = ("running", "setup")


def look(now: datetime, period: int) -> Scene:
    """period: seconds between two samples."""
    return scene_of(cells.standings(now, period).values(), now, period)


def scene_of(standings: Iterable[Standing], now: datetime, period: int) -> Scene:
    """Plain values: nothing in it is read again from the database."""
    known = _known()
    ahead, fitness = cells.next_bookings(now), upkeep.fitness(now)
    by_name = sorted(standings, key=lambda standing: standing.cell.name)
    plain = (_candidate(standing, known, now, period) for standing in by_name)
    return Scene(_with_plan(cell, ahead.get(cell.cell_id), fitness.get(cell.cell_id), now) for cell in plain)


@dataclass(frozen=True)
class Last:
    """A cell's newest claim. closed None: it is open."""

    closed: datetime | None
    fence: int


@dataclass(frozen=True)
class _Known:
    """What was read of all cells. called: what holders are called; paces: seconds by cell."""

    last: dict[int, Last]
    paces: dict[int, int]
    called: dict[str, str]


def _known() -> _Known:
    paces = {pace.cell_id: pace.median for pace in db.session.scalars(select(Pace))}
    return _Known(_last_claims(), paces, cells.holders_called())


def _last_claims() -> dict[int, Last]:
    """What only skips fences is left out: beside it a job that was forgotten by a restored backup would look old."""
    any_claim = aliased(Claim)
    of_cell = (any_claim.cell_id == Cell.id, any_claim.what != cells.RESTORED)
    newest = select(func.max(any_claim.fence)).where(*of_cell).correlate(Cell).scalar_subquery()
    every = select(Claim.cell_id, Claim.closed, Claim.fence).join(Cell, Cell.id == Claim.cell_id)
    rows = db.session.execute(every.where(Claim.fence == newest))
    return {cell_id: Last(closed, fence) for cell_id, closed, fence in rows}


def _candidate(standing: Standing, known: _Known, now: datetime, period: int) -> Candidate:
    cell, claim, last = standing.cell, standing.claim, known.last.get(standing.cell.id)
    refusing = cell.refused_until is not None and cell.refused_until > now
    over = [last.closed] if last and last.closed else []
    return Candidate(
        cell_id=cell.id,
        name=cell.name,
        kind=cell.kind,
        idle_since=max([standing.since, *over]),
        tags=frozenset(cell.tags),
        in_service=cell.in_service_from <= now and (cell.in_service_to is None or cell.in_service_to > now),
        takes_projects="project" in cell.takes and bool(cell.feeds),
        mode=cell.mode,
        mode_why=cell.mode_why,
        state=standing.state,
        detail=standing.detail,
        taken=f"{label_of(claim.what, known.called)} has it" if claim else "",
        own_work=claim is None and _works_alone(standing, last, period),
        refused_until=cell.refused_until if refusing else None,
        refused_why=cell.refused_why,
        pace=known.paces.get(cell.id),
    )


def _with_plan(cell: Candidate, ahead: Booking | None, fitness: Fitness | None, now: datetime) -> Candidate:
    """With what is planned there, and what maintenance says to work that begins now."""
    unfit = upkeep.before_work(fitness, now, None).refused
    if ahead is None:
        return replace(cell, unfit=unfit)
    begins = max(0, epoch(ahead.starts) - epoch(now))
    label = ahead.label or ahead.kind
    return replace(cell, unfit=unfit, booked_by=label, booked_in=begins, booked_until=ahead.ends)


def _works_alone(standing: Standing, last: Last | None, period: int) -> bool:
    """It runs or is set up without a claim. What was seen before its last claim ended says nothing about now, nor
    does the job of an earlier claim: the next order replaces that."""
    if standing.state not in WORKING:
        return False
    if last is None or last.closed is None:
        return True
    if standing.job and standing.job["fence"] <= last.fence:
        return False
    return _sampled_at(standing, period) > last.closed


def _sampled_at(standing: Standing, period: int) -> datetime:
    """The slot whose sample this is: a sample of 10:00:05 is good up to 10:00:10."""
    if standing.seen is None:
        return standing.since
    return moment((epoch(standing.seen) - 1) // period * period)
