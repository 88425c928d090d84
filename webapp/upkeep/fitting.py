"""Whether a window lies free, and where it would fit best."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from webapp import cells
from webapp.cells import Booking
from webapp.lib.clock import epoch, iso, moment
from webapp.lib.refusal import Refusal
from webapp.lib.stretches import Stretch, without
from webapp.upkeep.gaps import best_gap, first_gap
from webapp.upkeep.lanes import Lane, lanes
from webapp.upkeep.models import Duty

#: So far ahead a gap is looked for.
LOOK = timedelta(days=60)
#: What is foreseen may come sooner: maintenance by run hours is to be over in this part of the time that is left.
MARGIN = 0.9


@dataclass(frozen=True)
class Gap:
    """Free time of a cell, long enough. in_time: over before the duty falls due."""

    start: datetime
    end: datetime
    in_time: bool = True


class LaneTaken(Refusal):
    """Somebody else has booked the cell for some of that time; details name whom, and the next gap."""

    code = "RULE_VIOLATION"
    status = 400


def check_free(cell_id: int, start: datetime, end: datetime, what: str = "") -> None:
    """Raises LaneTaken. what: whose own booking is no hindrance. The caller holds the lane."""
    in_the_way = [one for one in cells.bookings(start, end, [cell_id]) if one.what != what]
    if in_the_way:
        raise _taken(in_the_way[0], next_gap(cell_id, start, end - start, what))


def _taken(by: Booking, gap: Gap | None) -> LaneTaken:
    return LaneTaken(
        f"{by.label or by.what} has booked this cell for some of that time",
        rule="R2" if by.kind == "operation" else "R4",
        conflicts_with=by.label or by.what,
        conflict_start=iso(by.starts),
        conflict_end=iso(by.ends),
        earliest_start=iso(gap.start) if gap else None,
        earliest_end=iso(gap.end) if gap else None,
    )


def next_gap(cell_id: int, start: datetime, length: timedelta, what: str = "") -> Gap | None:
    """The first free stretch of that length from then on; in time when somebody is there, where the cell has a
    calendar."""
    lane = _lane(cell_id, start, length)
    found = first_gap(without(lane.staffed, lane.booked(but=what)), _seconds(length), epoch(start))
    return Gap(moment(found[0]), moment(found[1])) if found else None


def gap_for(duty: Duty, now: datetime, lane: Lane | None = None) -> Gap | None:
    """Where its maintenance disturbs least before it falls due; else as soon as possible."""
    lane = lane or _lane(duty.cell_id, now, duty.length)
    before = _over_by(duty, now)
    found = best_gap(without(lane.staffed, lane.booked()), _seconds(duty.length), before)
    return _told(found, before) if found else None


def _told(found: Stretch, before: int | None) -> Gap:
    return Gap(moment(found[0]), moment(found[1]), in_time=before is None or found[1] <= before)


def _over_by(duty: Duty, now: datetime) -> int | None:
    """None where it is overdue already, or nobody can say when it will be due."""
    if duty.due_at is None or duty.is_overdue(now):
        return None
    left = duty.due_at - now
    return epoch(now + left * MARGIN) if duty.by_hours else epoch(duty.due_at)


def _lane(cell_id: int, start: datetime, length: timedelta) -> Lane:
    return lanes([cell_id], epoch(start), epoch(start + LOOK + length))[cell_id]


def _seconds(length: timedelta) -> int:
    return int(length.total_seconds())
