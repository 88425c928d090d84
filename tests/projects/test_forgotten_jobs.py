"""A cell that works on something a restored backup knows nothing of is left to it."""

from datetime import timedelta

from tests.world import idle_cell, make_project
from webapp import cells
from webapp.cells import Sighting
from webapp.extensions import db, transaction
from webapp.lib.clock import utcnow


def test_its_job_is_not_replaced_by_a_new_one(app):
    now = utcnow()
    cell = idle_cell(state="running")
    with transaction():
        held = cells.claim(cell, "project:900", now - timedelta(hours=9))
        cells.release(held, now - timedelta(hours=8), "finished", stop_owed=False)
        db.session.get_one(Sighting, cell.id).job = {"project_id": 901, "fence": 2, "progress": 0.4, "outcome": None}
    cells.outrun_fences(now - timedelta(minutes=5))

    waiting = make_project()

    assert waiting.cell_id is None
    assert waiting.waiting_message
