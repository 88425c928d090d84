"""POST /api/cells/<id>/readings."""

from datetime import timedelta

import pytest

from tests.api.programs import assert_refused, cell_program, free_cell, nobody, program_of, running
from tests.world import make_cell
from webapp import projects
from webapp.lib.clock import iso, utcnow


def pushing(app, name="C01"):
    cell = make_cell(name, now=utcnow())
    return cell_program(app, cell), f"/cells/{cell.id}/readings"


def ago(minutes):
    return iso(utcnow() - timedelta(minutes=minutes))


def test_one_reading(app):
    machine, path = pushing(app)

    answer = machine.post(path, {"state": "running", "detail": "Program 7"})

    assert (answer.status_code, answer.json) == (202, {"kept": 1, "repeated": 0, "refused": []})


def test_a_list_late_and_repeated(app):
    machine, path = pushing(app)
    batch = [{"state": "running", "at": ago(30)}, {"state": "idle", "at": ago(20)}]

    first, second = machine.post(path, batch), machine.post(path, [*batch, {"state": "down", "at": ago(40)}])

    assert first.json == {"kept": 2, "repeated": 0, "refused": []}
    assert second.json == {"kept": 1, "repeated": 2, "refused": []}


def test_a_bad_one_is_refused_and_not_its_batch(app):
    machine, path = pushing(app)
    bad = [{"state": "dancing"}, {"state": "idle", "at": "2025-09-01T10:00:00"}, 5, {"state": "idle", "color": "red"}]

    answer = machine.post(path, [{"state": "running"}, *bad])

    assert (answer.status_code, answer.json["kept"]) == (202, 1)
    assert [(one["index"], one["code"]) for one in answer.json["refused"]] == [(n, "VALIDATION") for n in (1, 2, 3, 4)]
    assert all(one["message"] for one in answer.json["refused"])


def test_a_bad_one_alone_is_the_answer(app):
    machine, path = pushing(app)

    details = assert_refused(machine.post(path, {"state": "dancing"}), 400, "VALIDATION")

    assert list(details["fields"]) == ["state"]


@pytest.mark.parametrize("body", [b"[]", b"5", b"null", b"{", b"[NaN]", b'[{"state": "idle\\u0000"}]'])
def test_what_is_no_reading_is_400(app, body):
    machine, path = pushing(app)

    assert_refused(machine.ask("POST", path, data=body, content_type="application/json"), 400, "VALIDATION")


def test_a_job_needs_the_fence_of_the_claim_and_an_old_one_is_409(app):
    cell = free_cell("C01")
    number = running(program_of(app, "ada"))
    machine, path = cell_program(app, cell), f"/cells/{cell.id}/readings"
    said = {"state": "idle", "project_id": number, "outcome": "finished"}
    fence = projects.one(number).fence

    assert_refused(machine.post(path, said), 400, "VALIDATION")
    assert_refused(machine.post(path, {**said, "fence": fence + 1}), 409, "WRONG_STATE")
    assert machine.post(path, {**said, "fence": fence}).json["kept"] == 1


def test_another_cells_token_is_refused(app):
    _, path = pushing(app, "C01")
    stranger, _ = pushing(app, "C02")

    assert_refused(stranger.post(path, {"state": "idle"}), 403, "NOT_ALLOWED")


def test_people_do_not_report(app):
    _, path = pushing(app)

    assert_refused(program_of(app, "root").post(path, {"state": "idle"}), 403, "NOT_ALLOWED")
    assert_refused(nobody(app).post(path, {"state": "idle"}), 401, "NOT_SIGNED_IN")


def test_a_key_gives_the_first_answer_again(app):
    machine, path = pushing(app)

    first, second = [machine.post(path, {"state": "idle"}, Idempotency_Key="r1") for _ in "12"]

    assert (second.status_code, second.json) == (202, first.json)
    assert second.json["kept"] == 1
