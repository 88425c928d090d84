"""Somebody comes, calls, or says that it is over. Of two at once one wins."""

import pytest

from tests.cells.alarms.standing import kept, look, only, says, watched_cell
from tests.projects.test_races import together
from tests.world import at
from webapp import cells, journal
from webapp.lib.refusal import Invalid, WrongState


@pytest.fixture
def stopped(app):
    cell = watched_cell()
    says(cell, "down", "09:58")
    look(cell, "10:00")
    return cell


def test_who_acknowledges_is_kept_with_the_time(stopped):
    cells.acknowledge_stop(stopped.id, "sam", at("10:03"))

    stop = only(stopped)
    assert (stop.acknowledged_by, stop.acknowledged_at) == ("sam", at("10:03"))
    assert stop.repaired_at is None
    assert journal.recent(f"cell:{stopped.id}", limit=1)[0].verb == "acknowledged stop"


def test_the_second_is_told_who_was_first(stopped):
    cells.acknowledge_stop(stopped.id, "sam", at("10:03"))

    with pytest.raises(WrongState, match="sam is at C01 already"):
        cells.acknowledge_stop(stopped.id, "oli", at("10:04"))


def test_of_eight_who_acknowledge_at_once_one_wins(app, stopped):
    names, cell_id = [f"person{n}" for n in range(8)], stopped.id
    come = [lambda name=name: cells.acknowledge_stop(cell_id, name, at("10:03")) for name in names]

    answers = together(app, *come)

    assert sum(answer is None for answer in answers) == 1
    assert names[answers.index(None)] == only(stopped).acknowledged_by


def test_there_is_nothing_to_acknowledge_at_a_cell_that_works(app):
    cell = watched_cell()

    with pytest.raises(WrongState, match="Nothing of C01 waits"):
        cells.acknowledge_stop(cell.id, "sam", at("10:03"))


def test_a_call_needs_no_stop(app):
    cell = watched_cell()

    call = cells.call_for_help(cell.id, "  Crane  wanted ", "oli", at("10:00"))

    assert (call.kind, call.words, call.called_by, call.detected_at) == ("call", "Crane wanted", "oli", at("10:00"))
    assert cells.open_stops(at("10:01")) == {cell.id: call}


def test_a_call_is_not_ended_by_the_cell(app):
    cell = watched_cell()
    cells.call_for_help(cell.id, "", "oli", at("10:00"))

    look(cell, "10:05")

    assert only(cell).repaired_at is None


def test_whoever_came_ends_it(app):
    cell = watched_cell()
    cells.call_for_help(cell.id, "", "oli", at("10:00"))

    cells.end_call(cell.id, "sam", at("10:20"))

    assert (only(cell).outcome, only(cell).ended_by, only(cell).repaired_at) == ("ended", "sam", at("10:20"))
    with pytest.raises(WrongState):
        cells.end_call(cell.id, "oli", at("10:21"))


def test_of_two_who_call_at_once_one_call_is_kept(app):
    cell = watched_cell()
    cell_id = cell.id

    answers = together(app, *[lambda: cells.call_for_help(cell_id, "", "oli", at("10:00"))] * 2)

    assert sum(isinstance(answer, WrongState) for answer in answers) == 1
    assert len(kept(cell)) == 1


def test_going_there_answers_the_stop_and_the_call(stopped):
    cells.call_for_help(stopped.id, "It smokes", "oli", at("10:01"))

    cells.acknowledge_stop(stopped.id, "sam", at("10:03"))

    assert {alarm.acknowledged_by for alarm in cells.open_on(stopped.id)} == {"sam"}


def test_what_waits_for_somebody_stands_before_what_is_seen_to(stopped):
    cells.acknowledge_stop(stopped.id, "sam", at("10:03"))
    call = cells.call_for_help(stopped.id, "", "oli", at("10:04"))

    assert cells.open_stops(at("10:05"))[stopped.id] == call


def test_a_call_has_one_line(app):
    with pytest.raises(Invalid):
        cells.call_for_help(watched_cell().id, "x" * 201, "oli", at("10:00"))
