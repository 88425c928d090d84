"""What others have planned on cells: projects wait for it, and are named what holds a cell as people call it."""

from datetime import timedelta

from tests.projects.shop import PERIOD, later, make_cell, make_project, person, read, sweep
from tests.world import NOW
from webapp import cells, orders, projects, upkeep
from webapp.cells import Slot
from webapp.extensions import db, transaction
from webapp.orders import OperationSpec, OrderSpec


def book(cell, start, end, label="Oil change"):
    with transaction():
        cells.hold_lanes([cell.id])
        cells.book([Slot("window:1", "maintenance", cell.id, start, end, label)])


def test_while_somebody_has_booked_the_cell_it_waits_and_then_starts_by_itself(app):
    book(make_cell(), later(minutes=-5), later(minutes=5))

    project = make_project()

    assert (project.waiting_code, project.waiting_message) == ("cells_booked", "C01 is booked")
    assert not project.waiting_needs_person
    sweep(later(minutes=5))
    assert read(project).cell_id is not None


def test_one_that_nobody_foresees_may_run_until_somebodys_time_comes(app):
    book(make_cell(), later(minutes=5), later(minutes=10))

    assert make_project().cell_id is not None


def test_one_that_would_not_be_over_by_then_waits(app):
    book(make_cell(), later(minutes=29), later(minutes=40))

    assert make_project(expected_minutes=30).waiting_code == "cells_booked"
    assert make_project(expected_minutes=29).cell_id is not None


def test_an_operation_that_holds_the_cell_is_called_by_its_name(app):
    cell = make_cell(takes=["project", "operation"])
    spec = OrderSpec(ref="WO-1", product="Bracket", operations=[OperationSpec(name="bend", seconds=600)])
    orders.add_orders([spec], by="pat", now=NOW)
    orders.start_order("WO-1", person("oli"), NOW, PERIOD)

    project = make_project()

    [decision] = projects.decisions(project.id)
    assert project.waiting_code == "cells_busy"
    assert decision.candidates[0]["message"] == "WO-1 step 1, bend has it"
    assert projects.forecast(NOW, PERIOD)[project.id].start == later(minutes=10)
    assert cell.name in project.waiting_message


def test_a_cell_whose_maintenance_is_overdue_takes_no_project(app):
    cell = make_cell()
    with transaction():
        db.session.add(
            upkeep.Duty(
                cell_id=cell.id,
                name="Oil change",
                every_days=30,
                minutes=60,
                last_done_at=NOW - timedelta(days=31),
                due_at=NOW - timedelta(days=1),
                created_by="oli",
                created_at=NOW,
            )
        )

    project = make_project()

    assert (project.waiting_code, project.waiting_needs_person) == ("upkeep_due", True)
    assert project.waiting.help == "Do the maintenance"
    assert project.waiting_message == "C01: Oil change is overdue since 2026-03-03"
    assert project.waiting_cell_id == cell.id
