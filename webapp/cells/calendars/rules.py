"""What a calendar may hold. Pure: each rule says what would be legal, at the field it is about."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import pairwise

from webapp.cells.calendars.shifts import BEGINNING, Plan, Shift
from webapp.cells.calendars.texts import WEEKDAYS, on_clock, shown
from webapp.cells.calendars.wall_clock import DAY, is_zone
from webapp.lib.refusal import Invalid

WEEK = 7 * DAY
MOST_SHIFTS, MOST_BREAKS, MOST_DAYS = 40, 12, 400
#: Past this nobody plans: a later year is a slip.
LATEST = date(2199, 12, 31)


def check_name(name: str, zone: str) -> None:
    wrong = {}
    if not _is_word(name, 60):
        wrong["name"] = "must be 1 to 60 characters on one line, such as Two shifts"
    if not is_zone(zone):
        wrong["zone"] = "must be a zone name such as Europe/Berlin"
    if wrong:
        raise Invalid(**wrong)


def check_week(shifts: Sequence[Shift]) -> None:
    """Raise Invalid naming each field that cannot be, as shifts-0-end: of the first shift its end."""
    wrong = dict(_wrong_shifts(shifts))
    wrong |= {f"shifts-{n}-days": "must be at least one day" for n, shift in enumerate(shifts) if not _on_days(shift)}
    _refuse(wrong or _overlaps(shifts))


def check_date(shifts: Sequence[Shift]) -> None:
    """The same for the shifts of one date."""
    _refuse(dict(_wrong_shifts(shifts)) or _overlaps([replace(s, days=()) for s in shifts], around=False))


def check_since(day: date, field: str = "since") -> None:
    if not BEGINNING <= day <= LATEST:
        raise Invalid(**{field: f"must lie between {BEGINNING} and {LATEST}"})


def check_seams(plan: Plan, days: Iterable[date], field: str) -> None:
    """Where one pattern or one date meets the next, no shift may run into another."""
    for day in sorted({one + timedelta(days=n) for one in days for n in (-1, 0, 1)}):
        begun = [(n * DAY, shift) for n in (-1, 0) for shift in plan.shifts_on(day + timedelta(days=n))]
        for (low, shift), (high, following) in pairwise(begun):
            if low + shift.end > high + following.start:
                raise Invalid(**{field: _seam(day, shift, following)})


def check_all_seams(plan: Plan) -> None:
    """After a change of its weeks, which every date that differs may now run into."""
    check_seams(plan, [*(week.since for week in plan.weeks), *plan.days], "since")


def _seam(day: date, shift: Shift, following: Shift) -> str:
    until, begins = on_clock(shift.end), on_clock(following.start)
    return f"cannot be: {shift.name} runs until {until} on {day}, when {following.name} has begun at {begins}"


def _refuse(wrong: dict[str, str]) -> None:
    if wrong:
        raise Invalid(**wrong)


def _wrong_shifts(shifts: Sequence[Shift]) -> Iterator[tuple[str, str]]:
    if len(shifts) > MOST_SHIFTS:
        yield "shifts", f"must be up to {MOST_SHIFTS}"
    for n, shift in enumerate(shifts):
        yield from ((f"shifts-{n}-{field}", says) for field, says in _wrong(shift))


def _wrong(shift: Shift) -> Iterator[tuple[str, str]]:
    if not _is_word(shift.name, 20):
        yield "name", "must be 1 to 20 characters, such as Early"
    if not 0 <= shift.start < DAY:
        yield "start", "must be a time from 00:00 to 23:59, such as 06:00"
    elif shift.end <= shift.start:
        full = shown(shift.start + DAY)
        yield "end", f"must be later than its start; round the clock is {on_clock(shift.start)} to {full}"
    elif shift.end > shift.start + DAY:
        yield "end", f"must be at most 24 hours after its start: up to {shown(shift.start + DAY)}"
    elif says := _wrong_breaks(shift):
        yield "breaks", says


def _wrong_breaks(shift: Shift) -> str:
    if len(shift.breaks) > MOST_BREAKS:
        return f"must be up to {MOST_BREAKS}"
    for start, end in shift.breaks:
        if not shift.start <= start < end <= shift.end:
            return f"must lie inside the shift, {on_clock(shift.start)} to {on_clock(shift.end)}, each ending later"
    for (start, end), (following, _) in pairwise(shift.breaks):
        if following < end:
            return f"must not overlap: {on_clock(start)}-{on_clock(end)} is not over at {on_clock(following)}"
    return ""


def _on_days(shift: Shift) -> bool:
    return bool(shift.days) and all(day in range(7) for day in shift.days)


@dataclass(frozen=True, order=True)
class _Begun:
    """A shift on one day, in minutes of the week; number: its place among those entered."""

    start: int
    end: int
    number: int
    shift: Shift = field(compare=False)

    @property
    def on(self) -> str:
        return f"on {WEEKDAYS[self.start // DAY % 7]} " if self.shift.days else ""


def _begun(shifts: Sequence[Shift]) -> list[_Begun]:
    return sorted(
        _Begun(day * DAY + shift.start, day * DAY + shift.end, n, shift)
        for n, shift in enumerate(shifts)
        for day in shift.days or (0,)
    )


def _overlaps(shifts: Sequence[Shift], around: bool = True) -> dict[str, str]:
    """Where a shift begins before another is over, told once. around: Sunday's last one meets Monday's first."""
    begun, wrong = _begun(shifts), dict[str, str]()
    after = [replace(one, start=one.start + WEEK, end=one.end + WEEK) for one in begun[:1]] if around else []
    for one, following in pairwise([*begun, *after]):
        if following.start < one.end:
            wrong.setdefault(f"shifts-{max(one.number, following.number)}-start", _clash(one.shift, following))
    return wrong


def _clash(shift: Shift, following: _Begun) -> str:
    return (
        f"must not overlap another shift: {following.on}{following.shift.name} begins at "
        f"{on_clock(following.shift.start)}, before {shift.name} ends at {on_clock(shift.end)}"
    )


def _is_word(text: str, longest: int) -> bool:
    return bool(text.strip()) and len(text) <= longest and text.isprintable()
