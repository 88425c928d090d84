"""The operator's page: what runs, what could be started next, what waits and why; and the three acts."""

import pytest

from tests.orders.runs.shop import make_order, op, statuses, step
from tests.orders.runs.test_waiting import statements
from tests.screens.desk import sits, words
from tests.world import idle_cell, person, says
from webapp import orders
from webapp.lib.clock import utcnow


@pytest.fixture
def mill(app):
    return idle_cell("M1", kind="mill", takes=["operation"])


@pytest.fixture
def started(mill):
    make_order(step("cut", mill), step("drill", mill), now=utcnow())
    orders.start_order("WO-1", person("oli"), utcnow(), 5)
    return op("WO-1-1")


def test_nothing_to_run(client, mill):
    sits(client, "oli")

    assert "Nothing to run" in words(client.get("/operations"))


def test_what_runs_waits_and_comes_next(client, started):
    broken = idle_cell("L1", kind="lathe", takes=["operation"], state="down", detail="Chuck")
    make_order(step("turn", broken, kind="lathe"), ref="WO-2", now=utcnow())
    make_order(step("saw"), ref="WO-3", now=utcnow())
    orders.start_order("WO-2", person("oli"), utcnow(), 5)
    sits(client, "oli")

    page = words(client.get("/operations"))

    assert "M1 Running" in page or "M1 Idle" in page
    assert "cut WO-1 step 1" in page
    assert "L1 is down: Chuck Needs a person: look at the machine" in page
    assert "saw WO-3 step 1" in page


def test_a_sheet_asks_and_leads_back(client, started):
    sits(client, "oli")

    page = words(client.get("/operations/WO-1-1/completion"))

    assert "M1 is free then" in page
    assert "Complete it" in page


def test_completing_with_pieces(client, started):
    sits(client, "oli")

    answer = client.post("/operations/WO-1-1/completion", data={"qty_done": "9", "qty_rejected": "1"})

    assert (answer.status_code, answer.location) == (303, "/operations")
    assert (op("WO-1-1").qty_done, op("WO-1-1").qty_rejected) == (9, 1)
    assert statuses() == ["running", "done", "running"]
    assert "WO-1 step 2, drill runs on M1." in words(client.get("/operations"))


def test_back_where_one_came_from(client, started):
    sits(client, "oli")

    answer = client.post("/operations/WO-1-1/completion", data={"to": "/board?kind=mill"})

    assert answer.location == "/board?kind=mill"


@pytest.mark.parametrize("typed", ["-1", "x", "1.5", "99999999"])
def test_odd_pieces_are_shown_in_the_form(client, started, typed):
    sits(client, "oli")

    answer = client.post("/operations/WO-1-1/completion", data={"qty_done": typed})

    assert answer.status_code == 422
    assert "Good pieces must be a whole number" in words(answer)
    assert statuses() == ["running", "running", "planned"]


def test_a_failure_wants_a_reason(client, started):
    sits(client, "oli")

    assert client.post("/operations/WO-1-1/failure", data={"reason": ""}).status_code == 422
    client.post("/operations/WO-1-1/failure", data={"reason": "Tool broke"})

    assert statuses() == ["held", "failed", "planned"]
    assert "WO-1 is on hold until somebody resumes it." in words(client.get("/operations"))


def test_starting(client, mill):
    make_order(step("cut", mill), now=utcnow())
    sits(client, "oli")
    assert "It starts on M1" in words(client.get("/operations/WO-1-1/start"))

    client.post("/operations/WO-1-1/start")

    assert statuses() == ["running", "running"]


def test_or_waiting(client, mill):
    says(mill, "down", "Spindle")
    make_order(step("cut", mill), now=utcnow())
    sits(client, "oli")

    client.post("/operations/WO-1-1/start")

    assert "WO-1 step 1, cut waits: M1 is down: Spindle." in words(client.get("/operations"))


def test_two_clicks_complete_once(client, started):
    sits(client, "oli")
    sent = {"qty_done": "10", "key": "k" * 20}

    first, second = (client.post("/operations/WO-1-1/completion", data=sent) for _ in range(2))

    assert (first.status_code, second.status_code) == (303, 303)
    assert statuses() == ["running", "done", "running"]


def test_a_second_completion_says_who_was_first(client, started):
    orders.complete_operation("WO-1-1", person("sam"), utcnow(), 5)
    sits(client, "oli")

    answer = client.post("/operations/WO-1-1/completion", data={"qty_done": "10"})

    assert answer.status_code == 409
    assert "sam" in words(answer)
    assert "It is done: ended by sam" in words(client.get("/operations/WO-1-1/completion"))


def test_a_start_that_was_a_mistake_is_taken_back(client, app):
    make_order(step("cut", kind="laser"), now=utcnow())
    orders.start_order("WO-1", person("oli"), utcnow(), 5)
    sits(client, "oli")
    assert "Take back… WO-1 step 1" in words(client.get("/operations"))
    assert "It waits: There is no machine of the kind laser" in words(client.get("/operations/WO-1-1/withdrawal"))

    answer = client.post("/operations/WO-1-1/withdrawal")

    assert (answer.status_code, statuses()) == (303, ["planned", "planned"])
    assert "WO-1 step 1, cut is planned again." in words(client.get("/operations"))
    assert client.post("/operations/WO-1-1/withdrawal").status_code == 409


ACTS = ("start", "withdrawal", "completion", "failure")
PATHS = ("/operations", *(f"/operations/WO-1-1/{act}" for act in ACTS))


def test_who_may(client, started):
    assert [client.get(path).status_code for path in PATHS] == [302] * 5
    for who, code in (("ada", 403), ("dee", 403), ("sam", 200), ("pat", 200), ("oli", 200), ("root", 200)):
        sits(client, who)
        assert [client.get(path).status_code for path in PATHS] == [code] * 5, who


def test_what_is_not_there(client, mill):
    sits(client, "oli")

    assert client.get("/operations/OP-9/completion").status_code == 404
    assert [client.post(f"/operations/OP-9/{act}", data={"reason": "x"}).status_code for act in ACTS] == [404] * 4


BOARDS = ("/board", "/floor", "/floor?view=list", "/wall/board")


@pytest.mark.parametrize("path", BOARDS)
def test_what_holds_a_cell_is_named_on_every_board(client, started, path):
    assert "WO-1 step 1" in words(client.get(path))


def test_on_the_cells_page_and_among_its_acts(client, started):
    sits(client, "oli")

    page = words(client.get(f"/cells/{started.cell_id}"))
    assert "Operation WO-1 step 1" in page
    assert "WO-1 step 1 cut Bracket Running" in page
    sheet = words(client.get(f"/cells/{started.cell_id}/act"))
    assert "WO-1 step 1, cut" in sheet
    assert "Complete WO-1 step 1…" in sheet


def test_a_stop_says_which_operation_it_holds_up(client, started, mill):
    says(mill, "down", "Spindle")

    for path in ("/attention", "/board"):
        assert "WO-1 step 1 cut Bracket · goes on until somebody ends it" in words(client.get(path)), path


def test_what_became_of_operations_is_among_what_just_changed(client, started):
    orders.complete_operation("WO-1-1", person("oli"), utcnow(), 5)

    page = words(client.get("/board"))

    assert "WO-1 step 1 done on M1" in page
    assert "M1 started WO-1 step 2" in page


def test_a_board_asks_no_more_however_many_operations_run(client, mill):
    def sent_for(path):
        client.get(path)
        return statements(lambda: client.get(path))

    make_order(step("cut", mill), ref="WO-0", now=utcnow())
    orders.start_order("WO-0", person("oli"), utcnow(), 5)
    few = {path: sent_for(path) for path in ("/board/part", "/floor/tiles")}
    for n in range(1, 5):
        idle_cell(f"N{n}", kind="mill", takes=["operation"])
        make_order(step("cut"), ref=f"WO-{n}", now=utcnow())
        orders.start_order(f"WO-{n}", person("oli"), utcnow(), 5)

    assert {path: sent_for(path) for path in few} == few
