"""Site time: what people type, and where hours and days begin."""

from datetime import UTC, date, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from tests.world import NOW, at, make_site
from webapp.lib.clock import iso
from webapp.lib.refusal import Invalid
from webapp.lib.window import Window
from webapp.screens.times import day_edges, days_up_to, hour_edges, midnight, shown_time, site_zone, typed_time

BERLIN, KOLKATA, NEW_YORK = ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Kolkata"), ZoneInfo("America/New_York")
HOUR = 3600


def utc(*parts):
    return datetime(*parts, tzinfo=UTC)


def typed(text, zone=BERLIN):
    return iso(typed_time(text, "from", zone))


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("2026-01-15 14:30", "2026-01-15T13:30:00Z"),
        (" 2026-07-15T14:30 ", "2026-07-15T12:30:00Z"),
        ("2026-07-15 9:05", "2026-07-15T07:05:00Z"),
        ("2026-07-15", "2026-07-14T22:00:00Z"),
        ("2026-07-15T14:30:00Z", "2026-07-15T14:30:00Z"),
        ("2026-07-15T14:30+05:30", "2026-07-15T09:00:00Z"),
    ],
)
def test_a_time_without_a_zone_is_the_sites(text, means):
    assert typed(text) == means


def test_an_hour_that_spring_leaves_out_is_the_one_after_it():
    assert [typed(f"2026-03-29 {clock}") for clock in ("01:59", "02:30", "03:30")] == [
        "2026-03-29T00:59:00Z",
        "2026-03-29T01:30:00Z",
        "2026-03-29T01:30:00Z",
    ]


def test_an_hour_that_comes_twice_in_autumn_is_the_first():
    assert [typed(f"2026-10-25 {clock}") for clock in ("01:30", "02:30", "03:00")] == [
        "2026-10-24T23:30:00Z",
        "2026-10-25T00:30:00Z",
        "2026-10-25T02:00:00Z",
    ]


@pytest.mark.parametrize(
    "text", ["", "yesterday", "2026-02-30", "2026-01-01 25:00", "2026-13-01 10:00", "٢٠٢٦-01-01", "14:30", "0001-01-01"]
)
def test_what_is_no_time_is_refused_at_its_field(text):
    with pytest.raises(Invalid) as no:
        typed(text)

    assert list(no.value.details["fields"]) == ["from"]


@pytest.mark.parametrize("zone", [BERLIN, NEW_YORK])
@pytest.mark.parametrize("text", ["0001-01-01", "1969-12-31 12:00", "9999-12-31 23:59", "9999-12-31T23:59:59Z"])
def test_a_time_no_zone_could_show_is_refused(text, zone):
    with pytest.raises(Invalid):
        typed(text, zone)


def test_what_is_shown_can_be_typed_again():
    for moment in (utc(2026, 1, 15, 13, 30), utc(2026, 7, 15, 12, 30), utc(2026, 3, 29, 1, 30)):
        assert typed_time(shown_time(moment, BERLIN), "from", BERLIN) == moment


def test_the_zone_is_the_first_sites_and_before_that_the_one_of_the_settings(app):
    assert site_zone().key == "UTC"
    make_site(zone="Asia/Kolkata")

    with app.app_context():
        assert site_zone().key == "Asia/Kolkata"


def test_hours_are_the_sites_hours():
    edges = hour_edges(Window(at("08:10"), at("11:00")), KOLKATA)

    assert [f"{edge:%H:%M}" for edge in edges] == ["08:10", "08:30", "09:30", "10:30", "11:00"]


def test_hours_begin_and_end_with_the_window():
    assert hour_edges(Window(at("08:10"), at("08:20")), BERLIN) == [at("08:10"), at("08:20")]
    assert hour_edges(Window(at("08:00"), at("09:00")), BERLIN) == [at("08:00"), at("09:00")]


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 6, 1), 24)])
def test_each_hour_of_a_day_that_the_clock_changes_is_there_once(day, hours):
    window = Window(midnight(day, BERLIN), midnight(date.fromordinal(day.toordinal() + 1), BERLIN))

    edges = hour_edges(window, BERLIN)

    assert window.seconds == hours * HOUR
    assert [(late - early).total_seconds() for early, late in pairwise(edges)] == [HOUR] * hours


@pytest.mark.parametrize(
    ("start", "hours"), [(utc(2026, 3, 27, 23), [24, 23, 24]), (utc(2026, 10, 23, 22), [24, 25, 24])]
)
def test_days_are_cut_at_local_midnight(start, hours):
    first = start.astimezone(BERLIN).date()
    window = Window(start, midnight(date.fromordinal(first.toordinal() + 3), BERLIN))

    edges = day_edges(window, BERLIN)

    assert [(late - early).total_seconds() / HOUR for early, late in pairwise(edges)] == hours


def test_several_days_at_a_time_end_with_the_window():
    edges = day_edges(Window(utc(2026, 1, 1), utc(2026, 1, 9)), ZoneInfo("UTC"), every=3)

    assert [edge.day for edge in edges] == [1, 4, 7, 9]


def test_a_midnight_that_is_left_out_is_the_moment_the_day_begins():
    beirut = ZoneInfo("Asia/Beirut")

    assert midnight(date(2026, 3, 29), beirut) == utc(2026, 3, 28, 22)


def test_the_last_days_end_with_today_at_the_site():
    late = NOW.replace(hour=20)

    assert days_up_to(late, 3, BERLIN) == [date(2026, 3, 2), date(2026, 3, 3), date(2026, 3, 4)]
    assert days_up_to(late, 1, KOLKATA) == [date(2026, 3, 5)]
