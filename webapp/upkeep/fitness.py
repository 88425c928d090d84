"""Whether a cell may be given work, as far as its maintenance goes: asked at every tick, so two statements for all."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import or_, select

from webapp.extensions import db
from webapp.lib.clock import iso
from webapp.upkeep.models import HOUR, Duty, Window

#: Of what falls due later than this nobody warns: no job ends so late.
AHEAD = timedelta(days=31)


@dataclass(frozen=True)
class Fitness:
    """What maintenance has to say of a cell. overdue: why nothing may start; late: what is overdue and only said.

    due, due_at: what falls due first, and when (of run hours: as foreseen). left: seconds it may yet run until a duty
    by hours falls due (left_for); None: there is none soon. window_until: it is being maintained, until then at least.
    """

    overdue: str = ""
    due_at: datetime | None = None
    due: str = ""
    window_until: datetime | None = None
    late: str = ""
    left: int | None = None
    left_for: str = ""


@dataclass(frozen=True)
class Check:
    """refused: why it must not start; warning: what its person ought to know. "": nothing."""

    refused: str = ""
    warning: str = ""


WELL = Check()


def before_work(fitness: Fitness | None, now: datetime, until: datetime | None) -> Check:
    """What maintenance says to work on a cell from now until then (None: nobody knows how long it takes)."""
    if fitness is None:
        return WELL
    if fitness.window_until is not None:
        return Check(refused="It is being maintained")
    if fitness.overdue:
        return Check(refused=fitness.overdue)
    return Check(warning=fitness.late or _due_within(fitness, now, until or now))


def _due_within(fitness: Fitness, now: datetime, until: datetime) -> str:
    """The work itself makes the cell run, so of a duty by hours it counts whole, whatever was foreseen."""
    if fitness.left is not None and now + timedelta(seconds=fitness.left) < until:
        return f"{fitness.left_for} falls due before it ends"
    if fitness.due_at is not None and fitness.due_at < until:
        return f"{fitness.due} falls due before it ends"
    return ""


def fitness(now: datetime) -> dict[int, Fitness]:
    """By cell; one of which maintenance has nothing to say is not here."""
    found: dict[int, Fitness] = {}
    for duty in _duties_near(now):
        found[duty.cell_id] = _with_duty(found.get(duty.cell_id, Fitness()), duty, now)
    for cell_id, ends in _windows_under_way():
        found[cell_id] = replace(found.get(cell_id, Fitness()), window_until=max(ends, now))
    return found


@dataclass(frozen=True)
class _Near:
    """A duty as far as work is concerned."""

    cell_id: int
    name: str
    every_hours: int | None
    run_seconds: int
    due_at: datetime | None
    stops_work: bool

    @property
    def left(self) -> int | None:
        return None if self.every_hours is None else self.every_hours * HOUR - self.run_seconds


def _duties_near(now: datetime) -> Iterable[_Near]:
    columns = (Duty.cell_id, Duty.name, Duty.every_hours, Duty.run_seconds, Duty.due_at, Duty.stops_work)
    hours_left = Duty.every_hours * HOUR - Duty.run_seconds
    near = or_(Duty.due_at < now + AHEAD, hours_left < AHEAD.total_seconds())
    rows = db.session.execute(select(*columns).where(Duty.retired_at.is_(None), near).order_by(Duty.id))
    return [_Near(*row) for row in rows]


def _windows_under_way() -> Iterable[tuple[int, datetime]]:
    going_on = (Window.began_at.is_not(None), Window.done_at.is_(None), Window.cancelled_at.is_(None))
    return [
        (cell_id, ends) for cell_id, ends in db.session.execute(select(Window.cell_id, Window.ends).where(*going_on))
    ]


def _with_duty(fit: Fitness, duty: _Near, now: datetime) -> Fitness:
    if says := _overdue(duty, now):
        return replace(fit, overdue=says) if duty.stops_work else replace(fit, late=says)
    if duty.left is not None and (fit.left is None or duty.left < fit.left):
        fit = replace(fit, left=duty.left, left_for=duty.name)
    if duty.due_at is not None and (fit.due_at is None or duty.due_at < fit.due_at):
        fit = replace(fit, due_at=duty.due_at, due=duty.name)
    return fit


def _overdue(duty: _Near, now: datetime) -> str:
    if duty.left is not None:
        over = -duty.left
        return f"{duty.name} is overdue by {over // HOUR} h {over % HOUR // 60:02} of running" if over >= 0 else ""
    if duty.due_at is None or duty.due_at > now:
        return ""
    return f"{duty.name} is overdue since {(iso(duty.due_at) or '')[:10]}"
