"""A round: every cell is asked, and what it said is asserted for the slot and for nothing more."""

from datetime import timedelta

import pytest

from tests.cells.machines import FAULTS, open_hall
from tests.cells.past import states
from tests.world import NOW, make_cell
from webapp import cells, ledger
from webapp.extensions import db, transaction
from webapp.lib.clock import epoch, moment

PERIOD = 5
SLOT = epoch(NOW)


@pytest.fixture(scope="module")
def open_doors():
    with open_hall() as hall:
        yield hall


@pytest.fixture
def hall(open_doors):
    open_doors.says.clear(), open_doors.sick.clear(), open_doors.answers.clear(), open_doors.heard.clear()
    return open_doors


def http_cell(hall, number=1, **given):
    return make_cell(f"C{number:02}", address=hall.address(number), networks=hall.networks, **given)


def sample(hall, slot=SLOT, **given):
    return cells.take_samples(slot, given.pop("period", PERIOD), hall.networks, **given)


def history(cell, start=SLOT, end=SLOT + 2 * PERIOD):
    return states(cell, start, end, since=SLOT)


def sighting(cell):
    db.session.rollback()
    return db.session.get(cells.Sighting, cell.id)


def test_an_answer_holds_for_its_slot(app, hall):
    cell = http_cell(hall)
    hall.says[1] = {"status": "running"}

    answered = sample(hall)

    assert answered == 1
    assert history(cell) == [("running", 0, 5), ("unknown", 5, 10)]


def test_a_held_machine_is_idle(app, hall):
    cell = http_cell(hall)
    hall.says[1] = {"status": "held"}

    sample(hall)

    assert history(cell, SLOT, SLOT + 5) == [("idle", 0, 5)]


@pytest.mark.parametrize("fault", ["hang", "reset", "garbage", "wrong word"])
def test_a_sick_cell_is_unknown_for_that_slot_and_says_why(app, hall, fault):
    sick, well = http_cell(hall, 1), http_cell(hall, 2)
    hall.sick[1] = fault

    sample(hall, period=1)

    assert history(sick, SLOT, SLOT + 1) == [("unknown", 0, 1)]
    assert history(well, SLOT, SLOT + 1) == [("idle", 0, 1)]
    assert sighting(sick).never
    assert sighting(sick).fault


def test_a_round_with_every_kind_of_sickness_ends_within_its_slot(app, hall):
    for number, fault in enumerate(FAULTS, 1):
        http_cell(hall, number)
        hall.sick[number] = fault
    well = http_cell(hall, 40)

    answered = sample(hall, period=1)

    assert answered == 1
    assert history(well, SLOT, SLOT + 1) == [("idle", 0, 1)]
    assert len({row.fault for row in db.session.query(cells.Sighting) if row.fault}) >= 8


def test_a_cell_that_is_well_again_is_known_again(app, hall):
    cell = http_cell(hall)
    hall.sick[1] = "reset"
    sample(hall)
    hall.sick.clear()

    sample(hall, SLOT + PERIOD)

    assert history(cell) == [("unknown", 0, 5), ("idle", 5, 10)]
    assert (sighting(cell).silent_since, sighting(cell).fault) == (None, "")


def test_a_slot_is_sampled_once(app, hall):
    cell = http_cell(hall)
    hall.says[1] = {"status": "running"}
    sample(hall, SLOT + PERIOD)
    hall.says[1] = {"status": "down"}

    assert sample(hall, SLOT) == 0
    assert sample(hall, SLOT + PERIOD) == 0

    assert history(cell, SLOT + PERIOD, SLOT + 2 * PERIOD) == [("running", 5, 10)]
    assert len(hall.heard) == 1


@pytest.mark.parametrize("seconds", [-1, -7200, 10, 3600])
def test_a_slot_ahead_of_the_clock_or_long_past_is_refused(app, hall, seconds):
    http_cell(hall)

    assert sample(hall, now=NOW + timedelta(seconds=seconds)) == 0

    assert hall.heard == []
    assert ledger.newest() is None or ledger.newest() <= SLOT


def test_slots_nobody_sampled_are_unknown(app, hall):
    cell = http_cell(hall)
    sample(hall)

    sample(hall, SLOT + 2 * PERIOD)

    assert history(cell, SLOT, SLOT + 15) == [("idle", 0, 5), ("unknown", 5, 10), ("idle", 10, 15)]


def test_another_sampler_takes_over_and_neither_harms_the_other(app, hall):
    cell = http_cell(hall)
    sample(hall)
    ledger.lease(cell.book_id, PERIOD, SLOT + PERIOD)

    sample(hall, SLOT + PERIOD)

    assert history(cell) == [("idle", 0, 10)]


def test_a_cell_out_of_service_is_left_alone(app, hall):
    http_cell(hall, 1, in_service_from=NOW + timedelta(hours=1))
    retired = http_cell(hall, 2)
    cells.retire_cell(retired.id, "root", NOW)

    sample(hall)

    assert hall.heard == []


def test_of_two_feeds_the_first_that_answers_is_believed(app, hall):
    other = cells.FeedDetails("http", hall.address(2))
    cell = http_cell(hall, 1, more_feeds=[other])
    hall.says.update({1: {"status": "running"}, 2: {"status": "down"}})
    sample(hall)
    hall.sick[1] = "reset"

    sample(hall, SLOT + PERIOD)

    assert history(cell) == [("running", 0, 5), ("down", 5, 10)]


def test_a_row_is_written_only_when_something_changed(app, hall):
    cell = http_cell(hall)
    job = {"project_id": 7, "fence": 1, "progress": 0.501}
    hall.says[1] = {"status": "running", "detail": "Nest 3", "job": job}
    sample(hall)
    told = []
    from webapp import extensions

    extensions.listeners.append(told.append)
    try:
        hall.says[1] = {"status": "running", "detail": "Nest 3", "job": {**job, "progress": 0.504}}
        sample(hall, SLOT + PERIOD)
        assert told == [{"tick"}]  # all is a round fresher, and nothing looks different
        hall.says[1] = {"status": "down", "detail": "E-417", "job": job}
        sample(hall, SLOT + 2 * PERIOD)
    finally:
        extensions.listeners.remove(told.append)

    assert told[1:] == [{"tick", "floor", "board", f"cell:{cell.id}"}]
    assert (sighting(cell).state, sighting(cell).since) == ("down", moment(SLOT + 2 * PERIOD))


def test_since_counts_from_the_first_slot_of_a_state(app, hall):
    cell = http_cell(hall)
    for n in range(3):
        sample(hall, SLOT + n * PERIOD)

    assert sighting(cell).since == NOW


def test_since_counts_anew_after_a_long_silence(app, hall):
    cell = http_cell(hall)
    sample(hall)
    hall.sick[1] = "reset"
    for n in range(1, 6):
        sample(hall, SLOT + n * PERIOD)
    hall.sick.clear()

    sample(hall, SLOT + 6 * PERIOD)

    assert sighting(cell).since == moment(SLOT + 6 * PERIOD)


def test_a_job_and_its_outcome_are_there_to_be_heeded(app, hall):
    cell = http_cell(hall)
    hall.says[1] = {"status": "idle", "job": {"project_id": 7, "fence": 3, "outcome": "failure", "reason": "E-417"}}

    sample(hall)

    said = {"project_id": 7, "fence": 3, "progress": None, "outcome": "failure", "reason": "E-417"}
    assert sighting(cell).job == said


def test_nothing_is_held_in_the_database_while_machines_are_asked(app, hall, monkeypatch):
    http_cell(hall)
    held = []
    from webapp.cells import sampling

    real = sampling.ask_all
    monkeypatch.setattr(sampling, "ask_all", lambda *given: held.append(db.session().in_transaction()) or real(*given))

    sample(hall)

    assert held == [False]


# Cells that report by themselves


def report(cell, *readings, now=NOW):
    return cells.keep_readings(cell.id, list(readings), now)


def reading(state, seconds, **given):
    return cells.ReadingItem(state, moment(SLOT + seconds), **given)


def test_a_reading_holds_until_the_next(app, hall):
    cell = make_cell(heartbeat=60)
    report(cell, reading("running", -20))
    sample(hall)
    report(cell, reading("idle", 6), now=NOW + timedelta(seconds=7))

    sample(hall, SLOT + PERIOD)

    assert history(cell) == [("running", 0, 6), ("idle", 6, 10)]


def test_a_reading_holds_three_heartbeats_at_most(app, hall):
    cell = make_cell(heartbeat=4)
    report(cell, reading("running", -5))

    for n in range(3):
        sample(hall, SLOT + n * PERIOD)

    assert history(cell) == [("running", 0, 7), ("unknown", 7, 10)]
    assert sighting(cell).silent_since == moment(SLOT + 7)


def test_several_readings_within_one_slot_are_all_kept(app, hall):
    cell = make_cell()
    report(cell, reading("running", 1), reading("down", 2), reading("idle", 4), now=NOW + timedelta(seconds=4))

    sample(hall)

    assert history(cell, SLOT, SLOT + 5) == [("unknown", 0, 1), ("running", 1, 2), ("down", 2, 4), ("idle", 4, 5)]


def test_a_reading_bridges_slots_nobody_sampled(app, hall):
    cell = make_cell(heartbeat=60)
    report(cell, reading("running", 0))
    sample(hall)

    sample(hall, SLOT + 4 * PERIOD)

    assert history(cell, SLOT, SLOT + 25) == [("running", 0, 25)]


def test_a_reading_bridges_the_time_in_which_the_sampler_was_given_up(app, hall):
    cell = make_cell(heartbeat=60)
    report(cell, reading("running", 0))
    sample(hall)
    ledger.expire(SLOT + 60, 15)

    sample(hall, SLOT + 12 * PERIOD)

    assert history(cell, SLOT, SLOT + 65) == [("running", 0, 65)]


def test_a_reading_that_passed_a_tick_unseen_is_paid_by_the_next(app, hall):
    cell = make_cell(heartbeat=60)
    sample(hall)
    with transaction():  # as if it was committed while the tick was under way
        db.session.add(cells.Reading(cell_id=cell.id, at=moment(SLOT + 2), state="down", received_at=NOW, owed=True))

    sample(hall, SLOT + PERIOD)

    assert history(cell) == [("unknown", 0, 2), ("down", 2, 10)]
    assert db.session.query(cells.Reading).filter_by(owed=True).count() == 0


def test_beside_a_pulled_feed_a_reading_fills_only_what_would_be_unknown(app, hall):
    cell = http_cell(hall, 1, more_feeds=[cells.FeedDetails("push", heartbeat=60)])
    sample(hall)
    hall.sick[1] = "reset"
    report(cell, reading("running", 1), now=NOW + timedelta(seconds=5))

    sample(hall, SLOT + PERIOD)

    assert history(cell) == [("idle", 0, 5), ("running", 5, 10)]
    assert sighting(cell).state == "running"
