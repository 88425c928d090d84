"""A cell a person is at work on takes nothing, and says maintenance whatever its feed does."""

from datetime import timedelta

import pytest

from tests.world import NOW, idle_cell, make_cell
from webapp import cells, ledger
from webapp.extensions import transaction
from webapp.lib.clock import epoch, utcnow
from webapp.lib.refusal import WrongState


def test_a_tended_cell_is_not_claimed(app):
    cell = make_cell()
    with transaction():
        cells.tend(cell.id, NOW)

    with transaction():
        assert cells.claim(cells.one(cell.id), "project:1", NOW) is None

    with transaction():
        cells.leave(cell.id)
        assert cells.claim(cells.one(cell.id), "project:1", NOW)


def test_a_cell_that_is_held_cannot_be_tended(app):
    cell = make_cell()
    with transaction():
        cells.claim(cells.one(cell.id), "project:1", NOW)

    with pytest.raises(WrongState, match="C01 holds project 1"), transaction():
        cells.tend(cell.id, NOW)

    assert cells.one(cell.id).tended_since is None


def test_boards_say_maintenance_whatever_the_feed_does(app):
    says_idle, says_nothing = idle_cell("C01"), make_cell("C02", now=utcnow())
    now = utcnow()
    with transaction():
        cells.tend(says_idle.id, now)
        cells.tend(says_nothing.id, now)

    standings = cells.standings(now, 5)

    assert {standing.state for standing in standings.values()} == {"maintenance"}
    assert standings[says_idle.id].since == now.replace(microsecond=0)
    assert cells.states_now(now, 5) == {says_idle.id: "maintenance", says_nothing.id: "maintenance"}


def test_who_tended_it_is_believed_before_its_feed(app):
    cell, hour = make_cell(), timedelta(hours=1)
    with transaction():
        begun = epoch(NOW) - 7200
        ledger.assign(cell.book_id, cell.id, begun, epoch(NOW), ledger.State.RUNNING, ledger.Source.FEED)

    with transaction():
        cells.tended(cells.one(cell.id), NOW - hour, NOW)
        ledger.assign(cell.book_id, cell.id, begun, epoch(NOW), ledger.State.IDLE, ledger.Source.FEED)

    found = ledger.window(begun, epoch(NOW))[cell.id]
    assert (found.idle, found.maintenance) == (3600, 3600)
