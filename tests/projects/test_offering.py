"""Changed values of a running project are offered to its cell, which takes them or not."""

from tests.projects.shop import later, make_cell, make_project, person, read
from tests.world import NOW
from webapp import journal, projects


def make_changed(hall):
    """A running project with x1 changed from 5 to 6."""
    make_cell("C01", hall=hall)
    project = make_project(parameters={"x1": "5"})
    projects.start_dispatched(NOW, hall.networks)
    projects.revise(project.id, {"x1": "6"}, person(), NOW)
    return project


def test_the_cell_takes_them(app, hall):
    project = make_changed(hall)

    projects.offer_values(later(seconds=1), hall.networks)

    assert read(project).offer == "taken"
    [offered] = hall.calls("PUT")
    assert (offered["fence"], offered["x-params"]) == (1, {"x1": "6"})
    assert journal.recent(project.what)[0].verb == "cell took values"


def test_the_cell_refuses_them(app, hall):
    project = make_changed(hall)
    hall.answers["PUT", 1] = (409, {"message": "too late"})

    projects.offer_values(later(seconds=1), hall.networks)

    assert (read(project).status, read(project).offer) == ("running", "refused")
    entry = journal.recent(project.what)[0]
    assert (entry.verb, entry.by, entry.details["why"]) == ("cell refused values", "cell:C01", "too late")


def test_a_silent_cell_is_offered_them_again(app, hall):
    project = make_changed(hall)
    hall.sick[1] = "error"
    projects.offer_values(NOW, hall.networks)
    assert read(project).offer == "owed"
    hall.sick.clear()

    projects.offer_values(later(seconds=5), hall.networks)
    assert read(project).offer == "owed"
    projects.offer_values(later(seconds=10), hall.networks)

    assert read(project).offer == "taken"


def test_nothing_owed_nothing_said(app, hall):
    project = make_changed(hall)
    projects.offer_values(NOW, hall.networks)

    projects.offer_values(later(minutes=1), hall.networks)

    assert len(hall.calls("PUT")) == 1
    assert read(project).offer == "taken"
