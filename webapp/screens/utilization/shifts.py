"""This shift and the last one as ranges, where the cells asked for follow a calendar."""

from collections.abc import Collection
from datetime import datetime
from zoneinfo import ZoneInfo

from webapp import cells
from webapp.cells import NamedWindow
from webapp.lib.window import Window
from webapp.screens.utilization.ranges import SECOND, Range, Spanning, Spans, stretch_before


def shift_ranges(cell_ids: Collection[int] | None, now: datetime) -> dict[str, Range]:
    """Empty without a calendar; only the last shift while none is on."""
    ids = cells.chosen() if cell_ids is None else cell_ids
    shifts = cells.shift_windows(ids, now)
    ranges = {}
    if shifts.this:
        ranges["shift"] = Range(f"This shift ({shifts.this.name})", "the last shift up to this time", _this(ids))
    if shifts.last:
        ranges["last-shift"] = Range(f"Last shift ({shifts.last.name})", "the shift before it", _last(ids))
    return ranges


def _this(ids: Collection[int]) -> Spanning:
    def spans(now: datetime, zone: ZoneInfo) -> Spans:
        shifts = cells.shift_windows(ids, now)
        assert shifts.this
        window = Window(shifts.this.window.start, max(now, shifts.this.window.start + SECOND))
        return Spans(window, _begun(shifts.last, window))

    return spans


def _last(ids: Collection[int]) -> Spanning:
    def spans(now: datetime, zone: ZoneInfo) -> Spans:
        shift = cells.shift_windows(ids, now).last
        assert shift
        earlier = cells.shift_windows(ids, shift.window.start).last
        return Spans(shift.window, earlier.window if earlier else stretch_before(shift.window))

    return spans


def _begun(shift: NamedWindow | None, window: Window) -> Window:
    """As much of the last shift as there is of this one."""
    if shift is None:
        return stretch_before(window)
    return shift.window.cut(None, shift.window.start + (window.end - window.start)) or shift.window
