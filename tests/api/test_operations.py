"""Moving an operation, and asking beforehand: the contract's shapes to the letter, and one voice in all answers."""

from datetime import timedelta

import pytest

from tests.api.programs import assert_refused, nobody, program_of
from tests.api.test_work_orders import TO_COME, created, hour, step
from tests.world import make_cell
from webapp import cells
from webapp.cells import Slot
from webapp.extensions import db, transaction
from webapp.lib.clock import iso, utcnow


@pytest.fixture
def pat(app):
    make_cell("M1")
    make_cell("M2", kind="lathe")
    program = program_of(app, "pat")
    created(program, id="WO-1", operations=[step(2, 3, id="OP-1"), step(4, 5, id="OP-2", name="Bend")])
    created(program, id="WO-2", operations=[step(6, 7, id="OP-3", name="Drill")])
    return program


def slot(start, end, **about):
    return {"start": hour(start), "end": hour(end), **about}


def test_a_move_is_told_in_seven_fields(pat):
    answer = pat.patch("/operations/OP-1", slot(1, 2, machineId="M2"))

    assert answer.status_code == 200
    assert answer.json == {
        "id": "OP-1",
        "workOrderId": "WO-1",
        "index": 1,
        "machineId": "M2",
        "name": "Cut",
        "start": hour(1),
        "end": hour(2),
    }
    assert pat.get("/work-orders/WO-1").json["operations"][0]["machineId"] == "M2"


def test_before_the_previous_ends(pat):
    answer = pat.patch("/operations/OP-2", slot(2, 3))

    details = assert_refused(answer, 400, "RULE_VIOLATION")
    message = "Operation must start after previous (idx 1 ends)"
    assert answer.json["message"] == message
    assert details == {
        "rule": "R1",
        "message": message,
        "prevEnd": hour(3),
        "prevName": "Cut",
        "earliestStart": hour(3),
    }


def test_after_the_next_starts(pat):
    details = assert_refused(pat.patch("/operations/OP-1", slot(4, 5)), 400, "RULE_VIOLATION")

    assert details == {
        "rule": "R1",
        "message": "Operation must end before next (idx 2 starts)",
        "nextStart": hour(4),
        "nextName": "Bend",
        "earliestStart": None,
    }


def test_where_another_is(pat):
    details = assert_refused(pat.patch("/operations/OP-2", slot(6, 8)), 400, "RULE_VIOLATION")

    assert (details["rule"], details["conflictsWith"]) == ("R2", "OP-3")
    assert (details["conflictStart"], details["conflictEnd"]) == (hour(6), hour(7))
    assert details["earliestStart"] == hour(7)


def test_in_the_past(pat):
    details = assert_refused(pat.patch("/operations/OP-1", slot(-9, -8)), 400, "RULE_VIOLATION")

    assert (details["rule"], details["message"]) == ("R3", "Start cannot be before now")
    assert details["earliestStart"] == details["now"]


def test_in_maintenance(pat):
    cell = cells.by_name("M1")
    with transaction():
        cells.book(
            [
                Slot(
                    "window:1",
                    "maintenance",
                    cell.id,
                    TO_COME + timedelta(hours=8),
                    TO_COME + timedelta(hours=9),
                    "Oil",
                )
            ]
        )

    details = assert_refused(pat.patch("/operations/OP-2", slot(8, 9)), 400, "RULE_VIOLATION")

    assert (details["rule"], details["maintenance"], details["maintenanceStart"]) == ("R4", "Oil", hour(8))


def test_the_wrong_way_round(pat):
    details = assert_refused(pat.patch("/operations/OP-1", slot(2, 1)), 400, "RULE_VIOLATION")

    assert details == {"rule": "FORM", "message": "Start must be before end", "earliestStart": None}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"start": "2030-01-01T00:00:00", "end": "2030-01-02T00:00:00Z"}, "start"),
        ({"start": "2030-01-01T00:00:00Z"}, "end"),
        ({"start": "2030-01-01T00:00:00Z", "end": "2031-03-01T00:00:00Z"}, "end"),
        ({"start": "2030-01-01T00:00:00Z", "end": "9998-01-02T00:00:00Z"}, "end"),
        ({"start": "2030-01-01T00:00:00Z", "end": 5}, "end"),
        ({"start": "2030-01-01T00:00:00Z", "end": "2030-01-02T00:00:00Z", "machineId": "M9"}, "machineId"),
        ({"start": "2030-01-01T00:00:00Z", "end": "2030-01-02T00:00:00Z", "status": "done"}, "status"),
    ],
)
def test_what_cannot_be_a_slot(pat, body, field):
    assert list(assert_refused(pat.patch("/operations/OP-2", body), 400, "VALIDATION")["fields"]) == [field]
    assert list(assert_refused(pat.post("/operations/OP-2/validate", body), 400, "VALIDATION")["fields"]) == [field]


def test_of_two_who_saw_the_same_one_wins(pat):
    tag = pat.patch("/operations/OP-3", slot(6, 7)).headers["ETag"]

    first = pat.patch("/operations/OP-3", slot(8, 9), If_Match=tag)
    second = pat.patch("/operations/OP-3", slot(9, 10), If_Match=tag)

    assert first.status_code == 200
    details = assert_refused(second, 412, "STALE")
    assert details["changed_by"] == "pat"
    assert details["values"]["start"] == {"yours": hour(9), "now": hour(8)}


@pytest.mark.parametrize("status", ["running", "done", "failed", "cancelled"])
def test_one_whose_plan_is_over(app, pat, status):
    with transaction():
        from webapp import orders

        operation = orders.one_operation("OP-3")
        operation.status, operation.started_at, operation.ended_at = status, utcnow(), utcnow()

    assert_refused(pat.patch("/operations/OP-3", slot(8, 9)), 409, "WRONG_STATE")
    assert_refused(pat.post("/operations/OP-3/validate", slot(8, 9)), 409, "WRONG_STATE")
    assert pat.get("/operations/OP-3/valid-slots").json == {"slots": []}


def test_validate_says_it_beforehand(app, pat):
    legal = nobody(app).post("/operations/OP-2/validate", slot(7, 8)).json
    refused = nobody(app).post("/operations/OP-2/validate", slot(2, 7)).json

    assert legal == {"valid": True, "violations": [], "nearest": []}
    assert [no["rule"] for no in refused["violations"]] == ["R1", "R2"]
    assert refused["nearest"] == [slot(7, 12)]
    assert set(refused["violations"][0]) == {"rule", "message", "details"}
    db.session.rollback()
    assert pat.get("/work-orders/WO-1").json["operations"][1]["start"] == hour(4)


def test_both_sides_are_offered(pat):
    told = pat.post("/operations/OP-2/validate", slot(6, 7)).json

    assert told["nearest"] == [slot(5, 6), slot(7, 8)]


def test_constraints_say_what_binds(app, pat):
    told = nobody(app).get("/operations/OP-2/constraints").json

    assert set(told) == {"minStart", "maxEnd", "prevOperation", "nextOperation", "machineConflicts"}
    assert (told["minStart"], told["maxEnd"], told["nextOperation"]) == (hour(3), None, None)
    assert told["prevOperation"] == {"id": "OP-1", "index": 1, "name": "Cut", "start": hour(2), "end": hour(3)}
    assert [(one["id"], one["start"], one["end"]) for one in told["machineConflicts"]] == [("OP-3", hour(6), hour(7))]


def test_a_start_is_never_in_the_past(app, pat):
    before = iso(utcnow())

    assert nobody(app).get("/operations/OP-3/constraints").json["minStart"] >= before


def test_valid_slots_lie_between_what_is_taken(app, pat):
    told = nobody(app).get(f"/operations/OP-2/valid-slots?start={hour(2)}&duration=1.5").json

    assert told["slots"][:3] == [
        {"start": hour(3), "end": told["slots"][0]["end"]},
        {"start": told["slots"][0]["end"], "end": hour(6)},
        {"start": hour(7), "end": told["slots"][2]["end"]},
    ]
    assert len(told["slots"]) == 50
    assert nobody(app).get("/operations/OP-1/valid-slots?duration=9").json == {"slots": []}
    for odd in ("0", "-1", "x", "99999", "1e3"):
        assert_refused(nobody(app).get(f"/operations/OP-1/valid-slots?duration={odd}"), 400, "VALIDATION")
    assert_refused(nobody(app).get("/operations/OP-1/valid-slots?start=9999-12-01"), 400, "VALIDATION")


def test_every_slot_that_is_offered_is_taken(pat):
    for offered in pat.get("/operations/OP-1/valid-slots?duration=0.5").json["slots"][:5]:
        assert pat.patch("/operations/OP-1", offered).status_code == 200
