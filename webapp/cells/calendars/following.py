"""Which calendar cells follow, and since when."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, select

from webapp import journal
from webapp.cells.calendars.models import Calendar, CalendarUse
from webapp.cells.calendars.questions import Uses, all_calendars, following, one_calendar, uses_of_cells
from webapp.cells.calendars.reach import Reach, marks_until, new_edition, reach_of_use, restate
from webapp.cells.models import Cell
from webapp.extensions import db, transaction
from webapp.lib.clock import epoch, whole
from webapp.lib.refusal import Invalid

#: Nobody plans further ahead: a later date is a slip.
AHEAD = timedelta(days=5 * 366)


def use_calendar(cell_ids: Collection[int], calendar_id: int | None, since: datetime, by: str, now: datetime) -> Reach:
    """From then on these cells follow it (None: no calendar), whatever was chosen for them from later on."""
    since = whole(since)
    with transaction():
        new_edition()
        chosen, calendar = _checked(cell_ids, calendar_id, since, now)
        names, uses = {one.id: one.name for one in all_calendars(retired=True)}, uses_of_cells()
        ids = [cell.id for cell in chosen]
        before = marks_until(ids, since, now)
        _follow(ids, uses, calendar_id, since)
        new_edition()
        reach = reach_of_use(before, marks_until(ids, since, now), epoch(since), epoch(now))
        called = calendar.name if calendar else "no calendar"
        restate(reach, by, f"{called} for {_listed(chosen)}", now, calendar_id)
        for cell in chosen:
            was = following(uses.get(cell.id, ()), epoch(since))
            told = {"before": names.get(was or 0, "no calendar"), "after": called, "since": since.isoformat()}
            journal.record("set calendar", f"cell:{cell.id}", by, now, **told)
    return reach


def _checked(
    cell_ids: Collection[int], calendar_id: int | None, since: datetime, now: datetime
) -> tuple[Sequence[Cell], Calendar | None]:
    calendar = one_calendar(calendar_id) if calendar_id is not None else None
    chosen = db.session.scalars(select(Cell).where(Cell.id.in_(cell_ids)).order_by(Cell.name)).all()
    wrong = {}
    if not chosen or len(chosen) != len(set(cell_ids)):
        wrong["cells"] = "must be at least one of the cells"
    if not 0 <= epoch(since) <= epoch(now + AHEAD):
        wrong["since"] = "must lie between 1970 and five years from now"
    if calendar and calendar.retired_at:
        wrong["calendar"] = "must be one in use; this one is retired"
    if wrong:
        raise Invalid(**wrong)
    return chosen, calendar


def _follow(cell_ids: Collection[int], uses: Mapping[int, Uses], calendar_id: int | None, since: datetime) -> None:
    """A row only where it says something new."""
    later = delete(CalendarUse).where(CalendarUse.cell_id.in_(cell_ids), CalendarUse.since >= since)
    db.session.execute(later)
    changing = [id for id in cell_ids if following(uses.get(id, ()), epoch(since) - 1) != calendar_id]
    db.session.add_all(CalendarUse(cell_id=id, since=since, calendar_id=calendar_id) for id in changing)
    db.session.flush()


def _listed(chosen: Sequence[Cell]) -> str:
    names = [cell.name for cell in chosen]
    return ", ".join(names[:6]) + (f" and {len(names) - 6} more" if len(names) > 6 else "")
