"""What was: the four times of each, and how long people usually took."""

from datetime import timedelta

import pytest

from tests.cells.alarms.standing import minutes, watched_cell
from tests.world import at
from webapp import cells
from webapp.cells import Alarm, Usual
from webapp.extensions import db, transaction
from webapp.lib.window import Window

NONE = (None, None, None)


def alarm(detected="10:00", told=None, acknowledged=None, repaired=None, outcome="works", **given):
    times = {"told_at": told, "acknowledged_at": acknowledged, "repaired_at": repaired}
    moments = {name: at(clock) if clock else None for name, clock in times.items()}
    return Alarm(kind="stop", state="down", detected_at=at(detected), outcome=outcome, **moments, **given)


@pytest.mark.parametrize(
    ("given", "times"),
    [
        ({}, NONE),
        ({"told": "10:01"}, (1, None, None)),
        ({"told": "10:01", "acknowledged": "10:04"}, (1, 3, None)),
        ({"told": "10:01", "acknowledged": "10:04", "repaired": "10:10"}, (1, 3, 6)),
        ({"acknowledged": "10:04", "repaired": "10:10"}, (None, 4, 6)),
        ({"told": "10:01", "repaired": "10:10"}, (1, None, None)),
        ({"told": "10:01", "acknowledged": "10:04", "repaired": "10:10", "outcome": "closed"}, (1, 3, None)),
    ],
    ids=["open", "told", "acknowledged", "put right", "came unbidden", "nobody came", "closed"],
)
def test_the_times_between(given, times):
    one = alarm(**given)

    found = (one.until_told, one.until_acknowledged, one.until_repaired)

    assert found == tuple(None if time is None else minutes(time) for time in times)


def test_how_long_it_usually_takes_says_of_how_many():
    found = cells.reactions(
        [
            alarm(told="10:01", acknowledged="10:02", repaired="10:12"),
            alarm(told="10:01", acknowledged="10:04", repaired="10:08"),
            alarm(told="10:03", repaired="10:09"),
            alarm(told="10:01", acknowledged="10:31"),
        ]
    )

    assert (found.of, found.unanswered) == (4, 1)
    assert found.told == Usual(minutes(1), 4)
    assert found.acknowledged == Usual(minutes(3), 3)
    assert found.repaired == Usual(minutes(7), 2)


def test_of_nothing_nothing_is_said():
    found = cells.reactions([])

    assert (found.of, found.told, found.acknowledged, found.repaired) == (0, *NONE)


def test_a_window_holds_what_went_on_in_it(app):
    cell, other = watched_cell("C01"), watched_cell("C02")
    rows = [
        alarm("07:00", repaired="07:30", cell_id=cell.id),
        alarm("07:40", repaired="08:20", cell_id=cell.id),
        alarm("08:30", cell_id=cell.id),
        alarm("08:45", cell_id=other.id),
        alarm("09:00", repaired="09:10", cell_id=other.id),
    ]
    with transaction():
        db.session.add_all(rows)

    found = cells.stops_of(Window(at("08:00"), at("09:00")))

    assert [f"{one.detected_at:%H:%M}" for one in found] == ["08:45", "08:30", "07:40"]
    assert [one.cell_id for one in cells.stops_of(Window(at("08:00"), at("09:00")), {other.id})] == [other.id]


def test_the_median_of_two_lies_between():
    found = cells.reactions([alarm(told="10:01"), alarm(told="10:02")])

    assert found.told == Usual(timedelta(seconds=90), 2)
