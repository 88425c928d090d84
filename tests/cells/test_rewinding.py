"""The whole floor as it was: state, since when, in whose hands, and what was said of it."""

from datetime import timedelta

import pytest

from tests.world import NOW, at, make_cell
from webapp import cells, ledger
from webapp.cells import ReadingItem
from webapp.extensions import transaction
from webapp.lib.clock import epoch
from webapp.lib.window import Window

EVENING = at("20:00")
SECOND = timedelta(seconds=1)


@pytest.fixture
def cell(app):
    """Running from 09:00, down from 10:00, idle from 10:30 on; asked until 11:00."""
    cell = make_cell("C01", heartbeat=3600)
    sampled(cell)
    said(cell, ("09:00", "running", ""), ("10:00", "down", "E-417"), ("10:30", "idle", ""))
    return cell


def sampled(cell, until="11:00"):
    lease = ledger.lease(cell.book_id, 1, epoch(at("08:00")))
    with transaction():
        for slot in (epoch(at("08:00")), epoch(at(until)) - 1):
            ledger.tick(lease, slot, {})


def said(cell, *readings):
    cells.keep_readings(
        cell.id, [ReadingItem(state, at(clock), words) for clock, state, words in readings], at("11:00")
    )


def then(clock, now=EVENING):
    """What each cell was at that second, by name."""
    window = Window(at(clock), at(clock) + SECOND)
    return {cell.name: stretches[0] for cell, stretches in cells.rewind(window, now)}


def test_each_minute_has_its_state_and_since_when(cell):
    assert (then("09:59")["C01"].state, then("09:59")["C01"].since) == ("running", at("09:00"))
    assert (then("10:00")["C01"].state, then("10:00")["C01"].since) == ("down", at("10:00"))
    assert (then("10:45")["C01"].state, then("10:45")["C01"].since) == ("idle", at("10:30"))


def test_what_nobody_asserted_is_unknown(cell):
    assert then("08:30")["C01"].state == "unknown"
    assert then("11:00")["C01"].state == "unknown"
    assert then("11:00")["C01"].since == at("11:00")


def test_what_the_machine_said(cell):
    assert then("10:10")["C01"].words == "E-417"
    assert then("10:40")["C01"].words == ""


def test_what_a_person_said_stands_before_it(cell):
    reason = cells.reasons("down")[0]
    cells.give_reason(cell.id, Window(at("10:00"), at("10:20")), reason.id, "oli", EVENING, "Spare ordered")

    assert then("10:10")["C01"].words == f"{reason.name}: Spare ordered"
    assert then("10:25")["C01"].words == "E-417"


def test_what_was_corrected_since_is_said_to_be(cell):
    cells.correct_history(cell.id, Window(at("10:10"), at("10:20")), "maintenance", "Planned", "sam", EVENING)

    shown = then("10:15")["C01"]
    assert (shown.state, shown.words, shown.corrected) == ("maintenance", "Planned (sam)", True)
    assert not then("10:05")["C01"].corrected
    assert then("10:25")["C01"].since == at("10:20")


def test_who_held_it_then(cell):
    with transaction():
        held = cells.claim(cell, "project:7", at("09:30"))
    with transaction():
        cells.release(held, at("10:45"), "finished")
    with transaction():
        cells.claim(cell, "project:8", at("10:50"))

    assert [then(clock)["C01"].what for clock in ("09:29", "09:30", "10:44", "10:45", "10:50")] == [
        *(None, "project:7", "project:7", None, "project:8")
    ]
    assert then("10:40")["C01"].shown == "held"
    assert then("10:46")["C01"].shown == "idle"


def test_a_cell_is_on_the_floor_while_it_is_in_service(cell):
    late = make_cell("C02", in_service_from=at("10:15"))
    cells.retire_cell(late.id, "root", at("10:50"))

    assert [sorted(then(clock)) for clock in ("10:14", "10:15", "10:50")] == [["C01"], ["C01", "C02"], ["C01"]]
    assert then("10:20")["C02"].since == at("10:15")


def test_an_hour_is_cut_into_what_lasted(cell):
    with transaction():
        cells.claim(cell, "project:7", at("10:15"))

    [(_, stretches)] = cells.rewind(Window(at("09:45"), at("10:45")), EVENING)

    assert [(s.state, s.start, s.end, s.since, s.what) for s in stretches] == [
        ("running", at("09:45"), at("10:00"), at("09:00"), None),
        ("down", at("10:00"), at("10:15"), at("10:00"), None),
        ("down", at("10:15"), at("10:30"), at("10:00"), "project:7"),
        ("idle", at("10:30"), at("10:45"), at("10:30"), "project:7"),
    ]


def test_any_minute_reads_as_the_hour_does(cell):
    cells.correct_history(cell.id, Window(at("10:10"), at("10:20")), "setup", "Nest", "sam", EVENING)
    reason = cells.reasons("down")[0]
    cells.give_reason(cell.id, Window(at("10:05"), at("10:30")), reason.id, "oli", EVENING)
    [(_, hour)] = cells.rewind(Window(at("10:00"), at("11:00")), EVENING)

    for minute in range(60):
        moment = at("10:00") + timedelta(minutes=minute)
        alone = then(f"{moment:%H:%M}")["C01"]
        within = next(stretch for stretch in hour if stretch.start <= moment < stretch.end)
        assert (alone.state, alone.since, alone.words) == (within.state, within.since, within.words)


def test_nothing_is_told_of_the_future(cell):
    [(_, stretches)] = cells.rewind(Window(at("10:00"), at("11:00")), now=at("10:20"))

    assert stretches[-1].end == at("10:20")


def test_before_the_first_cell_there_is_no_floor(cell):
    before = NOW - timedelta(days=30)

    assert cells.rewind(Window(before, before + SECOND), EVENING) == []
