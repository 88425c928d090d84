"""Ranges with a name, and what each is compared with."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from webapp.lib.window import Window
from webapp.screens.utilization.grid import column_names, days_before, days_of, map_grid
from webapp.screens.utilization.ranges import NAMED, stretch_before

BERLIN, UTC_ZONE = ZoneInfo("Europe/Berlin"), ZoneInfo("UTC")
AFTERNOON = datetime(2026, 5, 31, 15, 20, tzinfo=UTC)


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def span(start, end):
    return Window(at(start), at(end))


@pytest.mark.parametrize(
    ("key", "window", "before"),
    [
        ("today", ("2026-05-31", "2026-05-31T15:20"), ("2026-05-30", "2026-05-30T15:20")),
        ("yesterday", ("2026-05-30", "2026-05-31"), ("2026-05-29", "2026-05-30")),
        ("24h", ("2026-05-30T15:20", "2026-05-31T15:20"), ("2026-05-29T15:20", "2026-05-30T15:20")),
        ("7d", ("2026-05-24T15:20", "2026-05-31T15:20"), ("2026-05-17T15:20", "2026-05-24T15:20")),
        ("year", ("2026-01-01", "2026-05-31T15:20"), ("2025-01-01", "2025-05-31T15:20")),
        ("month", ("2026-05-01", "2026-05-31T15:20"), ("2026-04-01", "2026-04-30T15:20")),
        ("last-month", ("2026-04-01", "2026-05-01"), ("2026-03-01", "2026-04-01")),
        ("last-quarter", ("2026-01-01", "2026-04-01"), ("2025-10-01", "2026-01-01")),
    ],
)
def test_each_range_and_the_period_before_it(key, window, before):
    assert NAMED[key].spans(AFTERNOON, UTC_ZONE) == (span(*window), span(*before))


def test_a_year_that_has_the_day_and_one_that_has_not():
    leap_day = datetime(2028, 2, 29, 12, tzinfo=UTC)

    assert NAMED["year"].spans(leap_day, UTC_ZONE).before == span("2027-01-01", "2027-02-28T12:00")


def test_days_are_the_sites_own_also_when_the_clock_changes():
    after_the_change = datetime(2026, 3, 30, 10, tzinfo=UTC)

    window, before = NAMED["yesterday"].spans(after_the_change, BERLIN)

    assert (window.seconds, before.seconds) == (23 * 3600, 24 * 3600)


@pytest.mark.parametrize("key", NAMED)
@pytest.mark.parametrize("zone", [UTC_ZONE, BERLIN])
def test_at_midnight_of_a_new_year_each_is_a_stretch_of_time(key, zone):
    midnight = datetime(2026, 1, 1, tzinfo=zone).astimezone(UTC)

    window, before = NAMED[key].spans(midnight, zone)

    assert window.seconds > 0
    assert before.end <= window.start or before.seconds > 0


def test_before_any_other_stretch_is_one_as_long():
    assert stretch_before(span("2026-03-02T06:00", "2026-03-02T14:00")) == span("2026-03-01T22:00", "2026-03-02T06:00")


def test_a_chart_of_days_has_fourteen_at_least_and_a_hundred_at_most():
    begun = at("2020-01-01")

    short = days_of(span("2026-03-02T06:00", "2026-03-02T14:00"), begun, UTC_ZONE)
    long = days_of(span("2021-03-02", "2026-03-02"), begun, UTC_ZONE)

    assert (len(short.days), short.edges[-1], short.title) == (14, at("2026-03-02T14:00"), "By day, 14 days")
    assert len(long.days) <= 100
    assert long.title == "By 19 days"


def test_the_days_before_fall_on_the_same_weekdays():
    days = days_of(span("2026-03-01", "2026-03-21"), at("2020-01-01"), UTC_ZONE)

    before = days_before(days, UTC_ZONE)

    assert len(before.days) == len(days.days) == 20
    assert {day - other for day, other in zip(days.days, before.days, strict=True)} == {timedelta(days=21)}


def test_a_map_is_no_finer_than_a_screen_shows():
    for days in (1, 3, 90, 400, 3000):
        window = Window(AFTERNOON - timedelta(days=days), AFTERNOON)
        grid = map_grid(window, window, window.start, UTC_ZONE)
        assert len(grid.edges) <= 65


def test_an_hour_that_comes_twice_has_two_names():
    edges = [datetime(2026, 10, 25, hour, tzinfo=UTC) for hour in (0, 1)]

    assert column_names(edges, "%a %H:%M", BERLIN) == ["Sun 02:00", "Sun 02:00 "]
