"""Maintenance as programs ask for it."""

from datetime import timedelta

import pytest

from tests.api.programs import assert_refused, cell_program, nobody, program_of
from tests.upkeep.upkeeping import HOUR, begun, book, make_duty, plan
from tests.world import idle_cell, person
from webapp import upkeep
from webapp.lib.clock import iso, utcnow, whole


@pytest.fixture
def cell(app):
    return idle_cell("C05")


@pytest.fixture
def now():
    return whole(utcnow())


def asked(now, **given):
    return {"machineId": "C05", "start": iso(now + HOUR), "end": iso(now + 2 * HOUR), "name": "Coolant", **given}


def test_what_is_due_planned_and_asked_for(app, cell, now):
    duty = make_duty(cell, "Spindle", every_days=5, last_done_at=now - timedelta(days=6), now=now)
    window = plan(cell, now + HOUR, now=now)
    request = upkeep.request_maintenance(cell.id, "Leak", "soon", person("ada"), now)

    told = program_of(app, "dee").get("/maintenance").json

    [line] = told["duties"]
    assert (line["id"], line["machineId"], line["name"], line["overdue"]) == (duty.id, "C05", "Spindle", True)
    assert line["leftSeconds"] == pytest.approx(-86_400, abs=70)
    assert line["used"] == pytest.approx(1.2, abs=0.001)
    assert set(line["bestGap"]) == {"start", "end"}
    assert told["windows"] == [
        {
            "id": window.id,
            "machineId": "C05",
            "name": "Service",
            "dutyId": None,
            "start": iso(now + HOUR),
            "end": iso(now + 2 * HOUR),
            "status": "planned",
            "plannedBy": "oli",
            "startedAt": None,
            "startedBy": None,
            "endedAt": None,
            "endedBy": None,
            "note": "",
        }
    ]
    assert told["requests"][0]["id"] == request.id
    assert program_of(app, "dee").get("/maintenance?machineId=C05").json["duties"]
    assert_refused(program_of(app, "dee").get("/maintenance?machineId=C99"), 400, "VALIDATION")


def test_planned_started_completed(app, cell, now):
    oli = program_of(app, "oli")

    made = oli.post("/maintenance", asked(now))
    assert (made.status_code, made.json["status"], made.json["plannedBy"]) == (201, "planned", "oli")
    path = f"/maintenance/{made.json['id']}"
    assert_refused(oli.post(f"{path}/completion"), 409, "WRONG_STATE")

    assert oli.post(f"{path}/start").json["status"] == "under way"
    done = oli.post(f"{path}/completion", {"note": "New oil"})
    assert (done.status_code, done.json["status"], done.json["note"]) == (200, "done", "New oil")
    assert_refused(oli.post(f"{path}/completion"), 409, "WRONG_STATE")
    assert_refused(oli.post("/maintenance/77/completion"), 404, "NOT_FOUND")


def test_time_that_is_booked_is_a_broken_rule(app, cell, now):
    book(cell, now + HOUR, now + 3 * HOUR)

    details = assert_refused(program_of(app, "sam").post("/maintenance", asked(now)), 400, "RULE_VIOLATION")

    assert (details["rule"], details["conflictsWith"]) == ("R2", "WO-1 step 1, bend")
    assert details["conflictEnd"] == iso(now + 3 * HOUR)
    assert details["earliestStart"] >= details["conflictEnd"]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"machineId": "C99"}, "machineId"),
        ({"end": "2020-01-01T00:00:00Z"}, "end"),
        ({"start": "2026-03-05 06:00"}, "start"),
        ({"name": ""}, "name"),
        ({"who": "me"}, "who"),
        ({"dutyId": "1"}, "dutyId"),
    ],
)
def test_what_cannot_be_is_refused_by_name(app, cell, now, wrong, field):
    details = assert_refused(program_of(app, "oli").post("/maintenance", asked(now, **wrong)), 400, "VALIDATION")

    assert field in details["fields"]


def test_the_same_key_plans_once(app, cell, now):
    oli = program_of(app, "oli")

    first, again = (oli.post("/maintenance", asked(now), Idempotency_Key="k1") for _ in range(2))

    assert (again.status_code, again.json) == (201, first.json)
    assert len(upkeep.board(utcnow()).planned) == 1


def test_who_may(app, cell, now):
    window = begun(cell, now)

    assert_refused(nobody(app).get("/maintenance"), 401, "NOT_SIGNED_IN")
    assert_refused(cell_program(app, cell).get("/maintenance"), 403, "NOT_ALLOWED")
    assert_refused(program_of(app, "ada").post("/maintenance", asked(now)), 403, "NOT_ALLOWED")
    assert_refused(program_of(app, "sam").post(f"/maintenance/{window.id}/completion"), 403, "NOT_ALLOWED")
