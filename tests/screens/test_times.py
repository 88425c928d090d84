"""Site time: what people type, and where hours and days begin."""

import re
from datetime import UTC, date, datetime
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.world import NOW, at, make_site
from webapp.lib.clock import epoch, iso, moment
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
        ("2026-07-15 14:30:05", "2026-07-15T12:30:05Z"),
        ("2026-07-15T14:30:00.000", "2026-07-15T12:30:00Z"),
        ("2026-07-15", "2026-07-14T22:00:00Z"),
        ("2026-07-15T14:30:00Z", "2026-07-15T14:30:00Z"),
        ("2026-07-15T14:30+05:30", "2026-07-15T09:00:00Z"),
        ("2026-07-15 14:30:05.25 -0400", "2026-07-15T18:30:05Z"),
    ],
)
def test_a_time_without_a_zone_is_the_sites(text, means):
    assert typed(text) == means


def refused(text, zone=BERLIN):
    with pytest.raises(Invalid) as no:
        typed(text, zone)
    [[says]] = no.value.details["fields"].values()
    return says


def test_a_second_that_spring_leaves_out_never_was():
    for wall in ("02:00", "02:00:00", "02:10:07", "02:59:59"):
        assert refused(f"2026-03-29 {wall}") == "never was on the clock, which went from 02:00 to 03:00 then"

    assert typed("2026-03-29 01:59:59") == "2026-03-29T00:59:59Z"
    assert typed("2026-03-29 03:00:00") == "2026-03-29T01:00:00Z"


def test_a_second_that_comes_twice_in_autumn_is_asked_for():
    says = refused("2026-10-25 02:30:07")

    assert says == "was on the clock twice then: write 2026-10-25 02:30:07+02:00 or 2026-10-25 02:30:07+01:00"
    assert refused("2026-10-25 02:59:59").startswith("was on the clock twice")
    assert typed("2026-10-25 01:59:59") == "2026-10-24T23:59:59Z"
    assert typed("2026-10-25 03:00:00") == "2026-10-25T02:00:00Z"


@pytest.mark.parametrize(
    ("day", "zone", "begins"),
    [
        ("2026-03-29", ZoneInfo("Asia/Beirut"), "2026-03-28T22:00:00Z"),
        ("2026-11-01", ZoneInfo("America/Havana"), "2026-11-01T04:00:00Z"),
    ],
)
def test_a_date_begins_with_its_first_moment_whatever_the_clock_does_at_midnight(day, zone, begins):
    assert typed(day, zone) == begins


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yesterday",
        "2026-02-30",
        "2026-01-01 25:00",
        "2026-13-01 10:00",
        "٢٠٢٦-01-01",
        "14:30",
        "0001-01-01",
        "2026-03-04 10:00:60",
        "2026-03-04 10:00:5",
        "2026-03-04 10",
        "2026-03-04:10:00:00",
        "2026-03-04 10:00+25:00",
        "2026-03-04 10:00 CET",
        "2026-03-04+01:00",
    ],
)
def test_what_is_no_time_is_refused_at_its_field(text):
    with pytest.raises(Invalid) as no:
        typed(text)

    assert list(no.value.details["fields"]) == ["from"]


def test_a_refusal_names_what_is_accepted():
    examples = re.findall(r"\d{4}-\S+ [\d:+]+", refused("noon"))

    assert len(examples) == 3
    assert all(typed(example) for example in examples)


@pytest.mark.parametrize("zone", [BERLIN, NEW_YORK])
@pytest.mark.parametrize("text", ["0001-01-01", "1969-12-31 12:00", "9999-12-31 23:59", "9999-12-31T23:59:59Z"])
def test_a_time_no_zone_could_show_is_refused(text, zone):
    with pytest.raises(Invalid):
        typed(text, zone)


#: Seconds of a year in zones that change by an hour, by half an hour, and not at all.
ZONES = [BERLIN, NEW_YORK, KOLKATA, ZoneInfo("Australia/Lord_Howe")]
YEAR = epoch(utc(2026, 1, 1)), epoch(utc(2027, 1, 1))


def nights(zone):
    """Odd seconds of the hours around each change of the clock, and the seconds of the change itself."""
    offsets = {hour: moment(hour).astimezone(zone).utcoffset() for hour in range(*YEAR, 1800)}
    changes = [hour for hour in offsets if offsets[hour] != offsets.get(hour - 1800, offsets[hour])]
    return [second for at in changes for second in (*range(at - 7200, at + 7200, 61), at - 1, at, at + 1)]


def comes_back(second, zone):
    """What a page shows is the same second again; what the wall shows is, or is asked for with both that it may be."""
    at = moment(second)
    assert typed_time(shown_time(at, zone), "from", zone) == at
    wall = f"{at.astimezone(zone):%Y-%m-%d %H:%M:%S}"
    try:
        assert typed_time(wall, "from", zone) == at
    except Invalid as no:
        [[says]] = no.details["fields"].values()
        both = re.findall(r"\d{4}-\d\d-\d\d [\d:]+[+-]\d\d:\d\d", says)
        read = [typed_time(one, "from", zone) for one in both]
        assert len(set(read)) == 2
        assert at in read


@given(st.integers(YEAR[0], YEAR[1] - 1), st.sampled_from(ZONES))
def test_what_is_shown_can_be_typed_again(second, zone):
    comes_back(second, zone)


@pytest.mark.parametrize("zone", ZONES, ids=str)
def test_also_in_the_nights_in_which_the_clock_changes(zone):
    for second in nights(zone):
        comes_back(second, zone)


@given(st.integers(YEAR[0], YEAR[1] - 1), st.sampled_from(ZONES))
def test_what_is_read_was_on_the_clock(second, zone):
    wall = f"{moment(second):%Y-%m-%d %H:%M:%S}"
    try:
        said = f"{typed_time(wall, 'from', zone).astimezone(zone):%Y-%m-%d %H:%M:%S}"
    except Invalid as no:
        said = wall if "on the clock" in str(no.details) else str(no.details)
    assert said == wall


def test_a_field_shows_as_much_as_is_needed():
    shown = [shown_time(utc(2026, *parts), BERLIN) for parts in ((1, 15, 13, 30), (1, 15, 13, 30, 5), (10, 25, 0, 30))]

    assert shown == ["2026-01-15 14:30", "2026-01-15 14:30:05", "2026-10-25 02:30+02:00"]


def test_what_a_person_typed_is_never_read_as_utc():
    """read_time takes a time without a zone for UTC: pages ask it only of what this program wrote down itself."""
    screens = Path(__file__).parents[2] / "webapp" / "screens"
    asking = {str(path.relative_to(screens)) for path in screens.rglob("*.py") if "read_time" in path.read_text()}

    assert asking == {"refusals.py", "schedule/changes.py", "maintenance/forms.py"}


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
