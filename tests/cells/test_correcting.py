"""A correction keeps what it replaced, and can be taken back."""

import pytest

from tests.cells.stopped import DOWN, MORNING, report, stopped_cell, told
from tests.world import NOW, at
from webapp import cells, journal
from webapp.lib.refusal import NotFound, WrongState
from webapp.lib.window import Window

BEFORE = [("running", "08:30", "09:20", ""), ("down", "09:20", "09:50", "E-417"), ("idle", "09:50", "10:00", "")]
PART = Window(at("09:10"), at("09:30"))


def correct(cell, window=PART, state="maintenance", why="Belt changed"):
    return cells.correct_history(cell.id, window, state, why, "sam", NOW)


def test_taken_back_the_history_reads_as_before(app):
    cell = stopped_cell()
    change = correct(cell)
    between = told(cell)

    cells.take_correction_back(change.id, "root", NOW)

    assert between[1] == ("maintenance", "09:10", "09:30", "Belt changed (sam)")
    assert states(cell) == [(state, start, end) for state, start, end, _ in BEFORE]
    [kept] = cells.corrections([cell.id])
    assert (kept.taken_back_by, kept.taken_back_at) == ("root", NOW)
    assert journal.recent(f"cell:{cell.id}")[0].verb == "took a correction back"


def states(cell):
    """Whoever said so."""
    merged = []
    for state, start, end, _ in told(cell):
        if merged and merged[-1][0] == state:
            start = merged.pop()[1]
        merged.append((state, start, end))
    return merged


def test_what_nobody_knew_is_unknown_again(app):
    cell = stopped_cell(said=(("09:00", "running", ""),))
    change = correct(cell, Window(at("08:40"), at("08:50")), "running")

    cells.take_correction_back(change.id, "root", NOW)

    assert states(cell) == [("unknown", "08:30", "09:00"), ("running", "09:00", "10:00")]


def test_it_stays_a_persons_word(app):
    cell = stopped_cell()
    change = correct(cell)
    cells.take_correction_back(change.id, "root", NOW)

    report(cell, ("09:25", "setup", ""))

    assert ("down", "09:20", "09:30") in states(cell)


def test_twice_is_refused(app):
    cell = stopped_cell()
    change = correct(cell)
    cells.take_correction_back(change.id, "root", NOW)

    with pytest.raises(WrongState) as no:
        cells.take_correction_back(change.id, "sam", NOW)

    assert no.value.message == "root took it back already"


def test_a_later_one_is_taken_back_first(app):
    cell = stopped_cell()
    first, second = correct(cell), correct(cell, DOWN, "running", "It ran")

    with pytest.raises(WrongState):
        cells.take_correction_back(first.id, "sam", NOW)
    cells.take_correction_back(second.id, "sam", NOW)
    cells.take_correction_back(first.id, "sam", NOW)

    assert states(cell) == [(state, start, end) for state, start, end, _ in BEFORE]


def test_both_are_restated_figures(app):
    cell = stopped_cell()
    change = correct(cell)
    cells.take_correction_back(change.id, "root", NOW)

    assert [(one.by, one.why) for one in cells.restatements(MORNING)] == [
        ("root", "Taken back: Belt changed"),
        ("sam", "Belt changed"),
    ]


def test_a_missing_one(app):
    with pytest.raises(NotFound):
        cells.take_correction_back(77, "sam", NOW)
