"""Quiet hours: over midnight, and over the nights in which the clock is changed."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from webapp.people.quiet import quiet_until

BERLIN = ZoneInfo("Europe/Berlin")
TEN, SIX, TWO, HALF_PAST_TWO = 22 * 60, 6 * 60, 2 * 60, 2 * 60 + 30


def local(text: str, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN, fold=fold)


@pytest.mark.parametrize(
    ("start", "end", "now", "over"),
    [
        (None, None, "2026-03-04 23:00", None),
        (TEN, SIX, "2026-03-04 21:59", None),
        (TEN, SIX, "2026-03-04 22:00", "2026-03-05 06:00"),
        (TEN, SIX, "2026-03-05 00:00", "2026-03-05 06:00"),
        (TEN, SIX, "2026-03-05 05:59", "2026-03-05 06:00"),
        (TEN, SIX, "2026-03-05 06:00", None),
        (12 * 60, 13 * 60, "2026-03-04 12:30", "2026-03-04 13:00"),
        (12 * 60, 13 * 60, "2026-03-04 13:00", None),
        (0, SIX, "2026-03-04 00:00", "2026-03-04 06:00"),
        (TEN, 0, "2026-03-04 23:59", "2026-03-05 00:00"),
        (TEN, 0, "2026-03-05 00:00", None),
        # The night of 28 March 2026 has no time from 02:00 to 03:00.
        (TEN, SIX, "2026-03-28 23:00", "2026-03-29 06:00"),
        (TEN, HALF_PAST_TWO, "2026-03-29 01:59", "2026-03-29 03:30"),
        (HALF_PAST_TWO, SIX, "2026-03-29 03:15", None),
        (HALF_PAST_TWO, SIX, "2026-03-29 03:30", "2026-03-29 06:00"),
    ],
)
def test_when_they_are_over(start, end, now, over):
    at = local(now)

    assert quiet_until(start, end, at, BERLIN) == (local(over) if over else at)


@pytest.mark.parametrize(("clock", "fold"), [("02:10", 0), ("02:40", 0), ("02:10", 1)])
def test_a_time_the_clock_shows_twice_ends_them_the_second_time(clock, fold):
    now = local(f"2026-10-25 {clock}", fold)

    assert quiet_until(TEN, HALF_PAST_TWO, now, BERLIN) == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


def test_a_time_the_clock_shows_twice_begins_them_the_first_time():
    now = local("2026-10-25 02:30")

    assert quiet_until(HALF_PAST_TWO, SIX, now, BERLIN) == local("2026-10-25 06:00")
    assert quiet_until(TWO, HALF_PAST_TWO, local("2026-10-25 02:45", 1), BERLIN) == local("2026-10-25 02:45", 1)
