"""A cell that stands is noticed once, and let go of when it works again."""

from datetime import timedelta

from tests.cells.alarms.standing import kept, look, only, says, told, watched_cell
from tests.world import at
from webapp import cells
from webapp.lib.clock import epoch


def test_a_cell_that_goes_down_is_kept_at_once(app):
    cell = watched_cell()
    says(cell, "down", "09:58", "Spindle overload E-417")

    look(cell, "10:00")

    stop = only(cell)
    assert (stop.kind, stop.state, stop.words, stop.detected_at) == (
        "stop",
        "down",
        "Spindle overload E-417",
        at("09:58"),
    )
    assert cells.open_stops(at("10:00")) == {cell.id: stop}


def test_looking_twice_finds_it_once(app):
    cell = watched_cell()
    says(cell, "down", "09:58")

    look(cell, "10:00")
    cells.note_stops(at("10:01"), 5)

    assert len(kept(cell)) == 1
