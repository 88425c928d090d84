"""What cells say of their jobs is acted upon."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.projects.shop import claims_of, later, make_cell, make_project, make_running, person, read, show
from tests.world import NOW
from webapp import journal, projects
from webapp.cells import Claim
from webapp.extensions import db


def says(cell, project, state="running", fence=None, **job):
    show(cell, state, job={"project_id": project.id, "fence": fence or project.fence, **job})


@pytest.mark.parametrize("outcome", ["finished", "failure"])
def test_a_cell_says_that_it_is_over(app, outcome):
    cell = make_cell()
    project = make_running()
    says(cell, project, "idle", outcome=outcome, reason="spindle hot")

    projects.heed_cells(later(minutes=5))

    project = read(project)
    assert (project.status, project.ended_by, project.ended_at) == (outcome, "cell:C01", later(minutes=5))
    assert (project.end_reason, claims_of(project)) == ("spindle hot", [("C01", False)])
    assert db.session.scalar(select(Claim.stop_owed)) is True


def test_an_older_fence_is_not_heard(app):
    cell = make_cell()
    projects.finish(make_running().id, person("sam"), NOW)
    project = make_running()
    says(cell, project, "idle", fence=1, outcome="failure")

    projects.heed_cells(NOW)

    assert read(project).status == "running"


def test_another_projects_job_is_not_heard(app):
    cell = make_cell()
    project = make_running()
    show(cell, "idle", job={"project_id": project.id + 1, "fence": project.fence, "outcome": "finished"})

    projects.heed_cells(NOW)

    assert read(project).status == "running"


def test_progress_is_noted_from_one_percent_on(app):
    cell = make_cell()
    project = make_running()
    says(cell, project, progress=0.5)
    projects.heed_cells(later(minutes=1))
    assert (read(project).progress, read(project).progress_at) == (0.5, later(minutes=1))

    says(cell, project, progress=0.505)
    projects.heed_cells(later(minutes=2))
    assert read(project).progress == 0.5

    says(cell, project, progress=0.51)
    projects.heed_cells(later(minutes=3))
    assert (read(project).progress, read(project).version) == (0.51, 1)


@pytest.mark.parametrize("state", ["down", "unknown"])
def test_a_cell_that_is_down_or_silent_ends_nothing(app, state):
    cell = make_cell()
    project = make_running()
    show(cell, state)

    projects.heed_cells(later(minutes=1))

    assert (read(project).status, claims_of(project)) == ("running", [("C01", True)])


def test_a_cell_whose_answer_was_lost_says_that_it_has_it(app, hall):
    cell = make_cell("C01", hall=hall)
    hall.sick[1] = "error"
    project = make_project()
    projects.start_dispatched(NOW, hall.networks)
    says(cell, read(project), "running", progress=0.02)

    projects.heed_cells(later(seconds=3))

    project = read(project)
    assert (project.status, project.progress, project.waiting_code) == ("running", 0.02, None)


def test_one_that_began_and_ended_unheard_is_told_as_both(app):
    cell = make_cell()
    project = make_project()
    says(cell, project, "idle", outcome="finished")

    projects.heed_cells(later(seconds=3))

    assert [entry.verb for entry in journal.recent(project.what)][:2] == ["finished project", "started project"]


def test_within_the_grace_the_cells_word_waits(app):
    cell = make_cell()
    project = make_running()
    projects.finish(project.id, person("sam"), NOW, undo=timedelta(seconds=10))
    says(cell, project, "idle", outcome="failure")

    projects.heed_cells(later(seconds=1))
    assert read(project).status == "finished"

    projects.undo_ending(project.id, person("sam"), later(seconds=2))
    projects.heed_cells(later(seconds=3))
    assert (read(project).status, read(project).ended_by) == ("failure", "cell:C01")
