"""Programs start and end operations: the same acts as on pages, in the contract's words."""

import pytest

from tests.api.programs import nobody, program_of
from tests.orders.runs.shop import make_order, step
from tests.world import idle_cell, says
from webapp.lib.clock import iso, utcnow


@pytest.fixture
def mill(app):
    return idle_cell("M1", kind="mill", takes=["operation"])


@pytest.fixture
def oli(app):
    return program_of(app, "oli")


def test_an_order_starts_with_its_first_operation(app, mill, oli):
    make_order(step("cut", mill), step("drill", mill), now=utcnow())

    answer = oli.post("/work-orders/WO-1/start")

    told = answer.json
    assert answer.status_code == 200
    assert (told["id"], told["status"], told["waiting_reason"]) == ("WO-1", "running", None)
    first, second = told["operations"]
    assert (first["status"], first["machineId"], second["status"]) == ("running", "M1", "planned")
    assert set(first) == {
        *("id", "workOrderId", "index", "machineId", "name", "start", "end"),
        *("status", "startedAt", "endedAt", "requiredKind"),
    }


def test_or_it_waits_and_says_why(app, mill, oli):
    says(mill, "down", "Spindle")
    make_order(step("cut", mill), now=utcnow())

    answer = oli.post("/work-orders/WO-1/start")

    assert answer.status_code == 202
    assert answer.json["waiting_reason"] == {
        "code": "all_machines_down",
        "message": "M1 is down: Spindle",
        "needs_person": True,
    }


def test_a_start_that_only_led_to_waiting_is_taken_back(app, mill, oli):
    says(mill, "down", "Spindle")
    make_order(step("cut", mill), now=utcnow())
    oli.post("/work-orders/WO-1/start")

    answers = [oli.post("/operations/WO-1-1/withdrawal", Idempotency_Key="k") for _ in range(2)]

    assert [(a.status_code, a.json["status"], a.json["waiting_reason"]) for a in answers] == [
        (200, "planned", None)
    ] * 2
    assert oli.post("/operations/WO-1-1/withdrawal").status_code == 409
    assert nobody(app).post("/operations/WO-1-1/withdrawal").status_code == 401


def test_completing_starts_the_next(app, mill, oli):
    make_order(step("cut", mill), step("drill", mill), now=utcnow())
    oli.post("/operations/WO-1-1/start")

    answer = oli.post("/operations/WO-1-1/completion", {"qtyDone": 9, "qtyRejected": 1})

    told = answer.json
    assert (answer.status_code, told["status"], told["qtyDone"], told["qtyRejected"]) == (200, "done", 9, 1)
    assert told["endedAt"] >= told["startedAt"]
    assert (told["next"]["id"], told["next"]["status"], told["next"]["waiting_reason"]) == ("WO-1-2", "running", None)
    last = oli.post("/operations/WO-1-2/completion").json
    assert (last["orderStatus"], last["next"]) == ("done", None)


def test_a_failure_holds_the_order(app, mill, oli):
    make_order(step("cut", mill), step("drill", mill), now=utcnow())
    oli.post("/operations/WO-1-1/start")

    told = oli.post("/operations/WO-1-1/failure", {"reason": "Tool broke"}).json

    assert (told["status"], told["reason"], told["orderStatus"]) == ("failed", "Tool broke", "held")
    refused = oli.post("/operations/WO-1-2/start")
    assert (refused.status_code, refused.json["code"]) == (409, "WRONG_STATE")


def test_a_second_completion_says_who_was_first(app, mill, oli):
    make_order(step("cut", mill), now=utcnow())
    oli.post("/operations/WO-1-1/start")
    oli.post("/operations/WO-1-1/completion")

    refused = program_of(app, "sam").post("/operations/WO-1-1/completion")

    assert (refused.status_code, refused.json["details"]["ended_by"]) == (409, "oli")
    assert refused.json["details"]["ended_at"] <= iso(utcnow())


CONFLICTS = [
    ("/operations/WO-1-2/start", "out of sequence"),
    ("/operations/WO-1-1/completion", "does not run"),
]


@pytest.mark.parametrize(("path", "why"), CONFLICTS)
def test_what_cannot_be_done_now_is_a_conflict(app, mill, oli, path, why):
    make_order(step("cut", mill), step("drill", mill), now=utcnow())

    assert oli.post(path).status_code == 409, why


def test_a_started_order_is_a_conflict(app, mill, oli):
    make_order(step("cut", mill), now=utcnow())
    oli.post("/work-orders/WO-1/start")

    assert oli.post("/work-orders/WO-1/start").status_code == 409


BAD = [
    ({"qtyDone": -1}, "qtyDone"),
    ({"qtyRejected": "3"}, "qtyRejected"),
    ({"qtyDone": 1.5}, "qtyDone"),
    ({"pieces": 3}, "pieces"),
]


@pytest.mark.parametrize(("sent", "field"), BAD)
def test_pieces_are_whole_numbers(app, mill, oli, sent, field):
    make_order(step("cut", mill), now=utcnow())
    oli.post("/operations/WO-1-1/start")

    answer = oli.post("/operations/WO-1-1/completion", sent)

    assert answer.status_code == 400
    assert list(answer.json["details"]["fields"]) == [field]


def test_a_failure_says_why(app, mill, oli):
    make_order(step("cut", mill), now=utcnow())
    oli.post("/operations/WO-1-1/start")

    assert [oli.post("/operations/WO-1-1/failure", sent).status_code for sent in ({}, {"reason": " "})] == [400, 400]


PATHS = ("/work-orders/WO-1/start", *(f"/operations/WO-1-1/{act}" for act in ("start", "completion", "failure")))


@pytest.mark.parametrize("path", PATHS)
def test_who_may(app, mill, path):
    make_order(step("cut", mill), now=utcnow())

    assert nobody(app).post(path, {"reason": "x"}).status_code == 401
    assert [program_of(app, who).post(path, {"reason": "x"}).status_code for who in ("ada", "dee")] == [403, 403]
    missing = path.replace("WO-1", "WO-9")
    assert program_of(app, "pat").post(missing, {"reason": "x"} if "failure" in path else None).status_code == 404


def test_the_same_key_starts_it_once(app, mill, oli):
    make_order(step("cut", mill), now=utcnow())

    first, again = (oli.post("/work-orders/WO-1/start", Idempotency_Key="k-1") for _ in range(2))

    assert (first.status_code, again.status_code) == (200, 200)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert first.json == again.json
