"""Quiet hours: when a person's pages keep still. Pure."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


def quiet_until(start: int | None, end: int | None, now: datetime, zone: ZoneInfo) -> datetime:
    """When the quiet hours that are on now are over; now itself where none are.

    start, end: minutes after local midnight; where end comes first they run over midnight. A time the clock shows
    twice begins them the first time and ends them the second; one it leaves out is read an hour later.
    """
    if start is None or end is None:
        return now
    today = now.astimezone(zone).date()
    over_midnight = timedelta(days=end < start)
    for day in (today - timedelta(days=1), today):
        begins, ends = (
            _instant(day, start, zone),
            max(_instant(day + over_midnight, end, zone, fold) for fold in (0, 1)),
        )
        if begins <= now < ends:
            return ends
    return now


def _instant(day: date, minutes: int, zone: ZoneInfo, fold: int = 0) -> datetime:
    return datetime.combine(day, time(minutes // 60, minutes % 60, fold=fold), zone).astimezone(UTC)
