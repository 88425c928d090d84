"""Where a project's time went."""

from tests.projects.shop import later, make_cell, make_project, make_running, person, read, sweep
from tests.world import NOW
from webapp import cells, projects
from webapp.cells import Told
from webapp.lib.window import Window
from webapp.projects import handing


def phases(project, now):
    return [(phase.state, phase.seconds) for phase in projects.spans_of(read(project), now)]


def test_what_waits_waits(app):
    assert phases(make_project(), later(minutes=5)) == [("waiting", 300)]


def test_a_project_is_a_second_old(app):
    assert phases(make_project(), NOW) == []


def test_waiting_then_held_then_what_the_cell_did(app):
    cell = make_cell()
    first = make_running()
    project = make_project()
    projects.finish(first.id, person("sam"), later(minutes=10))
    sweep(later(minutes=10))
    projects.confirm_start(project.id, cell.id, read(project).fence, later(minutes=11))
    tell(cell, "setup", 11, 15)
    tell(cell, "running", 15, 40)
    tell(cell, "down", 40, 45)
    tell(cell, "idle", 45, 50)

    assert phases(project, later(minutes=52)) == [
        ("waiting", 600),
        ("held", 60),
        ("setup", 240),
        ("running", 1500),
        ("down", 300),
        ("held", 300),
        ("unknown", 120),
    ]


def tell(cell, state, start, end):
    window = Window(later(minutes=start), later(minutes=end))
    cells.correct_history(cell.id, window, state, "as seen", "sam", later(hours=2))


def test_the_end_is_the_end(app):
    cell = make_cell()
    project = make_running()
    tell(cell, "running", 0, 90)
    projects.finish(project.id, person("sam"), later(minutes=30))

    assert phases(project, later(hours=9)) == [("running", 1800)]


def test_a_cell_that_refused_held_it_for_a_while(app):
    make_cell()
    project = make_project()
    [errand] = handing._taken_up(NOW)
    handing.settle(errand, Told("refused", "No fixture"), later(minutes=2))
    sweep(later(minutes=5))

    assert phases(project, later(minutes=6)) == [("held", 120), ("waiting", 180), ("held", 60)]


def test_withdrawn_while_waiting(app):
    project = make_project()
    projects.fail(project.id, person(), later(minutes=3), "no")

    assert phases(project, later(hours=1)) == [("waiting", 180)]


def test_withdrawn_on_its_way(app):
    make_cell()
    project = make_project()
    projects.fail(project.id, person(), later(minutes=3), "no")

    assert phases(project, later(hours=1)) == [("held", 180)]
