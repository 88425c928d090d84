"""Starting, completing, failing, holding, resuming and cancelling from the order's page."""

import pytest

from tests.screens.desk import complained_of, leads_to, sits, values, words
from tests.screens.orders.paper import make_machine, make_order
from webapp import orders
from webapp.extensions import transaction
from webapp.lib.clock import utcnow

HOME = "/orders/WO-1"


@pytest.fixture
def cell(app):
    return make_machine("C01")


@pytest.fixture
def order(cell):
    return make_order("WO-1", "Saw", "Mill")


@pytest.fixture
def oli(client, order):
    sits(client, "oli")
    return client


def now():
    order = orders.one_order("WO-1")
    return order.status, [step.status for step in order.operations]


def test_started_its_first_step_runs(oli):
    answer = oli.post(f"{HOME}/start")

    assert leads_to(answer, HOME)
    assert now() == ("running", ["running", "planned"])
    assert "WO-1 step 1, Saw runs on C01." in words(oli.get(HOME))


def test_or_waits_and_says_why(oli):
    make_order("WO-2", orders.OperationSpec(name="Hob", required_kind="hob", seconds=60))

    assert leads_to(oli.post("/orders/WO-2/start"), "/orders/WO-2")

    assert "WO-2 step 1, Hob waits:" in words(oli.get("/orders/WO-2"))


def test_it_promises_to_start_by_itself_only_where_it_will(oli):
    make_order("WO-2", orders.OperationSpec(name="Hob", required_kind="hob", seconds=60))
    make_order("WO-3", "Saw")

    for ref in ("WO-1", "WO-2", "WO-3"):
        oli.post(f"/orders/{ref}/start")
    said = words(oli.get(HOME))

    assert "WO-2 step 1, Hob waits: There is no machine of the kind hob. WO-3" in said
    assert (
        "WO-3 step 1, Saw waits: C01 is busy: WO-1 step 1, Saw has it. It starts by itself as soon as it can." in said
    )


def test_a_start_that_was_a_mistake_is_taken_back(oli):
    make_order("WO-2", orders.OperationSpec(name="Hob", required_kind="hob", seconds=60))
    oli.post("/orders/WO-2/start")
    assert "Start WO-2" not in words(oli.get("/orders/WO-2"))
    assert "Take back the start of step 1" in words(oli.get("/orders/WO-2/steps/WO-2-1"))

    assert leads_to(oli.post("/orders/WO-2/steps/WO-2-1/withdrawal"), "/orders/WO-2")

    assert orders.one_operation("WO-2-1").status == "planned"
    assert "Start WO-2" in words(oli.get("/orders/WO-2"))
    assert oli.post("/orders/WO-2/steps/WO-2-1/withdrawal").status_code == 409


def test_nothing_left_of_it_it_goes_on_to_its_end(oli):
    with transaction():
        for step in orders.one_order("WO-1").operations:
            step.end("done", "oli", utcnow())
    oli.post(f"{HOME}/hold", data={"reason": "No steel"})

    oli.post(f"{HOME}/resumption")

    assert "WO-1 is done: nothing of it was left." in words(oli.get(HOME))


def test_started_twice_it_says_that_it_was(oli):
    oli.post(f"{HOME}/start")

    answer = oli.post(f"{HOME}/start")

    assert answer.status_code == 409
    assert "WO-1 was started already" in words(answer)


@pytest.fixture
def running(oli):
    oli.post(f"{HOME}/start")
    return oli


def test_completed_the_next_one_starts(running):
    sheet = running.get(f"{HOME}/steps/WO-1-1")
    answer = running.post(
        f"{HOME}/steps/WO-1-1/completion", data={**values(sheet), "qty_done": "1", "qty_rejected": ""}
    )

    assert leads_to(answer, HOME)
    assert now() == ("running", ["done", "running"])
    assert orders.one_operation("WO-1-1").qty_done == 1
    page = words(running.get(HOME))
    assert "WO-1 step 1, Saw is done." in page
    assert "WO-1 step 2, Mill runs on C01." in page


def test_after_the_last_the_order_is_done(running):
    for step in ("WO-1-1", "WO-1-2"):
        running.post(f"{HOME}/steps/{step}/completion", data={"key": step})

    assert now() == ("done", ["done", "done"])
    assert "WO-1 is done." in words(running.get(HOME))


def test_pressed_twice_it_is_completed_once(running):
    sent = {"key": "the same"}

    answers = [running.post(f"{HOME}/steps/WO-1-1/completion", data=sent) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [303, 303]
    assert now() == ("running", ["done", "running"])


@pytest.mark.parametrize("typed", ["x", "-1", "1.5", "9" * 12])
def test_pieces_are_whole_numbers(running, typed):
    answer = running.post(f"{HOME}/steps/WO-1-1/completion", data={"qty_done": typed})

    assert (answer.status_code, complained_of(answer)) == (422, ["qty_done"])
    assert values(answer)["qty_done"] == typed
    assert now()[1] == ["running", "planned"]


def test_failed_the_order_is_held_and_says_why(running):
    answer = running.post(f"{HOME}/steps/WO-1-1/failure", data={"reason": "Blade broke"})

    assert leads_to(answer, HOME)
    assert now() == ("held", ["failed", "planned"])
    assert "step 1, Saw, failed: Blade broke" in words(running.get(HOME))


@pytest.mark.parametrize("path", ["steps/WO-1-1/failure", "hold"])
def test_a_reason_is_wanted(running, path):
    answer = running.post(f"{HOME}/{path}", data={"reason": "  "})

    assert (answer.status_code, complained_of(answer)) == (422, ["reason"])
    assert now()[0] == "running"


def test_held_it_can_go_on(running):
    running.post(f"{HOME}/steps/WO-1-1/failure", data={"reason": "Blade broke"})

    assert leads_to(running.post(f"{HOME}/resumption"), HOME)

    assert now() == ("running", ["planned", "planned"])
    assert running.post(f"{HOME}/resumption").status_code == 409


def test_hold_asks_first(oli):
    page = oli.get(f"{HOME}/hold")
    answer = oli.post(f"{HOME}/hold", data={**values(page), "reason": "No steel"})

    assert leads_to(answer, HOME)
    assert orders.one_order("WO-1").hold_reason == "No steel"
    assert "Only a planned or running order can be held" in words(oli.get(f"{HOME}/hold"))


def test_a_step_starts_by_itself_from_its_page(oli):
    assert "Start it" in words(oli.get(f"{HOME}/steps/WO-1-1"))

    assert leads_to(oli.post(f"{HOME}/steps/WO-1-1/start"), HOME)

    assert now()[1] == ["running", "planned"]


def test_out_of_sequence_it_is_refused(oli):
    answer = oli.post(f"{HOME}/steps/WO-1-2/start")

    assert answer.status_code == 409
    assert "WO-1 step 1, Saw comes before it" in words(answer)


def test_cancelling_asks_first_and_frees_its_time(client, order):
    sits(client, "pat")
    page = client.get(f"{HOME}/cancellation")

    answer = client.post(f"{HOME}/cancellation", data={**values(page), "reason": "Customer withdrew"})

    assert leads_to(answer, HOME)
    assert now() == ("cancelled", ["cancelled", "cancelled"])
    assert "WO-1 is cancelled already" in words(client.get(f"{HOME}/cancellation"))
    assert client.post(f"{HOME}/cancellation").status_code == 409


def test_what_runs_is_ended_before_it_is_cancelled(running):
    sits(running, "pat")

    assert "WO-1 step 1, Saw runs: complete it" in words(running.get(f"{HOME}/cancellation"))
    assert running.post(f"{HOME}/cancellation").status_code == 409


RUNS = [
    ("POST", "start"),
    ("POST", "hold"),
    ("GET", "hold"),
    ("POST", "resumption"),
    ("GET", "steps/WO-1-1"),
    ("POST", "steps/WO-1-1/start"),
    ("POST", "steps/WO-1-1/completion"),
    ("POST", "steps/WO-1-1/failure"),
]
PLANS = [("GET", "cancellation"), ("POST", "cancellation"), ("GET", "edit"), ("POST", "changes")]


@pytest.mark.parametrize(("username", "acts"), [("ada", RUNS + PLANS), ("dee", RUNS + PLANS), ("oli", PLANS)])
def test_nobody_else_may(client, order, username, acts):
    sits(client, username)

    assert {client.open(f"{HOME}/{path}", method=method).status_code for method, path in acts} == {403}
    assert now()[0] == "planned"


def test_nobody_is_sent_to_sign_in(client, order):
    answers = [client.open(f"{HOME}/{path}", method=method) for method, path in RUNS + PLANS]

    assert {answer.status_code for answer in answers} == {302, 401}


def test_a_missing_one_is_not_found(oli):
    wrong = ["WO-9/start", "WO-9/hold", "WO-1/steps/WO-9-1/start", "WO-9/steps/WO-1-1/start", "WO-9/resumption"]

    assert {oli.post(f"/orders/{path}", data={"reason": "x"}).status_code for path in wrong} == {404}
