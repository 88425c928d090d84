"""Where every cell stands: what it said last, how old that is, and who holds it."""

from datetime import timedelta

import pytest
from sqlalchemy import event

from tests.world import NOW, make_cell
from webapp import cells, ledger
from webapp.extensions import db, transaction
from webapp.lib.clock import epoch, moment

PERIOD = 5


def seen(cell, state="running", since=NOW, silent_since=None, **given):
    said = {"state": state, "since": since, "silent_since": silent_since, **given}
    with transaction():
        [setattr(db.session.get_one(cells.Sighting, cell.id), name, value) for name, value in said.items()]


def watched(cell, until=NOW):
    lease = ledger.lease(cell.book_id, PERIOD, epoch(until) - PERIOD)
    with transaction():
        ledger.tick(lease, epoch(until) - PERIOD, {})


def after(seconds):
    return NOW + timedelta(seconds=seconds)


def standing(cell, now=NOW):
    return cells.standings(now, PERIOD)[cell.id]


def test_a_cell_that_never_answered_is_unknown(app):
    cell = make_cell()

    assert (standing(cell).state, standing(cell).since, standing(cell).seen) == ("unknown", cell.in_service_from, None)


def test_a_cell_that_answers_stands_as_it_says(app):
    cell = make_cell()
    seen(cell, "down", detail="E-417")
    watched(cell, after(10))

    now = standing(cell, after(11))

    assert (now.state, now.since, now.detail, now.seen) == ("down", NOW, "E-417", after(10))


@pytest.mark.parametrize(("seconds", "state"), [(0, "running"), (15, "running"), (16, "unknown"), (9999, "unknown")])
def test_a_silent_cell_keeps_its_state_for_three_periods(app, seconds, state):
    cell = make_cell()
    seen(cell, since=after(-600), silent_since=NOW, fault="it hung up")
    watched(cell, after(seconds))

    now = standing(cell, after(seconds))

    assert (now.state, now.seen, now.fault) == (state, NOW, "it hung up")
    assert now.since == (NOW if state == "unknown" else after(-600))


@pytest.mark.parametrize(("seconds", "last"), [(5, NOW), (15, NOW), (16, None)])
def test_a_silent_cell_says_when_it_was_heard_last_until_it_is_unknown(app, seconds, last):
    cell = make_cell()
    seen(cell, silent_since=NOW)
    watched(cell, after(seconds))

    assert standing(cell, after(seconds)).heard_last == last


def test_a_cell_that_answers_needs_not_say_when(app):
    cell = make_cell()
    seen(cell)
    watched(cell, NOW)

    assert standing(cell, after(5)).heard_last is None


def test_without_a_sampler_every_cell_turns_unknown(app):
    cell = make_cell()
    seen(cell, since=after(-600))
    watched(cell, NOW)

    assert standing(cell, after(15)).state == "running"
    assert (standing(cell, after(16)).state, standing(cell, after(16)).since) == ("unknown", NOW)


def test_idle_with_work_in_it_is_held(app):
    cell = make_cell()
    seen(cell, "idle")
    watched(cell)
    with transaction():
        claim = cells.claim(cell, "project:7", NOW)

    assert (standing(cell).state, standing(cell).shown, standing(cell).claim) == ("idle", "held", claim)


def test_the_floor_has_a_tile_for_every_cell_in_service(app):
    second, first = make_cell("C02"), make_cell("C01")
    cells.retire_cell(make_cell("C03").id, "root", NOW)
    seen(first)
    watched(first)
    with transaction():
        cells.claim(second, "project:7", NOW)

    floor = cells.floor(NOW, PERIOD)

    assert [(tile.cell.name, tile.standing.state, tile.what) for tile in floor.tiles] == [
        ("C01", "running", None),
        ("C02", "unknown", "project:7"),
    ]
    assert floor.tally == {"running": 1, "unknown": 1}
    assert (floor.as_of, floor.period) == (NOW, PERIOD)


def test_fresh_data_without_a_change_is_the_same_version(app):
    cell = make_cell()
    seen(cell)
    watched(cell, NOW)
    before = cells.floor(NOW, PERIOD)
    watched(cell, after(5))

    same = cells.floor(after(5), PERIOD)

    assert (same.version, same.as_of) == (before.version, after(5))


@pytest.mark.parametrize(
    "change",
    [
        lambda cell: cells.set_mode(cell.id, "draining", "service at noon", "sam", NOW),
        lambda cell: cells.keep_readings(cell.id, [cells.ReadingItem("down")], NOW),
        lambda cell: make_cell("C02"),
        lambda cell: claimed(cell),
        lambda cell: seen(cell, silent_since=NOW),
    ],
)
def test_whatever_is_painted_makes_a_new_version(app, change):
    cell = make_cell()
    seen(cell)
    watched(cell)
    before = cells.floor(NOW, PERIOD).version

    change(cell)

    assert cells.floor(NOW, PERIOD).version != before


def claimed(cell):
    with transaction():
        cells.claim(cell, "project:7", NOW)


def test_a_cell_turning_unknown_is_a_new_version(app):
    cell = make_cell()
    seen(cell)
    watched(cell)

    assert cells.floor(after(15), PERIOD).version != cells.floor(after(16), PERIOD).version


def test_a_clock_that_was_moved_cannot_make_data_younger_than_now(app):
    cell = make_cell()
    seen(cell)
    watched(cell, after(3600))

    assert cells.floor(NOW, PERIOD).as_of == NOW
    assert standing(cell).seen == NOW


def test_before_the_first_round_the_data_is_as_old_as_the_first_cell(app):
    assert cells.as_of(NOW) == NOW

    cell = make_cell()

    assert cells.as_of(NOW) == cell.in_service_from


def test_many_cells_take_few_queries(app):
    for number in range(20):
        make_cell(f"C{number:03}")
    db.session.commit()
    asked = []

    with listening(asked):
        floor = cells.floor(NOW, PERIOD)

    assert len(floor.tiles) == 20
    assert len(asked) <= 10


class listening:
    def __init__(self, asked):
        self.note = lambda *given: asked.append(given[2])

    def __enter__(self):
        event.listen(db.engine, "before_cursor_execute", self.note)

    def __exit__(self, *_):
        event.remove(db.engine, "before_cursor_execute", self.note)


def test_moments_are_whole_seconds(app):
    assert moment(epoch(NOW)) == NOW
