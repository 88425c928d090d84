"""Making and changing calendars. Each act answers how far back it restates figures."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.exc import IntegrityError

from webapp import journal
from webapp.cells.calendars.models import Calendar, CalendarDay, CalendarWeek
from webapp.cells.calendars.questions import one_calendar, plan_of
from webapp.cells.calendars.reach import Reach, new_edition, reach_of_content, restate
from webapp.cells.calendars.rules import (
    MOST_DAYS,
    check_all_seams,
    check_date,
    check_name,
    check_seams,
    check_since,
    check_week,
)
from webapp.cells.calendars.shifts import BEGINNING, OtherDay, Plan, Shift, Week, to_rows
from webapp.cells.calendars.texts import told_all
from webapp.cells.details import NameTaken
from webapp.extensions import db, transaction
from webapp.lib.refusal import Invalid, Stale, WrongState


def add_calendar(name: str, zone: str, shifts: Sequence[Shift], by: str, now: datetime) -> Calendar:
    """Its first week holds for all time before the next; nobody follows it yet."""
    check_name(name, zone)
    check_week(shifts)
    with transaction():
        calendar = Calendar(name=name.strip(), zone=zone)
        calendar.weeks = [CalendarWeek(since=BEGINNING, shifts=to_rows(shifts))]
        _sign(calendar, by, now)
        _keep(calendar)
        journal.record("added calendar", _subject(calendar), by, now, name=name, zone=zone, week=told_all(shifts))
    return calendar


def change_calendar(calendar_id: int, name: str, zone: str, by: str, now: datetime, version: str = "") -> Reach:
    """What it is called, and the zone its wall clock stands in."""
    check_name(name, zone)
    with transaction():
        calendar, before = _opened(calendar_id, version)
        after = replace(before, zone=ZoneInfo(zone))
        was = {"name": calendar.name, "zone": calendar.zone}
        calendar.name, calendar.zone = name.strip(), zone
        _keep(calendar)
        told = {"before": was, "after": {"name": calendar.name, "zone": zone}}
        return _settled(calendar, (before, after), "changed calendar", by, now, **told)


def change_week(
    calendar_id: int, since: date, shifts: Sequence[Shift], by: str, now: datetime, version: str = ""
) -> Reach:
    """The pattern from that local date on, up to the next change there is; a date in the past restates it."""
    check_since(since)
    check_week(shifts)
    with transaction():
        calendar, before = _opened(calendar_id, version)
        after = with_week(before, since, shifts)
        _row_of(calendar, since).shifts = to_rows(shifts)
        was = before.week_on(since).shifts
        told = {"since": since.isoformat(), "before": told_all(was), "after": told_all(shifts)}
        return _settled(calendar, (before, after), "changed week", by, now, **told)


def with_week(plan: Plan, since: date, shifts: Sequence[Shift]) -> Plan:
    after = plan.with_week(Week(since, tuple(shifts)))
    check_all_seams(after)
    return after


def _row_of(calendar: Calendar, since: date) -> CalendarWeek:
    row = next((week for week in calendar.weeks if week.since == since), None)
    if row is None:
        row = CalendarWeek(since=since, shifts=[])
        calendar.weeks.append(row)
    return row


def drop_week(calendar_id: int, since: date, by: str, now: datetime) -> Reach:
    """A change still to come is taken back; one that has begun is history."""
    with transaction():
        calendar, before = _opened(calendar_id)
        row = next((week for week in calendar.weeks if week.since == since), None)
        if row is None or since <= now.astimezone(before.zone).date():
            raise WrongState("Only a change of the week that is still to come can be taken back")
        after = before.without_week(since)
        check_all_seams(after)
        calendar.weeks.remove(row)
        db.session.delete(row)
        return _settled(calendar, (before, after), "took change of week back", by, now, since=since.isoformat())


def set_days(calendar_id: int, days: Mapping[date, OtherDay], by: str, now: datetime, version: str = "") -> Reach:
    """Holidays, or other shifts, of these local dates; what was set for them before is replaced."""
    _check_days(days)
    with transaction():
        calendar, before = _opened(calendar_id, version)
        after = with_days(before, days)
        for row in [row for row in calendar.days if row.day in days]:
            calendar.days.remove(row)
            db.session.delete(row)
        db.session.flush()
        calendar.days += [_row_of_day(day, days[day]) for day in sorted(days)]
        told = {"days": [f"{day} {days[day].name}: {_told(days[day])}" for day in sorted(days)]}
        return _settled(calendar, (before, after), "set days", by, now, **told)


def _row_of_day(day: date, other: OtherDay) -> CalendarDay:
    rows = None if other.shifts is None else to_rows(other.shifts)
    return CalendarDay(day=day, name=other.name.strip(), shifts=rows, extra=other.extra)


def _check_days(days: Mapping[date, OtherDay]) -> None:
    if not days or len(days) > MOST_DAYS:
        raise Invalid(days=f"must be 1 to {MOST_DAYS} dates, such as 2026-12-25")
    for day, other in days.items():
        check_since(day, "days")
        if not other.name.strip() or len(other.name) > 60 or not other.name.isprintable():
            raise Invalid(name="must say what it is in up to 60 characters, such as Christmas Day")
        if other.shifts is not None:
            check_date(other.shifts)


def with_days(plan: Plan, days: Mapping[date, OtherDay]) -> Plan:
    """Raises Invalid where shifts would run into those around them."""
    after = plan.with_days(days)
    check_seams(after, days, "days")
    return after


def _told(other: OtherDay) -> str:
    return ("besides the usual: " if other.extra else "") + told_all(other.shifts or ())


def clear_day(calendar_id: int, day: date, by: str, now: datetime) -> Reach:
    """That date is as every week."""
    with transaction():
        calendar, before = _opened(calendar_id)
        row = next((row for row in calendar.days if row.day == day), None)
        if row is None:
            raise WrongState(f"Nothing is set for {day} any more")
        after = before.without_day(day)
        check_seams(after, [day], "days")
        calendar.days.remove(row)
        db.session.delete(row)
        return _settled(calendar, (before, after), "cleared day", by, now, day=day.isoformat(), name=row.name)


def retire_calendar(calendar_id: int, by: str, now: datetime) -> Calendar:
    """Hidden from choice; cells that follow it go on doing so, and history refers to it."""
    with transaction():
        calendar, plan = _opened(calendar_id)
        if calendar.retired_at is None:
            calendar.retired_at = now
            _settled(calendar, (plan, plan), "retired calendar", by, now)
    return calendar


def restore_calendar(calendar_id: int, by: str, now: datetime) -> Calendar:
    with transaction():
        calendar, plan = _opened(calendar_id)
        if calendar.retired_at is not None:
            calendar.retired_at = None
            _settled(calendar, (plan, plan), "restored calendar", by, now)
    return calendar


def _opened(calendar_id: int, version: str = "") -> tuple[Calendar, Plan]:
    """To be changed by nobody else meanwhile; as it is. version: the one seen, where that matters."""
    new_edition()
    calendar = one_calendar(calendar_id)
    if version and version != calendar.version:
        raise Stale(
            f"{calendar.name} was changed since this page was made",
            changed_by=calendar.changed_by,
            changed_at=calendar.changed_at,
            told=_latest(calendar),
            version=calendar.version,
            values={},
        )
    return calendar, plan_of(calendar_id)


def _latest(calendar: Calendar) -> str:
    """What was done to it last, in words."""
    told = journal.recent(_subject(calendar), limit=1)
    after = told[0].details.get("after") if told else None
    return told[0].verb + (f", now {after}" if isinstance(after, str) else "") if told else ""


def _settled(calendar: Calendar, plans: tuple[Plan, Plan], verb: str, by: str, now: datetime, **details: Any) -> Reach:
    """plans: before and after."""
    reach = reach_of_content(calendar.id, *plans, now)
    _sign(calendar, by, now)
    restate(reach, by, f"{calendar.name}: {verb}", now, calendar.id)
    if reach.window:
        details = {**details, "restates": f"{reach.cells} cells since {reach.window.start:%Y-%m-%d %H:%M} UTC"}
    journal.record(verb, _subject(calendar), by, now, **details)
    return reach


def _sign(calendar: Calendar, by: str, now: datetime) -> None:
    calendar.version, calendar.changed_by, calendar.changed_at = secrets.token_hex(8), by, now
    new_edition()


def _keep(calendar: Calendar) -> None:
    try:
        with db.session.begin_nested():
            db.session.add(calendar)
    except IntegrityError:
        raise NameTaken(name="is taken") from None


def _subject(calendar: Calendar) -> str:
    return f"calendar:{calendar.id}"
