"""The sweep: whose turn it is, what it writes down, and what it leaves alone."""

from sqlalchemy import event

from tests.projects.shop import (
    PERIOD,
    claims_of,
    later,
    make_cell,
    make_project,
    make_running,
    person,
    read,
    show,
    sweep,
)
from tests.world import NOW
from webapp import cells, projects
from webapp.extensions import db, transaction


def free(project) -> None:
    projects.finish(project.id, person("sam"), NOW)


def test_a_cell_that_becomes_free_goes_to_the_first_in_the_queue(app):
    make_cell()
    running = make_running()
    second, first = make_project(now=later(minutes=1)), make_project(now=later(minutes=2), priority=6)
    free(running)

    sweep(later(minutes=3))

    assert read(first).cell_id is not None
    assert read(second).waiting_message == "C01 is busy"


def test_who_cannot_use_the_cell_lets_others_pass(app):
    make_cell(kind="mill")
    running = make_running()
    picky, easy = make_project(cell_kind="laser"), make_project()
    free(running)

    sweep()

    assert read(easy).cell_id is not None
    assert read(picky).waiting_code == "no_fit_cell"


def test_the_reason_follows_the_cells(app):
    cell = make_cell()
    make_running()
    waits = make_project()
    show(cell, "down", detail="E-417")
    cells.set_mode(cell.id, "draining", "", "sam", NOW)

    sweep()

    assert (read(waits).waiting_code, read(waits).waiting_message) == ("all_fit_closed", "C01 is draining")


def test_the_same_finding_is_counted_not_repeated(app):
    make_cell(state="down")
    waits = make_project()

    for minute in range(1, 4):
        sweep(later(minutes=minute))

    [decision] = projects.decisions(waits.id)
    assert (decision.at, decision.last_at, decision.times) == (NOW, later(minutes=3), 4)


def test_a_new_finding_is_a_new_row(app):
    cell = make_cell(state="down")
    waits = make_project()
    show(cell, "maintenance")

    sweep(later(minutes=1))

    newest, oldest = projects.decisions(waits.id)
    assert (newest.code, oldest.code) == ("maintenance_ends", "all_fit_down")
    assert projects.decisions(waits.id, before=newest.id) == [oldest]
    assert read(waits).waiting_message == "C01 is in maintenance"


def test_another_project_on_the_same_busy_cell_is_no_new_finding(app):
    make_cell()
    first = make_running()
    second, third = make_project(now=later(minutes=1)), make_project(now=later(minutes=2))
    free(first)
    sweep(later(minutes=3))
    assert read(second).cell_id is not None

    [decision] = projects.decisions(third.id)

    assert (decision.code, decision.times) == ("cells_busy", 2)


def test_an_old_sighting_does_not_keep_a_freed_cell(app):
    cell = make_cell()
    running = make_running()
    show(cell, "running", at=later(minutes=1), since=NOW, job={"project_id": running.id, "fence": 1})
    projects.finish(running.id, person("sam"), later(minutes=2))

    assert read(make_project(now=later(minutes=2, seconds=1))).cell_id == cell.id


def test_a_cell_at_work_without_a_claim_has_something_of_its_own(app):
    make_cell(state="running")

    assert read(make_project()).waiting_code == "cells_busy"


def test_a_cell_that_began_something_after_its_last_claim_has_something_of_its_own(app):
    cell = make_cell()
    free(make_running())
    show(cell, "running", at=later(hours=2), since=later(minutes=30))

    assert read(make_project(now=later(hours=2))).waiting_code == "cells_busy"


def test_a_silent_cell_gets_nothing(app):
    make_cell()

    project = make_project(now=later(hours=4))

    assert (project.waiting_code, project.waiting_message) == ("all_fit_down", "C01 does not answer")


def test_a_cell_that_takes_no_projects_gets_none(app):
    make_cell(takes=["simulation"])

    assert make_project().waiting_code == "no_fit_cell"


def test_a_claim_lost_to_somebody_else_leads_to_the_next_cell(app, monkeypatch):
    wanted = make_cell("C01", since=later(hours=-2))
    make_cell("C02")
    claim = cells.claim

    def too_late(cell, what, now):
        if cell.id == wanted.id:
            claim(cell, "operation:1", now)
        return claim(cell, what, now)

    monkeypatch.setattr(cells, "claim", too_late)

    assert claims_of(make_project()) == [("C02", True)]


def test_a_cell_claimed_by_somebody_else_is_busy(app):
    cell = make_cell()
    with transaction():
        cells.claim(cell, "operation:OP-3", NOW)

    [decision] = projects.decisions(make_project().id)

    assert decision.candidates[0]["message"] == "operation OP-3 has it"


def test_an_empty_queue_costs_one_question(app):
    make_cell()
    db.session.rollback()
    asked = []
    with listening(asked):
        sweep()

    assert len([statement for statement in asked if statement.startswith("SELECT")]) == 1


def test_nothing_new_is_one_write(app):
    make_cell(state="down")
    for _ in range(5):
        make_project()
    asked = []
    with listening(asked):
        sweep(later(minutes=1))

    assert sum(statement.startswith("UPDATE") for statement in asked) == 1


class listening:
    """Every statement sent to the database meanwhile."""

    def __init__(self, heard: list[str]) -> None:
        self.hear = lambda conn, cursor, statement, *rest: heard.append(statement)

    def __enter__(self) -> None:
        event.listen(db.engine, "before_cursor_execute", self.hear)

    def __exit__(self, *how: object) -> None:
        event.remove(db.engine, "before_cursor_execute", self.hear)


def test_two_sweeps_one_after_the_other_place_once(app):
    cell = make_cell()
    cells.set_mode(cell.id, "closed", "", "sam", NOW)
    waits = make_project()
    cells.set_mode(cell.id, "open", "", "sam", NOW)

    sweep()
    sweep()

    assert claims_of(waits) == [("C01", True)]


def test_priority_decides_while_it_waits(app):
    cell = make_cell()
    running = make_running()
    first, second = make_project(now=later(minutes=1)), make_project(now=later(minutes=2))

    projects.set_priority(second.id, 9, person("sam"), later(minutes=3))

    free(running)
    sweep(later(minutes=4))
    assert (read(second).cell_id, read(first).cell_id) == (cell.id, None)
    assert read(second).version == 2


def test_a_period_shorter_than_the_silence_makes_a_cell_unknown(app):
    make_cell()

    projects.dispatch_waiting(NOW, PERIOD)
    waits = projects.create(projects.ProjectSpec("a", "b"), person(), later(seconds=16), period=5)

    assert waits.waiting_message == "C01 does not answer"
