"""Readings that machines push: in any order, twice, late; history comes out the same."""

import random
from datetime import timedelta

import pytest

from tests.cells.past import states
from tests.world import NOW, make_cell
from webapp import cells, ledger
from webapp.extensions import db, transaction
from webapp.lib.clock import epoch, moment
from webapp.lib.refusal import Invalid, WrongState

SLOT = epoch(NOW)


def report(cell, *readings, now=NOW, **given):
    return cells.keep_readings(cell.id, list(readings), now, **given)


def reading(state, seconds, **given):
    return cells.ReadingItem(state, moment(SLOT + seconds), **given)


def sampled(cell, start=-3600):
    """The cell was watched, without a word from it, from then up to NOW."""
    lease = ledger.lease(cell.book_id, 1, SLOT + start)
    with transaction():
        for slot in (SLOT + start, SLOT - 1):
            ledger.tick(lease, slot, {})


def history(cell, start, end):
    return states(cell, SLOT + start, SLOT + end, since=SLOT)


def sighting(cell):
    return db.session.get(cells.Sighting, cell.id)


def test_a_late_reading_is_put_where_it_belongs(app):
    cell = make_cell(heartbeat=100)
    sampled(cell)

    kept = report(cell, reading("running", -1000), reading("down", -900))

    assert (kept.kept, kept.repeated, kept.refused) == (2, 0, [])
    assert history(cell, -1100, 0) == [
        ("unknown", -1100, -1000),
        ("running", -1000, -900),
        ("down", -900, -600),
        ("unknown", -600, 0),
    ]


def test_a_repeated_reading_changes_nothing(app):
    cell = make_cell(heartbeat=100)
    sampled(cell)
    report(cell, reading("running", -1000), reading("down", -900))
    before = history(cell, -1100, 0)

    kept = report(cell, reading("down", -900), reading("running", -1000), reading("running", -1000))

    assert (kept.kept, kept.repeated, kept.refused) == (0, 3, [])
    assert history(cell, -1100, 0) == before


def test_order_of_arrival_changes_nothing(app):
    rnd = random.Random(7)
    said = [reading(rnd.choice(["running", "idle", "down", "unknown"]), -rnd.randrange(3000)) for _ in range(60)]
    said = list({item.at: item for item in said}.values())
    straight, shuffled = make_cell("C01", heartbeat=20), make_cell("C02", heartbeat=20)
    sampled(straight)

    report(straight, *said)
    rnd.shuffle(said)
    for start in range(0, len(said), 7):
        report(shuffled, *said[start : start + 9])

    assert history(shuffled, -3100, 0) == history(straight, -3100, 0)
    assert history(straight, -3100, 0) == dense(said, 20, -3100)


def dense(said, heartbeat, start):
    """The same by hand, second by second."""
    marks = sorted((epoch(item.at) - SLOT, item.state) for item in said)
    states = ["unknown"] * -start
    for (at, state), following in zip(marks, [*(at for at, _ in marks[1:]), 0], strict=True):
        for second in range(at, min(following, at + 3 * heartbeat, 0)):
            states[second - start] = state
    pieces = []
    for second, state in enumerate(states, start):
        if pieces and pieces[-1][0] == state:
            pieces[-1] = (state, pieces[-1][1], second + 1)
        else:
            pieces.append((state, second, second + 1))
    return pieces


def test_a_reading_without_a_time_holds_from_its_arrival(app):
    cell = make_cell()

    report(cell, cells.ReadingItem("running"))

    [row] = db.session.query(cells.Reading)
    assert row.at == NOW
    assert sighting(cell).state == "running"


def test_while_no_sampler_lives_readings_are_believed_up_to_now(app):
    cell = make_cell(heartbeat=60)

    report(cell, reading("running", -300), reading("idle", -30))

    assert history(cell, -300, 60) == [
        ("running", -300, -120),
        ("unknown", -120, -30),
        ("idle", -30, 0),
        ("unknown", 0, 60),
    ]


def test_nothing_is_asserted_beyond_what_was_sampled(app):
    cell = make_cell(heartbeat=60)
    sampled(cell)

    report(cell, reading("running", -10))

    assert history(cell, -20, 100) == [("unknown", -20, -10), ("running", -10, 0), ("unknown", 0, 100)]


def test_of_one_second_the_last_word_prevails(app):
    cell = make_cell()
    sampled(cell)
    half = timedelta(milliseconds=500)

    report(cell, cells.ReadingItem("down", moment(SLOT - 10) + half), reading("running", -10))

    assert history(cell, -10, 0) == [("down", -10, 0)]


@pytest.mark.parametrize(
    ("raw", "code", "says"),
    [
        ({"state": "tea"}, "VALIDATION", "must be one of running, setup, idle"),
        ({"state": 5}, "VALIDATION", "must be one of running"),
        ({}, "VALIDATION", "must be one of running"),
        ([], "VALIDATION", "a reading is an object"),
        (None, "VALIDATION", "a reading is an object"),
        ({"state": "idle", "colour": "red"}, "VALIDATION", "colour is not a field"),
        ({"state": "idle", "at": "2026-03-04T10:00:00"}, "VALIDATION", "at must be a time with a zone"),
        ({"state": "idle", "at": "yesterday"}, "VALIDATION", "at must be a time with a zone"),
        ({"state": "idle", "at": 1772618400}, "VALIDATION", "at must be a time with a zone"),
        ({"state": "idle", "at": "0001-01-01T00:00:00+14:00"}, "VALIDATION", "at must be a time with a zone"),
        ({"state": "idle", "at": "2026-03-04T10:01:01Z"}, "VALIDATION", "at must not be later than now"),
        ({"state": "idle", "at": "2025-12-03T10:00:00Z"}, "VALIDATION", "at must not be older than 90 days"),
        ({"state": "idle", "at": "2026-03-02T10:00:00Z"}, "VALIDATION", "before the cell went into service"),
        ({"state": "idle", "project_id": 7}, "VALIDATION", "fence must be given with project_id"),
        ({"state": "idle", "outcome": "finished"}, "VALIDATION", "project_id must be given with an outcome"),
        ({"state": "idle", "project_id": 7, "fence": 1, "outcome": "won"}, "VALIDATION", "finished or failure"),
        ({"state": "idle", "project_id": 7, "fence": True}, "VALIDATION", "fence must be"),
        ({"state": "idle", "project_id": 7, "fence": 1}, "WRONG_STATE", "does not hold project 7 with the fence 1"),
    ],
)
def test_a_bad_item_is_refused_and_not_its_batch(app, raw, code, says):
    cell = make_cell()

    kept = report(cell, reading("running", -5), raw, {"state": "idle", "at": "2026-03-04T10:00:30Z"})

    [no] = kept.refused
    assert (kept.kept, no.index, no.code) == (2, 1, code)
    assert says in no.message


def test_one_moment_has_one_state(app):
    cell = make_cell()
    report(cell, reading("running", -5))

    kept = report(cell, reading("down", -5), reading("idle", -3), reading("setup", -3), reading("held", -3))

    assert (kept.kept, kept.repeated) == (1, 1)
    assert [(no.index, no.code) for no in kept.refused] == [(0, "CONFLICT"), (2, "CONFLICT")]


def test_history_can_be_told_as_far_back_as_it_is_kept(app):
    cell = make_cell(in_service_from=NOW - timedelta(days=9))

    kept = report(cell, reading("idle", -8 * 86400), now=NOW, keep=timedelta(days=7))

    assert kept.refused[0].message == "at must not be older than 7 days"


@pytest.mark.parametrize("count", [0, 5001])
def test_a_batch_has_its_limits(app, count):
    with pytest.raises(Invalid):
        report(make_cell(), *[{}] * count)


def test_a_cell_without_a_pushing_feed_is_told_so(app):
    from webapp.config import networks

    cell = make_cell(address="http://127.0.0.1:7000", networks=networks("127.0.0.0/8"))

    with pytest.raises(WrongState):
        report(cell, reading("idle", 0))


def holding(cell, project=7):
    with transaction():
        return cells.claim(cell, f"project:{project}", NOW - timedelta(hours=1))


def test_an_outcome_under_the_fence_is_there_to_be_heeded(app):
    cell = make_cell()
    claim = holding(cell)
    job = {"project_id": 7, "fence": claim.fence, "outcome": "finished"}

    kept = report(cell, {"state": "idle", **job}, {"state": "setup", "at": "2026-03-04T10:00:30Z"})

    assert (kept.kept, kept.refused) == (2, [])
    assert sighting(cell).job == {**job, "progress": None, "reason": ""}
    assert sighting(cell).state == "setup"


def test_an_old_fence_changes_nothing(app):
    cell = make_cell()
    first = holding(cell)
    with transaction():
        cells.release(first, NOW, "failed")
    holding(cell)

    kept = report(cell, {"state": "idle", "project_id": 7, "fence": 1, "outcome": "finished"})

    assert (kept.kept, kept.refused[0].code, kept.refused[0].no.status) == (0, "WRONG_STATE", 409)
    assert sighting(cell).job is None
    assert db.session.query(cells.Reading).count() == 0


def test_boards_show_the_newest_reading_whatever_came_last(app):
    cell = make_cell()

    report(cell, reading("down", -5, detail="E-417"))
    report(cell, reading("running", -60, detail="Nest 3"))

    assert (sighting(cell).state, sighting(cell).detail, sighting(cell).since) == ("down", "E-417", moment(SLOT - 5))


def test_what_was_buffered_long_ago_does_not_look_alive(app):
    cell = make_cell(heartbeat=10)

    report(cell, reading("running", -3000))

    assert (sighting(cell).state, sighting(cell).never) == ("unknown", True)


def test_old_readings_are_dropped_and_the_history_stays(app):
    cell = make_cell()
    sampled(cell)
    report(cell, reading("running", -2000), reading("idle", -10))
    before = history(cell, -2100, 0)

    cells.forget_readings(NOW, timedelta(seconds=1000))

    assert [row.at for row in db.session.query(cells.Reading)] == [moment(SLOT - 10)]
    assert history(cell, -2100, 0) == before


def test_a_full_batch_is_kept(app):
    cell = make_cell()
    sampled(cell, -6000)

    kept = report(cell, *(reading(("running", "idle")[n // 10 % 2], n - 5000) for n in range(5000)))

    assert kept.kept == 5000
    assert len(history(cell, -5000, 0)) == 500
