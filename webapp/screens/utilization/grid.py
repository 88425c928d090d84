"""Where the columns of the map and the points of the day chart begin and end. Pure.

No more of them than a screen shows: a long time is cut more coarsely.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from webapp.lib.window import Window
from webapp.screens.times import day_edges, hour_edges, midnight

HOURLY_UP_TO = 49 * 3600  # seconds: a longer window is mapped by days
MOST_COLUMNS = 62
LEAST_DAYS, MOST_POINTS = 14, 100
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Grid:
    """title: what the map is called; form: how a column is named."""

    edges: list[datetime]
    title: str
    form: str


def map_grid(window: Window, cut: Window, begun: datetime, zone: ZoneInfo, hours: bool = True) -> Grid:
    """By hour, by day, or by several days. begun: no cell was there before, so nothing is drawn of it.

    hours: whether less than days is known of it.
    """
    if hours and window.seconds <= HOURLY_UP_TO:
        return Grid(hour_edges(cut, zone), "By hour", "%a %H:%M")
    if cut.seconds <= MOST_COLUMNS * 86_400:
        return Grid(day_edges(cut, zone), "By day and cell", "%-d %b")
    known = cut.cut(begun, None) or cut
    every = -(-known.seconds // (MOST_COLUMNS * 86_400))
    title = f"By {every} days and cell" if every > 1 else "By day and cell"
    form = "%-d %b" if known.seconds < 365 * 86_400 else "%-d %b %y"
    return Grid(day_edges(known, zone, every), title, form)


def column_names(edges: list[datetime], form: str, zone: ZoneInfo) -> list[str]:
    """Each once: the hour that comes twice in autumn would be one category to the chart."""
    names: list[str] = []
    for start in edges:
        name = start.astimezone(zone).strftime(form)
        while name in names:
            name += " "
        names.append(name)
    return names


@dataclass(frozen=True)
class Days:
    """Local days, or every few of them; edges: one more than there are days."""

    days: list[date]
    edges: list[datetime]
    every: int

    @property
    def title(self) -> str:
        return f"By day, {len(self.days)} days" if self.every == 1 else f"By {self.every} days"


def days_of(cut: Window, begun: datetime, zone: ZoneInfo) -> Days:
    """The days of the window, at least the last 14 up to its end; the last one as far as the window goes."""
    last = (cut.end - timedelta(seconds=1)).astimezone(zone).date()
    first = max(cut.start, min(begun, cut.end - DAY)).astimezone(zone).date()
    first = min(first, last - timedelta(days=LEAST_DAYS - 1))
    every = -(-((last - first).days + 1) // MOST_POINTS)
    days = [first + timedelta(days=n) for n in range(0, (last - first).days + 1, every)]
    return Days(days, [*(midnight(day, zone) for day in days), cut.end], every)


def days_before(days: Days, zone: ZoneInfo) -> Days:
    """As many days, right before them, whole weeks back where that is near: a Monday is set against a Monday."""
    length = days.every * len(days.days)
    back = timedelta(days=length if length % 7 == 0 or length > 60 else length + 7 - length % 7)
    moved = [day - back for day in days.days]
    ends = midnight(days.days[-1] + timedelta(days=days.every) - back, zone)
    return Days(moved, [*(midnight(day, zone) for day in moved), ends], days.every)
