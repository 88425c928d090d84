"""Shifts as people write and read them: 22:00 to 06:00, breaks 02:00-02:30. Pure.

A time past midnight is written as the clock shows it, or counted on: 06:00 of the next day is 30:00 as well.
"""

import re
from collections.abc import Sequence
from datetime import date

from webapp.cells.calendars.shifts import Shift
from webapp.cells.calendars.wall_clock import DAY
from webapp.lib.refusal import Invalid

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_TIME = re.compile(r"(\d{1,2}):(\d{2})", re.ASCII)
_STRETCH = re.compile(r"\s*(\S+?)\s*(?:-|–|to)\s*(\S+)\s*", re.ASCII)
_LINE = re.compile(r"([^:]{0,60}?)\s*\b(\d{1,2}:\d{2})\s*[-–]\s*(\d{1,2}:\d{2})\s*(?:\((.{0,200})\))?", re.ASCII)
_LONG_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def read_shift(name: str, start: str, end: str, breaks: str = "", days: Sequence[int] = ()) -> Shift:
    """Raises Invalid for what cannot be read; whether such a shift may be is for shift_rules to say."""
    wrong: dict[str, str] = {}
    begins, ends = _time(start, DAY), _time(end, 2 * DAY + 1)
    if begins is None:
        wrong["start"] = "must be a time from 00:00 to 23:59, such as 06:00"
    if ends is None:
        wrong["end"] = "must be a time such as 14:00; past midnight 06:00 or 30:00"
    pauses = _stretches(breaks)
    if pauses is None:
        wrong["breaks"] = "must be stretches such as 09:00-09:15, 12:00-12:30"
    if begins is None or ends is None or pauses is None:
        raise Invalid(**wrong)
    ends += DAY if ends < begins else 0
    inside = tuple(sorted(_after(begins, pause) for pause in pauses))
    return Shift(name.strip(), begins, ends, inside, tuple(sorted(set(days))))


def read_line(text: str) -> Shift:
    """A shift of one date: Early 06:00-14:00 (09:00-09:15). Raises Invalid as read_shift does, or naming the line."""
    found = _LINE.fullmatch(text.strip())
    if found is None:
        raise Invalid(line="must be such as Early 06:00-14:00 (09:00-09:15)")
    return read_shift(found[1] or "Shift", found[2], found[3], found[4] or "")


def _time(text: str, under: int) -> int | None:
    found = _TIME.fullmatch(text.strip())
    minutes = int(found[1]) * 60 + int(found[2]) if found and int(found[2]) < 60 else None
    return minutes if minutes is not None and minutes < under else None


def _stretches(text: str) -> list[tuple[int, int]] | None:
    found = [_STRETCH.fullmatch(part) for part in re.split(r"[,;\n]", text) if part.strip()]
    read = [(_time(one[1], 2 * DAY), _time(one[2], 2 * DAY + 1)) if one else (None, None) for one in found]
    known = [(start, end) for start, end in read if start is not None and end is not None]
    return known if len(known) == len(read) else None


def _after(begins: int, pause: tuple[int, int]) -> tuple[int, int]:
    """On the clock's next round, where the shift begins later than that."""
    start, end = pause
    start += DAY if start < begins else 0
    return start, end + (DAY if end < start else 0)


def shown(minutes: int) -> str:
    """As the clock shows it; a full day after the start stays 24:00 or more."""
    return f"{minutes // 60:02}:{minutes % 60:02}"


def on_clock(minutes: int) -> str:
    return shown(minutes if minutes == DAY else minutes % DAY)


def end_text(shift: Shift) -> str:
    """So that it is read again as the same."""
    return shown(shift.end) if shift.end - shift.start >= DAY or shift.end == DAY else on_clock(shift.end)


def breaks_text(shift: Shift) -> str:
    return ", ".join(f"{on_clock(start)}-{on_clock(end)}" for start, end in shift.breaks)


def days_text(days: Sequence[int]) -> str:
    """Mon–Fri; Mon, Wed, Sat–Sun."""
    runs: list[list[int]] = []
    for day in sorted(days):
        if runs and runs[-1][-1] == day - 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    return ", ".join(WEEKDAYS[run[0]] if len(run) == 1 else f"{WEEKDAYS[run[0]]}–{WEEKDAYS[run[-1]]}" for run in runs)


def told(shift: Shift) -> str:
    """Early Mon–Fri 06:00–14:00 (09:00-09:15)."""
    days = f"{days_text(shift.days)} " if shift.days else ""
    breaks = f" ({breaks_text(shift)})" if shift.breaks else ""
    return f"{shift.name} {days}{on_clock(shift.start)}–{end_text(shift)}{breaks}"


def told_all(shifts: Sequence[Shift]) -> str:
    return "; ".join(map(told, shifts)) or "no shifts"


def read_date(text: str, field: str) -> date:
    """Raises Invalid naming the field."""
    try:
        if not _LONG_DATE.fullmatch(text.strip()):
            raise ValueError(text)
        return date.fromisoformat(text.strip())
    except ValueError:
        raise Invalid(**{field: "must be a date that exists, such as 2026-03-02"}) from None
