"""Telling cells that a job is over, until they have heard it."""

from datetime import timedelta

import pytest

from tests.cells.machines import open_hall
from tests.world import NOW, make_cell
from webapp import cells
from webapp.extensions import db, transaction


@pytest.fixture(scope="module")
def hall():
    with open_hall() as hall:
        yield hall


@pytest.fixture(autouse=True)
def _quiet(hall):
    hall.answers.clear(), hall.sick.clear(), hall.heard.clear()


def ended_job(hall, what="project:7", number=1):
    """A cell whose job is over, and its claim."""
    cell = cells.by_name(f"C{number:02}") or make_cell(
        f"C{number:02}", address=hall.address(number), networks=hall.networks
    )
    with transaction():
        claim = cells.claim(cell, what, NOW)
        cells.release(claim, NOW, "finished")
    return cell, claim


def test_a_cell_is_told_once_that_its_job_is_over(app, hall):
    _, claim = ended_job(hall)

    cells.tell_stops(NOW, hall.networks)
    cells.tell_stops(NOW, hall.networks)

    assert hall.calls("DELETE") == [{"project_id": 7, "fence": 1}]
    assert not claim.stop_owed


def test_a_silent_cell_is_told_again_less_and_less_often(app, hall):
    _, claim = ended_job(hall)
    hall.answers["DELETE", 1] = (500, b"")

    for seconds in range(0, 60, 5):
        cells.tell_stops(NOW + timedelta(seconds=seconds), hall.networks)

    assert len(hall.calls("DELETE")) == 4
    assert claim.stop_owed
    assert claim.stop_after == NOW + timedelta(seconds=35 + 40)


def test_several_cells_are_told_at_once(app, hall):
    claims = [ended_job(hall, f"project:{n}", n)[1] for n in (1, 2, 3)]
    hall.sick[2] = "reset"

    cells.tell_stops(NOW, hall.networks)

    assert [claim.stop_owed for claim in claims] == [False, True, False]


def test_a_cell_that_says_it_has_newer_work_needs_no_telling(app, hall):
    cell, claim = ended_job(hall)
    with transaction():
        cells.claim(cell, "project:8", NOW)
        db.session.get_one(cells.Sighting, cell.id).job = {"project_id": 8, "fence": 2}

    cells.tell_stops(NOW, hall.networks)

    assert hall.calls("DELETE") == []
    assert not claim.stop_owed


def test_no_cell_is_told_anything_inside_a_transaction(app, hall):
    cell, _ = ended_job(hall)

    with pytest.raises(RuntimeError), transaction():
        cells.stop_job(cell, 7, 1, hall.networks)
