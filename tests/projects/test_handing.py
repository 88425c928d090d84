"""A project is handed to its cell: which takes it, refuses it, or is silent about it."""

import pytest
from sqlalchemy import select

from tests.projects.shop import claims_of, later, make_cell, make_project, person, read, show, sweep
from tests.world import NOW
from webapp import cells, journal, projects
from webapp.cells import Cell, Claim, Told
from webapp.extensions import db
from webapp.lib.refusal import WrongState
from webapp.projects import handing

REFUSES = (409, {"message": "No fixture"})


def hand(hall, now=NOW) -> None:
    projects.start_dispatched(now, hall.networks)


def test_the_cell_takes_it_and_it_runs(app, hall):
    make_cell("C01", hall=hall)
    project = make_project(parameters={"x1": "5", "x2": None}, expected_minutes=90)

    hand(hall, later(seconds=2))

    project = read(project)
    assert (project.status, project.started_at, project.waiting_code) == ("running", later(seconds=2), None)
    [job] = hall.calls("POST")
    assert (job["project_id"], job["fence"]) == (project.id, 1)
    assert (job["x-params"], job["expected_minutes"]) == ({"x1": "5"}, 90)
    assert journal.recent(project.what)[0].verb == "started project"


def test_it_is_handed_over_with_the_values_of_that_moment(app, hall):
    make_cell("C01", hall=hall)
    project = make_project(parameters={"x1": "5"})
    projects.revise(project.id, {"parameters": {"x1": "6"}}, person(), NOW)

    hand(hall)

    assert hall.calls("POST")[0]["x-params"] == {"x1": "6"}
    assert read(project).offer is None


def test_values_changed_while_the_cell_is_told_are_owed(app, hall):
    make_cell("C01", hall=hall)
    project = make_project(parameters={"x1": "5"})
    [errand] = handing._taken_up(NOW)
    projects.revise(project.id, {"parameters": {"x1": "6"}}, person(), NOW)

    handing.settle(errand, Told("taken"), NOW)

    assert (read(project).status, read(project).offer) == ("running", "owed")


def test_a_running_project_is_not_handed_again(app, hall):
    make_cell("C01", hall=hall)
    make_project()

    hand(hall)
    hand(hall, later(minutes=5))

    assert len(hall.calls("POST")) == 1


def test_a_refusal_gives_the_cell_back_with_the_reason(app, hall):
    cell = make_cell("C01", hall=hall)
    hall.answers["POST", 1] = REFUSES
    project = make_project()

    hand(hall)

    project = read(project)
    assert (project.status, project.cell_id, claims_of(project)) == ("created", None, [("C01", False)])
    assert (project.waiting_code, project.waiting_message) == (
        "backing_off",
        "C01 refused it: No fixture; other cells are tried",
    )
    assert db.session.get(Cell, cell.id).refused_until == later(seconds=5)
    assert [d.outcome for d in projects.decisions(project.id)] == ["refused", "placed"]
    assert db.session.scalar(select(Claim.stop_owed)) is False


def test_another_cell_is_tried_at_once(app, hall):
    make_cell("C01", hall=hall, since=later(hours=-2))
    make_cell("C02", hall=hall)
    hall.answers["POST", 1] = REFUSES
    project = make_project()

    hand(hall)
    sweep(later(seconds=1))
    hand(hall, later(seconds=1))

    assert claims_of(project) == [("C01", False), ("C02", True)]
    assert read(project).status == "running"


def test_a_cell_that_refuses_is_left_alone_longer_and_longer(app, hall):
    cell = make_cell("C01", hall=hall)
    hall.answers["POST", 1] = REFUSES
    project = make_project()
    now, waits = NOW, []
    for _ in range(4):
        hand(hall, now)
        again = db.session.get(Cell, cell.id).refused_until
        waits.append((again - now).seconds)
        now = max(again, read(project).hand_after or now)
        sweep(now)

    assert waits == [5, 10, 20, 40]


def test_a_project_refused_again_and_again_needs_a_person(app, hall):
    make_cell("C01", hall=hall)
    hall.answers["POST", 1] = REFUSES
    project = make_project()
    now = NOW
    for _ in range(3):
        hand(hall, now)
        now = max(read(project).hand_after or now, db.session.scalar(select(Cell.refused_until)))
        sweep(now)

    assert len(hall.calls("POST")) == 3
    refused = [d for d in projects.decisions(project.id) if d.outcome == "refused"]
    assert len(refused) == 3
    assert read(project).refusals == 3


def test_its_reason_stands_until_it_is_tried_again(app, hall):
    make_cell("C01", hall=hall)
    hall.answers["POST", 1] = REFUSES
    project = make_project()
    project_id = project.id
    for seconds in (0, 10, 30):
        sweep(later(seconds=seconds))
        hand(hall, later(seconds=seconds))

    sweep(later(seconds=31))

    project = projects.one(project_id)
    assert (project.waiting_code, project.waiting_needs_person) == ("cells_refuse", True)
    assert project.waiting_message == "Cells refused it 3 times, last C01 refused it: No fixture"


def test_what_was_taken_forgets_the_refusals(app, hall):
    make_cell("C01", hall=hall)
    hall.answers["POST", 1] = REFUSES
    project = make_project()
    hand(hall)
    hall.answers.clear()

    sweep(later(seconds=10))
    hand(hall, later(seconds=10))

    assert (read(project).status, read(project).refusals) == ("running", 0)


def test_a_silent_cell_keeps_its_claim(app, hall):
    make_cell("C01", hall=hall)
    make_cell("C02", hall=hall, since=NOW)
    hall.sick[1] = "error"
    project = make_project()

    hand(hall)
    sweep(later(seconds=1))

    project = read(project)
    assert (project.status, project.waiting_code, project.waiting_needs_person) == ("created", "cell_silent", True)
    assert project.waiting_message.startswith("C01 does not say whether it took the job")
    assert claims_of(project) == [("C01", True)]


def test_a_silent_cell_is_asked_again_less_and_less_often(app, hall):
    make_cell("C01", hall=hall)
    hall.sick[1] = "error"
    project = make_project()
    now, waits = NOW, []
    for _ in range(6):
        hand(hall, now)
        again = read(project).hand_after
        waits.append((again - now).seconds)
        now = again

    assert waits == [5, 10, 20, 40, 60, 60]
    assert len(journal.recent(project.what)) == 3  # created, placed, silent: once


def test_a_cell_that_had_taken_it_is_believed_and_not_told_twice(app, hall):
    make_cell("C01", hall=hall)
    hall.sick[1] = "error"
    project = make_project()
    hand(hall)
    hall.sick.clear()
    hall.says[1] = {"status": "running", "job": {"project_id": project.id, "fence": 1}}

    hand(hall, later(seconds=5))

    assert read(project).status == "running"
    assert len(hall.calls("POST")) == 1


def test_a_cell_that_has_nothing_is_told_again(app, hall):
    make_cell("C01", hall=hall)
    hall.sick[1] = "error"
    project = make_project()
    hand(hall)
    hall.sick.clear()

    hand(hall, later(seconds=5))

    assert read(project).status == "running"
    assert len(hall.calls("POST")) == 2
    assert claims_of(project) == [("C01", True)]


def test_one_silent_cell_does_not_keep_others_waiting(app, hall):
    for name in ("C01", "C02"):
        make_cell(name, hall=hall)
    hall.sick[1] = "error"
    silent, well = make_project(), make_project()

    hand(hall)

    assert (read(silent).status, read(well).status) == ("created", "running")


def test_while_one_worker_tells_a_cell_no_other_does(app, hall):
    make_cell("C01", hall=hall)
    make_project()

    [errand] = handing._taken_up(NOW)

    assert handing._taken_up(later(seconds=9)) == []
    [again] = handing._taken_up(later(seconds=10))
    assert (errand.tries, again.tries) == (0, 1)


@pytest.mark.parametrize("outcome", ["taken", "refused", "silent"])
def test_an_answer_that_comes_too_late_changes_nothing(app, hall, outcome):
    make_cell("C01", hall=hall)
    project = make_project()
    [errand] = handing._taken_up(NOW)
    projects.fail(project.id, person(), NOW, "not needed")
    version = read(project).version

    handing.settle(errand, Told(outcome), later(seconds=1))

    project = read(project)
    assert (project.status, project.version, claims_of(project)) == ("failure", version, [("C01", False)])


def test_a_refusal_under_an_older_claim_changes_nothing(app, hall):
    cell = make_cell("C01", hall=hall)
    hall.answers["POST", 1] = REFUSES
    project = make_project()
    [errand] = handing._taken_up(NOW)
    handing.settle(errand, Told("refused", "No fixture"), NOW)
    sweep(later(seconds=10))

    handing.settle(errand, Told("refused", "No fixture"), later(seconds=11))

    assert claims_of(project) == [("C01", False), ("C01", True)]
    assert read(project).cell_id == cell.id


def test_a_person_lets_go_of_a_silent_cell(app, hall):
    make_cell("C01", hall=hall)
    hall.sick[1] = "error"
    project = make_project()
    hand(hall)

    projects.release_silent(project.id, person("sam"), later(minutes=1))

    project = read(project)
    assert (project.cell_id, project.waiting_code, claims_of(project)) == (None, "looking", [("C01", False)])
    assert db.session.scalar(select(Claim.stop_owed)) is True
    sweep(later(minutes=1))
    assert read(project).waiting_code == "backing_off"
    sweep(later(minutes=6))
    assert claims_of(project) == [("C01", False), ("C01", True)]


def test_only_a_silent_cell_is_let_go(app, hall):
    make_cell("C01", hall=hall)
    project = make_project()

    with pytest.raises(WrongState):
        projects.release_silent(project.id, person("sam"), NOW)


def test_a_cell_that_only_reports_is_started_by_hand(app):
    make_cell()
    project = make_project()

    projects.start_dispatched(NOW, ())

    assert read(project).status == "running"


def test_a_cells_own_word_starts_what_it_holds_and_nothing_else(app):
    cell = make_cell()
    project = make_project()

    projects.confirm_start(project.id, cell.id, project.fence + 1, NOW)
    projects.confirm_start(project.id, cell.id + 1, project.fence, NOW)
    assert read(project).status == "created"

    projects.confirm_start(project.id, cell.id, project.fence, later(seconds=3))
    assert (read(project).status, read(project).started_at) == ("running", later(seconds=3))


def test_the_next_one_is_handed_with_a_newer_fence(app, hall):
    cell = make_cell("C01", hall=hall)
    first = make_project()
    hand(hall)
    projects.finish(first.id, person("sam"), later(minutes=1))
    show(cell, "idle", at=later(minutes=2), since=later(minutes=1))

    make_project(now=later(minutes=2))
    hand(hall, later(minutes=2))

    assert [job["fence"] for job in hall.calls("POST")] == [1, 2]
    assert cells.claim_on(cell.id).fence == 2
