"""How projects end, by whom, and what is freed by it."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.projects.shop import claims_of, later, make_cell, make_project, make_running, person, read, sweep
from tests.world import NOW
from webapp import journal, people, projects
from webapp.cells import Claim
from webapp.extensions import db
from webapp.lib.refusal import Conflict, Invalid, NotAllowed, NotFound, WrongState
from webapp.projects import Pace

GRACE = timedelta(seconds=10)


def test_finishing_frees_the_cell_and_tells_it_to_stop(app):
    make_cell()
    project = make_running()

    projects.finish(project.id, person("sam"), later(minutes=30), reason="  all\r\n good ")

    project = read(project)
    assert (project.status, project.ended_by, project.ended_at) == ("finished", "sam", later(minutes=30))
    assert (project.end_reason, project.version, project.release_at) == ("all good", 2, None)
    assert claims_of(project) == [("C01", False)]
    assert db.session.scalar(select(Claim.stop_owed)) is True
    entry = journal.recent(project.what)[0]
    assert (entry.verb, entry.by, entry.details["before"], entry.details["after"]) == (
        "finished project",
        "sam",
        "running",
        "finished",
    )


def test_failing_is_told_apart(app):
    make_cell()
    project = make_running()

    projects.fail(project.id, person(), later(minutes=5), "tool broke")

    assert (read(project).status, read(project).end_reason) == ("failure", "tool broke")


def test_what_waits_can_be_withdrawn(app):
    project = make_project()

    projects.fail(project.id, person(), NOW, "not needed")

    assert (read(project).status, read(project).waiting_code) == ("failure", None)
    assert journal.recent(project.what)[0].verb == "withdrew project"


def test_what_is_being_handed_over_can_be_withdrawn(app):
    make_cell()
    project = make_project()

    projects.fail(project.id, person(), NOW, "not needed")

    assert (read(project).status, claims_of(project)) == ("failure", [("C01", False)])


def test_what_does_not_run_cannot_be_finished(app):
    project = make_project()

    with pytest.raises(WrongState) as no:
        projects.finish(project.id, person("sam"), NOW)

    assert no.value.details == {"status": "created"}
    assert read(project).status == "created"


@pytest.mark.parametrize("end", [projects.finish, lambda *a: projects.fail(*a, "late")])
def test_the_second_is_told_who_was_first(app, end):
    make_cell()
    project = make_running()
    projects.finish(project.id, person("sam"), later(minutes=30))

    with pytest.raises(WrongState) as no:
        end(project.id, person(), later(minutes=31))

    assert no.value.message == f"{project.label} was already marked finished by sam"
    assert no.value.details == {"status": "finished", "ended_by": "sam", "ended_at": "2026-03-04T10:30:00Z"}
    assert (read(project).status, read(project).version) == ("finished", 2)


@pytest.mark.parametrize("number", [0, -1, 99, 2**31, 2**70])
def test_there_is_no_such_project(app, number):
    with pytest.raises(NotFound):
        projects.finish(number, person("sam"), NOW)


@pytest.mark.parametrize("reason", ["x" * 301, "a\0b"])
def test_a_reason_is_one_short_line(app, reason):
    make_cell()
    project = make_running()

    with pytest.raises(Invalid):
        projects.fail(project.id, person(), NOW, reason)

    assert read(project).status == "running"


def test_within_the_grace_the_cell_is_kept(app):
    make_cell()
    project = make_running()

    projects.finish(project.id, person("sam"), NOW, undo=GRACE)

    projects.release_ended(later(seconds=9))
    assert (read(project).status, claims_of(project)) == ("finished", [("C01", True)])
    projects.release_ended(later(seconds=10))
    assert claims_of(project) == [("C01", False)]
    assert db.session.scalar(select(Claim.stop_owed)) is True


def test_it_can_be_taken_back(app):
    cell = make_cell()
    project = make_running()
    projects.finish(project.id, person("sam"), later(minutes=1), undo=GRACE, reason="oops")

    projects.undo_ending(project.id, person("sam"), later(minutes=1, seconds=9))

    project = read(project)
    assert (project.status, project.cell_id, project.ended_at, project.ended_by) == ("running", cell.id, None, None)
    assert (project.end_reason, project.release_at, project.version) == (None, None, 3)
    assert claims_of(project) == [("C01", True)]
    assert db.session.get(Pace, cell.id) is None
    projects.release_ended(later(hours=1))
    assert claims_of(project) == [("C01", True)]


def test_after_the_grace_it_cannot(app):
    make_cell()
    project = make_running()
    projects.finish(project.id, person("sam"), NOW, undo=GRACE)

    with pytest.raises(WrongState):
        projects.undo_ending(project.id, person("sam"), later(seconds=10))


def test_without_a_grace_it_cannot(app):
    make_cell()
    project = make_running()
    projects.finish(project.id, person("sam"), NOW)

    with pytest.raises(WrongState):
        projects.undo_ending(project.id, person("sam"), NOW)


def test_a_running_project_has_nothing_to_take_back(app):
    make_cell()

    with pytest.raises(WrongState):
        projects.undo_ending(make_running().id, person("sam"), NOW)


def test_what_was_withdrawn_waits_again(app):
    make_cell(state="down")
    project = make_project()
    projects.fail(project.id, person(), NOW, "mistake", undo=GRACE)
    sweep(later(seconds=1))

    projects.undo_ending(project.id, person(), later(seconds=2))

    assert (read(project).status, read(project).waiting_code) == ("created", "looking")
    sweep(later(seconds=3))
    assert read(project).waiting_code == "all_fit_down"
    [decision] = projects.decisions(project.id)
    assert decision.times == 2


def test_what_was_withdrawn_on_its_way_goes_on(app):
    make_cell()
    project = make_project()
    projects.fail(project.id, person(), NOW, "mistake", undo=GRACE)

    projects.undo_ending(project.id, person(), later(seconds=2))
    projects.start_dispatched(later(seconds=3), ())

    assert (read(project).status, claims_of(project)) == ("running", [("C01", True)])


def a_cell(project) -> people.Caller:
    return people.Caller(cell_id=project.cell_id)


def test_a_cell_ends_what_it_holds(app):
    make_cell()
    project = make_running()

    projects.finish(project.id, a_cell(project), NOW, fence=project.fence)

    assert (read(project).status, read(project).ended_by) == ("finished", "cell:C01")


def test_a_cell_must_say_under_which_fence(app):
    make_cell()
    project = make_running()

    with pytest.raises(Invalid) as no:
        projects.finish(project.id, a_cell(project), NOW)

    assert list(no.value.details["fields"]) == ["fence"]


def test_an_old_fence_changes_nothing(app):
    make_cell()
    projects.finish(make_running().id, person("sam"), NOW)
    project = make_running()

    with pytest.raises(Conflict):
        projects.finish(project.id, a_cell(project), NOW, fence=1)

    assert (read(project).status, read(project).version, project.fence) == ("running", 1, 2)


def test_a_person_may_send_a_fence_too(app):
    make_cell()
    project = make_running()

    with pytest.raises(Conflict):
        projects.finish(project.id, person("sam"), NOW, fence=9)


def test_another_cell_may_not(app):
    make_cell("C01")
    project = make_running()
    other = make_cell("C02")

    with pytest.raises(NotAllowed):
        projects.finish(project.id, people.Caller(cell_id=other.id), NOW, fence=1)


def test_the_pace_of_a_cell_is_learned_from_what_it_finished(app):
    cell = make_cell()
    for minutes in (10, 20, 30):
        project = make_running()
        projects.finish(project.id, person("sam"), later(minutes=minutes))
    projects.fail(make_running().id, person("sam"), later(minutes=300), "broke")

    pace = db.session.get(Pace, cell.id)
    assert (pace.runs, pace.low, pace.median, pace.high) == (3, 720, 1200, 1680)
