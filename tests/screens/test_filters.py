"""How times, durations and places are written."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.world import NOW, at, make_site
from webapp.screens import filters


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (0, "0 s"),
        (59, "59 s"),
        (45 * 60 + 20, "45 min"),
        (6 * 3600 + 20 * 60, "6 h 20"),
        (timedelta(hours=1, minutes=5), "1 h 05"),
        (47 * 3600, "47 h 00"),
        (5 * 86_400 + 7200, "5 days"),
        (-3, "0 s"),
        (None, "–"),
    ],
)
def test_a_duration_is_read_at_a_glance(span, words):
    assert filters.duration(span) == words


def test_a_share_has_a_space_and_what_is_not_known_a_dash():
    assert [filters.percent(share) for share in (0.876, 0, 1, None)] == ["88 %", "0 %", "100 %", "–"]


def test_times_are_the_sites_and_carry_utc(app):
    make_site(zone="Asia/Kolkata")

    assert filters.clock(at("20:15")) == "01:45"
    assert 'datetime="2026-03-04T20:15:00Z"' in filters.moment(at("20:15"))
    assert "5 Mar" in filters.moment(at("20:15"))


def test_a_day_of_another_year_names_it(app):
    assert filters.day(datetime(2025, 9, 16, tzinfo=UTC)) == "16 Sep 2025"


@pytest.mark.parametrize(
    ("place", "name"),
    [
        ("s3:plant-models/actuator/housing_r4.step", "housing_r4.step"),
        ("s3:housing.step", "housing.step"),
        ("C:\\models\\lid.dxf", "lid.dxf"),
        ("https://files.example/a/", "a"),
        ("", "–"),
        (None, "–"),
    ],
)
def test_a_file_is_called_by_its_name(place, name):
    assert filters.basename(place) == name


def test_only_web_addresses_become_links():
    assert filters.location("https://files.example/a").startswith("<a ")
    assert "<a" not in filters.location("javascript:alert(1)")
    assert "<b>" not in filters.location("<b>")


@pytest.mark.parametrize(("age", "kind"), [(0, "live"), (12, "live"), (13, "late"), (17, "late"), (18, "lost")])
def test_an_age_is_live_late_or_lost(age, kind):
    assert filters.freshness(NOW - timedelta(seconds=age), 5, NOW).kind == kind


def test_nothing_received_is_lost():
    never = filters.freshness(None, 5, NOW)

    assert (never.kind, never.words) == ("lost", "nothing received yet")


def test_a_watched_age_keeps_its_seconds():
    assert [filters.age_words(s) for s in (3, 134, 3900)] == ["3 s", "2 min 14 s", "1 h 05"]


def test_a_sparkline_keeps_its_gaps():
    path, last = filters.spark([0.2, 0.4, None, 0.4])

    assert path.count("M") == 2
    assert last == (108.0, 3.0)
    assert filters.spark([None, 0.4]) == ("", None)
