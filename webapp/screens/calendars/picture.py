"""A week, or a run of days, as rows of 24 hours: shifts are bars with their names, breaks are gaps. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from webapp import cells
from webapp.cells import Plan, Shift

DAY = 1440
#: Per cent of a row below which a name would not fit its bar.
ROOM = 9.0


@dataclass(frozen=True)
class Bar:
    """x, width: per cent of the row; gaps: its breaks, as per cent of the row."""

    name: str
    x: float
    width: float
    gaps: list[tuple[float, float]]
    words: str

    @property
    def shown(self) -> str:
        return self.name if self.width >= ROOM else ""


@dataclass(frozen=True)
class Row:
    """A day. minutes: scheduled of it by the clock on the wall; now: where the present lies, per cent."""

    label: str
    note: str = ""
    bars: list[Bar] = field(default_factory=list)
    minutes: int = 0
    now: float | None = None
    today: bool = False

    @property
    def words(self) -> str:
        return f"{self.label}: " + (", ".join(bar.words for bar in self.bars) or "no shifts")


def week(shifts: Sequence[Shift], local: datetime | None = None) -> list[Row]:
    """Monday to Sunday; Sunday's night ends on Monday. local: the present, where it is to be marked."""
    days = [[shift for shift in shifts if day in shift.days] for day in range(7)]
    here = local.weekday() if local else None
    return [
        _row(label, "", days[n - 1], days[n], local if n == here else None)
        for n, label in enumerate(("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"))
    ]


def coming(plan: Plan, local: datetime, count: int) -> list[Row]:
    """The days from today on, as they are planned."""
    days = [local.date() + timedelta(days=n) for n in range(count)]
    return [_dated(plan, day, local if day == local.date() else None) for day in days]


def _dated(plan: Plan, day: date, local: datetime | None) -> Row:
    other = plan.days.get(day)
    changed = any(week.since == day for week in plan.weeks[1:])
    note = other.name if other else "New week pattern" if changed else ""
    before = plan.shifts_on(day - timedelta(days=1))
    return _row(f"{day:%a} {day.day} {day:%b}", note, before, plan.shifts_on(day), local)


def _row(label: str, note: str, before: Sequence[Shift], own: Sequence[Shift], local: datetime | None) -> Row:
    night = [_bar(shift, -DAY) for shift in before if shift.end > DAY]
    bars = [*night, *(_bar(shift, 0) for shift in own)]
    now = round(100 * (local.hour * 60 + local.minute) / DAY, 2) if local else None
    return Row(label, note, bars, sum(_inside(bar) for bar in bars), now, local is not None)


def _bar(shift: Shift, offset: int) -> Bar:
    x, width = _cut(shift.start + offset, shift.end + offset)
    gaps = [_cut(start + offset, end + offset) for start, end in shift.breaks]
    return Bar(shift.name, x, width, [gap for gap in gaps if gap[1]], _words(shift))


def _words(shift: Shift) -> str:
    breaks = cells.breaks_text(shift)
    return cells.told_all([Shift(shift.name, shift.start, shift.end)]) + (f", breaks {breaks}" if breaks else "")


def _cut(start: int, end: int) -> tuple[float, float]:
    low, high = max(0, start), min(DAY, end)
    return round(100 * low / DAY, 3), round(100 * max(0, high - low) / DAY, 3)


def _inside(bar: Bar) -> int:
    return round(bar.width * DAY / 100)
