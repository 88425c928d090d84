"""Which cell fits, which of those that fit is taken, and why none is."""

from datetime import timedelta

import pytest

from tests.world import NOW
from webapp.projects import reasons
from webapp.projects.rules import RULES, Ask, Candidate, Scene, best, verdict


def candidate(name: str = "C01", **given: object) -> Candidate:
    number = int(name[1:])
    return Candidate(**{"cell_id": number, "name": name, "kind": "mill", "idle_since": NOW, **given})


def test_a_free_cell_fits_who_asks_for_nothing():
    assert verdict(Ask(), candidate()) is None


@pytest.mark.parametrize(
    ("ask", "cell", "rule", "message"),
    [
        (Ask(requested=2), {}, "asked for", "Another cell was asked for"),
        (Ask(kind="laser"), {}, "kind", "It is of the kind mill, not laser"),
        (Ask(tags=frozenset({"5-axis", "coolant"})), {"tags": frozenset({"coolant"})}, "tags", "It lacks 5-axis"),
        (Ask(), {"in_service": False}, "in service", "It is not in service"),
        (Ask(), {"takes_projects": False}, "takes projects", "No project can be handed to it"),
        (Ask(), {"mode": "draining", "mode_why": "new spindle"}, "open", "It is draining: new spindle"),
        (Ask(), {"mode": "closed"}, "open", "It is closed"),
        (Ask(), {"state": "down", "detail": "E-417"}, "well", "It is down: E-417"),
        (Ask(), {"state": "maintenance"}, "well", "It is in maintenance"),
        (Ask(), {"state": "unknown"}, "well", "It does not answer"),
        (Ask(), {"taken": "P-7 has it"}, "free", "P-7 has it"),
        (Ask(), {"state": "setup", "own_work": True}, "free", "It is being set up, with work of its own"),
        (Ask(), {"refused_until": NOW, "refused_why": "No fixture"}, "not refusing", "It refused work: No fixture"),
        (Ask(), {"unfit": "Oil is overdue since 2026-03-01"}, "maintained", "Oil is overdue since 2026-03-01"),
        (Ask(), {"booked_in": 0, "booked_by": "WO-7 step 1"}, "booked", "It is booked by WO-7 step 1"),
        (Ask(minutes=30), {"booked_in": 1799, "booked_by": "Oil"}, "booked", "It is booked by Oil"),
    ],
)
def test_each_rule_says_no_in_words(ask, cell, rule, message):
    no = verdict(ask, candidate(**cell))

    assert (no.rule, no.message) == (rule, message)


@pytest.mark.parametrize(("minutes", "booked_in"), [(0, None), (0, 1), (30, None), (30, 1800), (30, 9000)])
def test_a_booking_that_begins_when_it_ends_is_in_nobodys_way(minutes, booked_in):
    assert verdict(Ask(minutes=minutes), candidate(booked_in=booked_in)) is None


def test_a_running_cell_whose_job_was_ours_and_is_over_fits():
    assert verdict(Ask(), candidate(state="running")) is None


def test_every_rule_has_its_own_name():
    assert len({rule.__name__ for rule in RULES}) == len(RULES) == 11


def test_the_cell_idle_longest_is_taken():
    rested, tired = candidate("C02", idle_since=NOW - timedelta(hours=2)), candidate("C01")

    assert best([tired, rested]) is rested


def test_of_equally_rested_cells_the_quicker_one_then_the_first_by_name():
    slow, quick, unknown = candidate("C01", pace=900), candidate("C03", pace=600), candidate("C02")

    assert best([slow, unknown, quick]) is quick
    assert best([unknown, candidate("C04")]) is unknown


def test_a_cell_taken_is_seen_by_the_next():
    scene = Scene([candidate("C01"), candidate("C02")])

    scene.take(1, "P-7 has it")

    assert scene.find(Ask()).best.name == "C02"
    assert scene.find(Ask(requested=1)).best is None


def why(ask: Ask, *cells: Candidate) -> reasons.Reason:
    return Scene(cells).find(ask).reason


def test_no_cell_at_all():
    assert why(Ask()).message == "There is no cell yet"


def test_no_cell_is_of_the_kind():
    found = why(Ask(kind="laser", tags=frozenset({"wide"})), candidate())

    assert (found.code, found.needs_person) == ("no_fit_cell", True)
    assert found.message == "No cell fits: it asks for the kind laser and wide"


def test_the_cell_asked_for_can_never_take_it():
    found = why(Ask(kind="laser", requested=1), candidate("C01"), candidate("C02", kind="laser"))

    assert (found.code, found.cell_id) == ("no_fit_cell", 1)
    assert found.message == "It asks for C01, which is of the kind mill, not laser"


def test_the_cell_asked_for_is_gone():
    assert why(Ask(requested=9), candidate()).message == "No cell fits: it asks for a cell that is gone"


def test_what_ends_by_itself_comes_before_what_needs_a_person():
    busy, down = candidate("C01", taken="P-7 has it"), candidate("C02", state="down")

    found = why(Ask(), down, busy)

    assert (found.code, found.needs_person, found.message) == ("cells_busy", False, "C01 is busy")


@pytest.mark.parametrize(
    ("cells", "code", "message"),
    [
        (
            [{"taken": "P-1 has it"}, {"own_work": True, "state": "running"}],
            "cells_busy",
            "2 fit cells are busy (C01, C02)",
        ),
        ([{"refused_until": NOW}], "backing_off", "C01 refused work and is asked again soon"),
        ([{"booked_in": 0}, {"state": "down"}], "cells_booked", "C01 is booked"),
        ([{"booked_in": 0}, {"taken": "P-1 has it"}], "cells_busy", "C02 is busy"),
        ([{"unfit": "Oil is overdue"}, {"state": "down"}], "upkeep_due", "C01: Oil is overdue"),
        ([{"unfit": "Oil is overdue"}, {"state": "maintenance"}], "maintenance_ends", "C02 is in maintenance"),
        ([{"state": "maintenance"}, {"state": "down"}], "maintenance_ends", "C01 is in maintenance"),
        ([{"mode": "closed", "mode_why": "moved"}], "all_fit_closed", "C01 is closed: moved"),
        ([{"mode": "closed"}, {"mode": "draining"}], "all_fit_closed", "2 fit cells are closed or draining (C01, C02)"),
        ([{"state": "down", "detail": "E-417"}], "all_fit_down", "C01 is down: E-417"),
        ([{"state": "unknown"}], "all_fit_down", "C01 does not answer"),
        ([{"mode": "closed"}, {"state": "down"}], "all_fit_down", "2 fit cells are down, silent or closed (C01, C02)"),
    ],
)
def test_the_one_reason_behind_all_verdicts(cells, code, message):
    found = why(Ask(), *(candidate(f"C0{n}", **given) for n, given in enumerate(cells, 1)))

    assert (found.code, found.message) == (code, message)


def test_the_cell_that_somebody_should_look_at_is_named():
    found = why(Ask(), candidate("C01", mode="closed"), candidate("C02", state="down"))

    assert (found.cell_id, found.help) == (2, "Look at the cell")


def test_many_names_are_cut():
    found = why(Ask(), *(candidate(f"C{n:02}", taken="P-1 has it") for n in range(1, 10)))

    assert found.message == "9 fit cells are busy (C01, C02, C03, C04, C05, C06 and 3 more)"


def test_every_reason_is_of_one_group_and_says_what_helps():
    assert set(reasons.NEEDS_PERSON).isdisjoint(reasons.STARTS_BY_ITSELF)
    assert all(reasons.HELP[code] for code in reasons.NEEDS_PERSON)


def test_the_third_refusal_needs_a_person():
    first, third = reasons.refused("C01", "No fixture", 1, 1), reasons.refused("C01", "No fixture", 3, 1)

    assert (first.code, first.needs_person) == ("backing_off", False)
    assert (third.code, third.needs_person) == ("cells_refuse", True)
    assert third.message == "Cells refused it 3 times, last C01 refused it: No fixture"


def test_no_message_is_longer_than_its_column():
    assert len(reasons.cell_silent("C01", "x" * 400, 1).message) == 300
