"""What a change of calendars would restate, asked before it is made. Refused where the act would be."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from webapp.cells.calendars.keeping import with_days, with_week
from webapp.cells.calendars.questions import plan_of
from webapp.cells.calendars.reach import Reach, marks_until, reach_of_content, reach_of_use
from webapp.cells.calendars.rules import check_name, check_since, check_week
from webapp.cells.calendars.shifts import OtherDay, Shift, always, marks
from webapp.lib.clock import epoch


def reach_of_zone(calendar_id: int, zone: str, now: datetime) -> Reach:
    check_name("any", zone)
    before = plan_of(calendar_id)
    return reach_of_content(calendar_id, before, replace(before, zone=ZoneInfo(zone)), now)


def reach_of_week(calendar_id: int, since: date, shifts: Sequence[Shift], now: datetime) -> Reach:
    check_since(since)
    check_week(shifts)
    before = plan_of(calendar_id)
    return reach_of_content(calendar_id, before, with_week(before, since, shifts), now)


def reach_of_days(calendar_id: int, days: Mapping[date, OtherDay | None], now: datetime) -> Reach:
    """None: the date becomes as every week again."""
    before = after = plan_of(calendar_id)
    after = with_days(after, {day: other for day, other in days.items() if other})
    for day in [day for day, other in days.items() if other is None]:
        after = after.without_day(day)
    return reach_of_content(calendar_id, before, after, now)


def reach_of_following(cell_ids: Collection[int], calendar_id: int | None, since: datetime, now: datetime) -> Reach:
    """Of giving these cells another calendar from then on."""
    start, end = epoch(since), epoch(now)
    if start >= end:
        return Reach()
    wanted = marks(plan_of(calendar_id), start, end) if calendar_id is not None else always(start)
    return reach_of_use(marks_until(cell_ids, since, now), dict.fromkeys(cell_ids, wanted), start, end)
