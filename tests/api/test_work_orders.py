"""Work orders by the contract's words: read, created with the times they bring, changed, refused at their fields."""

from contextlib import contextmanager
from datetime import timedelta
from urllib.parse import unquote

import pytest
from jsonschema import Draft202012Validator
from sqlalchemy import event

from tests.api.programs import assert_refused, nobody, program_of
from tests.api.test_document import schema_of
from tests.world import make_cell
from webapp import orders
from webapp.extensions import db
from webapp.lib.clock import iso, utcnow
from webapp.lib.refusal import NotFound

OPERATION = {
    "id",
    "workOrderId",
    "index",
    "machineId",
    "name",
    "start",
    "end",
    "status",
    "startedAt",
    "endedAt",
    "requiredKind",
}


#: An hour that is still to come, however long these tests take.
TO_COME = utcnow().replace(minute=0, second=0, microsecond=0) + timedelta(hours=2)


def hour(n):
    """The n-th of the hours to come, as a program writes it; of -3 and less, all is over."""
    return iso(TO_COME + timedelta(hours=n))


@contextmanager
def statements():
    """What the database is asked meanwhile."""
    asked = []

    def note(connection, cursor, statement, *about):
        asked.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    yield asked
    event.remove(db.engine, "before_cursor_execute", note)


def step(at=1, until=2, **about):
    return {"name": "Cut", "machineId": "M1", "start": hour(at), "end": hour(until), **about}


@pytest.fixture
def pat(app):
    make_cell("M1")
    make_cell("M2", kind="lathe")
    return program_of(app, "pat")


def created(program, **about):
    answer = program.post("/work-orders", {"product": "Widget A", "qty": 100, **about})
    assert answer.status_code == 201, answer.json
    return answer.json


def test_an_order_is_told_with_its_operations_in_the_contracts_words(app, pat):
    made = created(pat, id="WO-1001", due=hour(9), operations=[step(id="OP-1"), step(2, 3, id="OP-2", name="Bend")])

    [told] = nobody(app).get("/work-orders").json

    assert set(told) == {"id", "product", "qty", "status", "due", "operations"}
    assert (told["id"], told["product"], told["qty"], told["status"], told["due"]) == (
        "WO-1001",
        "Widget A",
        100,
        "planned",
        hour(9),
    )
    assert [set(one) for one in told["operations"]] == [OPERATION, OPERATION]
    assert told["operations"][0] == {
        "id": "OP-1",
        "workOrderId": "WO-1001",
        "index": 1,
        "machineId": "M1",
        "name": "Cut",
        "start": hour(1),
        "end": hour(2),
        "status": "planned",
        "startedAt": None,
        "endedAt": None,
        "requiredKind": None,
    }
    assert made["violations"] == []


def test_what_breaks_a_rule_is_listed_and_kept(pat):
    told = created(pat, operations=[step(2, 4, id="A"), step(3, 5, id="B"), step(-9, -8, id="C", machineId="M2")])

    found = [(one["operation"], one["rule"]) for one in told["violations"]]
    assert found == [("A", "R1"), ("A", "R2"), ("B", "R1"), ("B", "R1"), ("B", "R2"), ("C", "R3"), ("C", "R1")]
    assert [one["start"] for one in told["operations"]] == [hour(2), hour(3), hour(-9)]


def test_names_that_nobody_gave_are_given(pat):
    first, second = created(pat, operations=[step(), step(2, 3)]), created(pat)

    assert (first["id"], second["id"]) == ("WO-1001", "WO-1002")
    assert [one["id"] for one in first["operations"]] == ["WO-1001-1", "WO-1001-2"]


@pytest.mark.parametrize(
    ("operations", "field"),
    [
        ([step(index=1), step(2, 3, index=1)], "operations.0.index"),
        ([step(index=1), step(2, 3, index=3)], "operations.1.index"),
        ([step(index=0)], "operations.0.index"),
        ([step(machineId="M9")], "operations.0.machineId"),
        ([step(machineId=None)], "operations.0.machineId"),
        ([step(requiredKind="lathe")], "operations.0.machineId"),
        ([step(2, 1)], "operations.0.end"),
        ([step(1, 1 + 400 * 24)], "operations.0.end"),
        ([step(start="2030-08-20T09:00:00")], "operations.0.start"),
        ([step(start="2030-08-20")], "operations.0.start"),
        ([step(end=None)], "operations.0.end"),
        ([{"name": "Cut"}], "operations.0.seconds"),
        ([{"name": "Cut", "seconds": 0}], "operations.0.seconds"),
        ([step(id="a/b")], "operations.0.id"),
        ([step(id="x" * 61)], "operations.0.id"),
        ([step(id="A"), step(2, 3, id="A")], "operations.1.id"),
        ([step(name=" ")], "operations.0.name"),
        ([step(status="done")], "operations.0.status"),
        ([step(workOrderId="WO-9")], "operations.0.workOrderId"),
        ([{"name": "Cut", "seconds": 60}] * 201, "operations"),
    ],
)
def test_a_step_that_cannot_be_is_named_and_nothing_is_stored(pat, operations, field):
    answer = pat.post("/work-orders", {"id": "WO-1", "product": "A", "qty": 1, "operations": operations})

    assert field in assert_refused(answer, 400, "VALIDATION")["fields"]
    assert pat.get("/work-orders").json == []


@pytest.mark.parametrize(
    ("about", "field"),
    [
        ({"qty": 0}, "qty"),
        ({"qty": 2**31 - 1}, "qty"),
        ({"qty": "5"}, "qty"),
        ({"priority": 10}, "priority"),
        ({"product": ""}, "product"),
        ({"id": " WO-1"}, "id"),
        ({"id": "a\nb"}, "id"),
        ({"due": "2030-01-01"}, "due"),
        ({"status": "done"}, "status"),
    ],
)
def test_an_order_that_cannot_be_is_named_and_nothing_is_stored(pat, about, field):
    answer = pat.post("/work-orders", {"id": "WO-1", "product": "A", "qty": 1, **about})

    assert list(assert_refused(answer, 400, "VALIDATION")["fields"]) == [field]
    assert pat.get("/work-orders").json == []


def test_a_name_that_exists_is_a_conflict(pat):
    created(pat, id="WO-1", operations=[step(id="OP-1")])

    again = pat.post("/work-orders", {"id": "WO-1", "product": "A", "qty": 1})
    step_again = pat.post("/work-orders", {"id": "WO-2", "product": "A", "qty": 1, "operations": [step(id="OP-1")]})

    assert list(assert_refused(again, 409, "CONFLICT")["fields"]) == ["id"]
    assert list(assert_refused(step_again, 409, "CONFLICT")["fields"]) == ["operations.0.id"]


def test_the_list_pages_by_its_link(app, pat):
    for n in range(5):
        created(pat, id=f"WO-{n}", due=hour(n + 1))

    first = nobody(app).get(f"/work-orders?limit=2&due_before={hour(5)}")
    second = nobody(app).get(first.headers["Link"].split(">")[0].removeprefix("</api"))

    assert [one["id"] for one in first.json] == ["WO-0", "WO-1"]
    assert [one["id"] for one in second.json] == ["WO-2", "WO-3"]
    assert "Link" not in second.headers
    assert_refused(nobody(app).get("/work-orders?status=gone"), 400, "VALIDATION")


def test_the_list_asks_as_much_of_the_database_for_many_as_for_few(app, pat):
    created(pat, operations=[step()])
    with statements() as few:
        nobody(app).get("/work-orders?limit=1000")
    for n in range(20):
        created(pat, id=f"X{n}", operations=[step(k, k + 1) for k in range(1, 6)])

    with statements() as many:
        assert len(nobody(app).get("/work-orders?limit=1000").json) == 21

    assert len(many) == len(few)


def test_once_is_once(pat):
    body = {"product": "A", "qty": 1}

    answers = [pat.post("/work-orders", body, Idempotency_Key="k") for _ in range(2)]

    assert [answer.json["id"] for answer in answers] == ["WO-1001", "WO-1001"]
    assert len(pat.get("/work-orders").json) == 1


def test_an_order_is_changed_by_who_saw_it(pat):
    created(pat, id="WO-1", operations=[step(id="OP-1")])
    tag = pat.get("/work-orders/WO-1").headers["ETag"]

    first, second = [pat.patch("/work-orders/WO-1", {"qty": qty}, If_Match=tag) for qty in (5, 6)]

    assert (first.status_code, first.json["qty"]) == (200, 5)
    assert assert_refused(second, 412, "STALE")["values"] == {"qty": {"yours": 6, "now": 5}}
    assert_refused(pat.patch("/work-orders/WO-1", {"qty": 0}), 400, "VALIDATION")
    assert_refused(pat.patch("/work-orders/WO-1", {"id": "WO-2"}), 400, "VALIDATION")


def test_steps_are_set_and_what_a_new_one_breaks_is_refused(pat):
    created(pat, id="WO-1", operations=[step(id="OP-1"), step(2, 3, id="OP-2")])
    kept = [step(id="OP-1"), {"name": "Wash", "seconds": 600}, step(2, 3, id="OP-2")]

    told = pat.patch("/work-orders/WO-1", {"operations": kept}).json
    refused = pat.patch("/work-orders/WO-1", {"operations": [step(id="OP-1"), step(1, 3, id="OP-2")]})

    assert [(one["index"], one["name"]) for one in told["operations"]] == [(1, "Cut"), (2, "Wash"), (3, "Cut")]
    assert assert_refused(refused, 400, "RULE_VIOLATION")["rule"] == "R1"
    assert len(pat.get("/work-orders/WO-1").json["operations"]) == 3


def test_it_is_called_off_and_its_time_is_free(pat):
    created(pat, id="WO-1", operations=[step(id="OP-1")])
    created(pat, id="WO-2", operations=[step(3, 4, id="OP-2")])

    told = pat.patch("/work-orders/WO-1", {"status": "cancelled"}).json

    assert (told["status"], told["operations"][0]["status"]) == ("cancelled", "cancelled")
    assert pat.patch("/operations/OP-2", {"start": hour(1), "end": hour(2)}).status_code == 200
    assert_refused(pat.patch("/work-orders/WO-1", {"qty": 2}), 409, "WRONG_STATE")


@pytest.mark.parametrize("username", ["ada", "sam", "dee", "oli"])
def test_other_roles_plan_none(app, pat, username):
    created(pat, id="WO-1", operations=[step(id="OP-1")])
    program = program_of(app, username)

    assert_refused(program.post("/work-orders", {"product": "A", "qty": 1}), 403, "NOT_ALLOWED")
    assert_refused(program.patch("/work-orders/WO-1", {"qty": 2}), 403, "NOT_ALLOWED")
    assert_refused(program.patch("/operations/OP-1", {"start": hour(1), "end": hour(2)}), 403, "NOT_ALLOWED")
    assert program.get("/work-orders/WO-1").status_code == 200


@pytest.mark.parametrize("ref", ["WO-9", "a%00b", "%2F", "x" * 61, "%ff"])
def test_one_that_is_not_there(app, pat, ref):
    assert_refused(nobody(app).get(f"/work-orders/{ref}"), 404, "NOT_FOUND")
    assert_refused(nobody(app).get(f"/operations/{ref}/constraints"), 404, "NOT_FOUND")
    with pytest.raises(NotFound):
        orders.one_operation(unquote(ref))


def test_a_name_with_blanks_and_signs_is_an_address(pat):
    ref = "WO 7 ä&?#%"
    answer = pat.post("/work-orders", {"id": ref, "product": "A", "qty": 1})

    assert pat.get(answer.headers["Location"].removeprefix("/api")).json["id"] == ref


def test_answers_are_as_the_document_says(app, pat):
    created(pat, id="WO-1", operations=[step(id="OP-1"), {"name": "Wash", "seconds": 60, "id": "OP-2"}])
    slot = {"start": hour(0), "end": hour(3)}
    document = nobody(app).get("/openapi.json").json
    told = {
        ("/work-orders", "get", "200"): pat.get("/work-orders"),
        ("/work-orders", "post", "201"): pat.post("/work-orders", {"product": "A", "qty": 1, "operations": [step()]}),
        ("/work-orders/{id}", "get", "200"): pat.get("/work-orders/WO-1"),
        ("/work-orders/{id}", "patch", "200"): pat.patch("/work-orders/WO-1", {"note": "n"}),
        ("/operations/{id}/validate", "post", "200"): pat.post("/operations/OP-1/validate", slot),
        ("/operations/{id}/constraints", "get", "200"): pat.get("/operations/OP-1/constraints"),
        ("/operations/{id}/valid-slots", "get", "200"): pat.get("/operations/OP-1/valid-slots"),
        ("/operations/{id}", "patch", "200"): pat.patch("/operations/OP-1", {"start": hour(3), "end": hour(4)}),
    }

    for (path, method, status), answer in told.items():
        validator = Draft202012Validator(schema_of(document, path, method, status))
        assert str(answer.status_code) == status
        assert [error.message for error in validator.iter_errors(answer.json)] == [], path
