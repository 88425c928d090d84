"""A project that takes notably longer than its owner expected: who hears of it, and how often."""

from datetime import timedelta

import pytest

from tests.projects.shop import later, make_cell, make_running, person
from tests.world import NOW
from webapp import people, projects
from webapp.extensions import db, transaction
from webapp.projects import Project
from webapp.projects.estimating import Length, Paces, Run
from webapp.projects.lateness import degree, overrun_of

NOTHING_LEARNED = Paces({})


def run(expected=60, progress=None, after=None):
    at = later(minutes=after) if after is not None else None
    return Run(1, 1, NOW, expected, progress, at)


@pytest.mark.parametrize(
    ("one", "now", "late"),
    [
        (run(), 60, None),
        (run(), 74, None),
        (run(), 75, 15),
        (run(), 120, 60),
        (run(expected=20), 29, None),
        (run(expected=20), 30, 10),
        (run(progress=0.5, after=30), 30, None),
        (run(progress=0.25, after=30), 30, 60),
        (run(progress=0.05, after=30), 30, None),
        (run(progress=0.9, after=90), 90, 40),
        (run(expected=None, progress=0.25, after=30), 30, None),
    ],
    ids=[
        "in time",
        "a little over",
        "a quarter over",
        "twice as long",
        "a short one, a little over",
        "a short one, ten minutes over",
        "half done at half time",
        "a quarter done at half time",
        "too early to tell by its progress",
        "nearly done, long over",
        "nobody expected anything",
    ],
)
def test_by_how_much(one, now, late):
    found = overrun_of(one, NOTHING_LEARNED, later(minutes=now))

    assert (found and round(found.total_seconds() / 60)) == late


def test_its_own_word_counts_more_than_how_long_others_took():
    slow_cell = Paces({1: Length(6000, 7200, 9000)})

    assert overrun_of(run(), slow_cell, later(minutes=5)) is None


@pytest.mark.parametrize(("minutes", "expected"), [(15, 0), (29, 0), (30, 1), (59, 1), (60, 2), (240, 4)])
def test_it_is_told_again_when_it_doubles(minutes, expected):
    assert degree(run(), timedelta(minutes=minutes)) == expected


@pytest.fixture
def running(app):
    make_cell("C01")
    return make_running(name="Housing", expected_minutes=60)


def words():
    return [notice.words for notice in people.notices(person("ada").user.id) if notice.kind == "late"][::-1]


def says(project, progress, after):
    with transaction():
        row = db.session.get_one(Project, project.id)
        row.progress, row.progress_at = progress, later(minutes=after)


def test_its_owner_is_told_once(running):
    for minutes in (70, 76, 77, 85):
        projects.tell_late(later(minutes=minutes))

    assert words() == [f"{running.label} Housing has taken 16 min longer than the 1 h 00 min you expected"]


def test_and_again_when_it_gets_much_later(running):
    for minutes in (76, 92, 100):
        projects.tell_late(later(minutes=minutes))

    assert len(words()) == 2


def test_what_is_foreseen_is_told_beforehand(running):
    says(running, 0.25, after=30)

    projects.tell_late(later(minutes=30))

    assert words() == [f"{running.label} Housing will take about 1 h 00 min longer than the 1 h 00 min you expected"]


def test_a_forecast_that_recovers_is_not_told_anew(running):
    says(running, 0.1, after=30)
    projects.tell_late(later(minutes=30))
    says(running, 0.4, after=40)

    projects.tell_late(later(minutes=40))

    assert len(words()) == 1


def test_once_it_ended_nobody_need_hear_that_it_was_late(running):
    projects.tell_late(later(minutes=80))

    projects.finish(running.id, person("sam"), later(minutes=81))

    assert words() == []
