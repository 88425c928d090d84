"""The queue as people see it, and what the form foretells."""

from tests.projects.shop import PERIOD, a_spec, later, make_cell, make_project, make_running, person, read, sweep
from tests.world import NOW
from webapp import cells, projects


def learn(minutes: int = 60) -> None:
    """One finished run on every free cell."""
    for _ in cells.all_cells():
        project = make_running(now=later(minutes=-minutes))
        projects.finish(project.id, person("sam"), NOW)


def outlook(**given):
    return projects.foresee(a_spec(**given), person(), NOW, PERIOD)


def test_a_running_project_is_predicted_from_its_cells_pace(app):
    make_cell()
    learn(60)
    project = make_running()

    prediction = projects.forecast(later(minutes=10), PERIOD)[project.id]

    assert (prediction.end, prediction.known) == (later(minutes=60), True)


def test_the_queue_is_in_order_with_reasons_and_predictions(app):
    make_cell()
    learn(60)
    make_running()
    second, first = make_project(), make_project(priority=9)

    items = projects.queue(later(minutes=5), PERIOD)

    assert [(i.project.id, i.position) for i in items] == [(first.id, 1), (second.id, 2)]
    assert [i.prediction.start for i in items] == [later(minutes=60), later(minutes=120)]
    assert items[0].reason.code == "cells_busy"
    assert (items[0].waited, items[0].cell_id) == (later(minutes=5) - NOW, None)


def test_what_is_being_handed_over_leads_the_queue(app):
    cell = make_cell()
    make_project(cell_kind="laser")
    handed = make_project()

    first, second = projects.queue(NOW, PERIOD)

    assert (first.project.id, first.cell_id, first.reason) == (handed.id, cell.id, None)
    assert (second.reason.code, second.reason.help) == ("no_fit_cell", "Ask for another cell")


def test_the_form_says_which_cell_it_would_be(app):
    make_cell("C01", since=later(hours=-2))
    make_cell("C02")

    found = outlook(expected_minutes=90)

    assert (found.cell.name, found.position, found.why) == ("C01", None, "It fits and has been idle longest.")
    assert (found.start, found.end) == (NOW, later(minutes=90))


def test_what_the_form_foretells_is_what_happens(app):
    for name in ("C01", "C02"):
        make_cell(name)

    foretold = [outlook(), *([] if not make_project() else [outlook()])]

    assert [o.cell.name for o in foretold] == ["C01", "C02"]
    assert read(make_project()).cell_id == foretold[1].cell.cell_id


def test_the_form_says_what_it_would_wait_for(app):
    make_cell()
    learn(60)
    make_running()
    make_project()

    found = outlook()

    assert (found.cell, found.position, found.ahead) == (None, 2, 1)
    assert (found.why, found.reason.code) == ("C01 is busy.", "cells_busy")
    assert (found.next_free.name, found.next_free_at) == ("C01", later(minutes=60))
    assert (found.start, found.end) == (later(minutes=120), later(minutes=180))


def test_priority_changes_the_place(app):
    make_cell()
    make_running()
    make_project()

    assert outlook(priority=9).position == 1


def test_a_form_half_typed_is_no_fault(app):
    make_cell()

    found = outlook(cad_model="", expected_minutes=10**9, priority=10**9, requested_cell_id=10**9, tags=["?"])

    assert found.reason.code == "no_fit_cell"


def test_no_cell_will_be_free(app):
    make_cell(state="down")

    found = outlook()

    assert (found.next_free, found.start, found.prediction.known) == (None, None, False)


def test_asking_changes_nothing(app):
    cell = make_cell()

    outlook()
    projects.forecast(NOW)
    projects.queue(NOW)

    assert cells.claim_on(cell.id) is None
    sweep()
