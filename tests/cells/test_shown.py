"""The states of very many cells are those of their tiles."""

from datetime import timedelta

from tests.furnished import furnish
from webapp import cells
from webapp.lib.clock import utcnow


def test_they_are_what_the_floor_shows(app):
    furnish()

    for now in (utcnow(), utcnow() + timedelta(seconds=14), utcnow() + timedelta(hours=1)):
        shown = cells.states_now(now, 5)
        stands = cells.standings(now, 5)

        assert {id: shown.get(id, "unknown") for id in stands} == {id: one.state for id, one in stands.items()}
    assert set(shown.values()) <= {"unknown", "maintenance"}  # what somebody is at work on is known without a feed


def test_of_no_cells_there_are_none(app):
    assert cells.states_now(utcnow(), 5) == {}
