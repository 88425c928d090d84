"""PATCH /api/projects/<id>/status."""

import pytest

from tests.api.programs import assert_refused, cell_program, create, free_cell, nobody, program_of, running
from webapp import cells, projects


def test_a_running_project_finishes(app):
    free_cell("C01")
    ada = program_of(app, "ada")
    number = running(ada)

    answer = ada.patch(f"/projects/{number}/status", {"status": "finished"})

    assert answer.status_code == 200
    assert (answer.json["status"], answer.json["waiting_reason"]) == ("finished", None)
    assert answer.json["ended_at_utc"] is not None
    assert cells.open_claim(f"project:{number}") is None


def test_it_fails_with_a_reason(app):
    free_cell("C01")
    ada = program_of(app, "ada")
    number = running(ada)

    answer = ada.patch(f"/projects/{number}/status", {"status": "failure", "reason": "Tool broke"})

    assert answer.json["status"] == "failure"
    assert projects.one(number).end_reason == "Tool broke"


def test_one_that_waits_is_withdrawn_without_a_reason(app):
    ada = program_of(app, "ada")
    number = create(ada)["project_id"]

    assert ada.patch(f"/projects/{number}/status", {"status": "failure"}).json["status"] == "failure"


@pytest.mark.parametrize("status", ["created", "running", "finished"])
def test_one_that_waits_goes_nowhere_else(app, status):
    ada = program_of(app, "ada")
    number = create(ada)["project_id"]

    assert_refused(ada.patch(f"/projects/{number}/status", {"status": status}), 409, "WRONG_STATE")


@pytest.mark.parametrize("status", ["created", "running", "finished", "failure"])
def test_what_has_ended_stays_so(app, status):
    free_cell("C01")
    ada = program_of(app, "ada")
    number = running(ada)
    ada.patch(f"/projects/{number}/status", {"status": "finished"})

    assert_refused(program_of(app, "sam").patch(f"/projects/{number}/status", {"status": status}), 409, "WRONG_STATE")

    assert projects.one(number).ended_by == "ada"


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"status": "nonsense"},
        {"status": None},
        {"status": 5},
        {"status": "finished", "reason": "x" * 301},
        {"status": "finished", "reason": 5},
        {"status": "finished", "fence": "7"},
        {"status": "finished", "x-params": {}},
    ],
)
def test_an_unknown_word_is_400(app, body):
    free_cell("C01")
    ada = program_of(app, "ada")
    number = running(ada)

    assert_refused(ada.patch(f"/projects/{number}/status", body), 400, "VALIDATION")
    assert projects.one(number).status == "running"


@pytest.mark.parametrize("username", ["sam", "root"])
def test_supervisors_and_administrators_end_any(app, username):
    free_cell("C01")
    number = running(program_of(app, "ada"))

    assert program_of(app, username).patch(f"/projects/{number}/status", {"status": "finished"}).status_code == 200


@pytest.mark.parametrize("username", ["eizumoto", "dee", "pat", "oli"])
def test_others_are_refused_before_their_body_is_read(app, username):
    number = create(program_of(app, "ada"))["project_id"]

    answer = program_of(app, username).patch(f"/projects/{number}/status", {"status": "nonsense"})

    assert_refused(answer, 403, "NOT_ALLOWED")


def test_nobody_ends_any(app):
    number = create(program_of(app, "ada"))["project_id"]

    assert_refused(nobody(app).patch(f"/projects/{number}/status", {"status": "failure"}), 401, "NOT_SIGNED_IN")


def test_a_token_for_reading_ends_none(app):
    number = create(program_of(app, "ada"))["project_id"]
    reader = program_of(app, "ada", scope="read")

    assert_refused(reader.patch(f"/projects/{number}/status", {"status": "failure"}), 403, "NOT_ALLOWED")


def test_a_missing_one_is_404(app):
    assert_refused(program_of(app, "sam").patch("/projects/999/status", {"status": "finished"}), 404, "NOT_FOUND")


def test_its_cell_ends_it_with_its_fence(app):
    cell = free_cell("C01")
    number = running(program_of(app, "ada"))
    machine, path = cell_program(app, cell), f"/projects/{number}/status"

    assert_refused(machine.patch(path, {"status": "finished"}), 400, "VALIDATION")
    old = machine.patch(path, {"status": "finished", "fence": projects.one(number).fence - 1})
    assert_refused(old, 409, "CONFLICT")
    assert projects.one(number).status == "running"
    assert machine.patch(path, {"status": "finished", "fence": projects.one(number).fence}).status_code == 200


def test_another_cell_does_not(app):
    free_cell("C01")
    number = running(program_of(app, "ada"))
    stranger = cell_program(app, free_cell("C02"))

    answer = stranger.patch(f"/projects/{number}/status", {"status": "finished", "fence": projects.one(number).fence})

    assert_refused(answer, 403, "NOT_ALLOWED")
