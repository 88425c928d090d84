"""Opening, draining and closing a cell."""

import pytest

from tests.screens.desk import leads_to, sits, words
from tests.world import idle_cell
from webapp import cells
from webapp.extensions import db
from webapp.lib.clock import utcnow


@pytest.fixture
def cell(app):
    return idle_cell("C01")


def order(client, cell, mode, why=""):
    return client.post(f"/cells/{cell.id}/mode", data={"mode": mode, "why": why})


def now(cell):
    db.session.rollback()
    return cells.one(cell.id)


@pytest.mark.parametrize("username", ["sam", "root"])
@pytest.mark.parametrize("mode", ["draining", "closed"])
def test_a_supervisor_says_that_it_takes_no_more(client, cell, username, mode):
    sits(client, username)

    answer = order(client, cell, mode, " Audit ")

    assert leads_to(answer, f"/cells/{cell.id}?undo_mode={cell.id}")
    assert (now(cell).mode, now(cell).mode_why) == (mode, "Audit")
    assert f"C01 is {mode}: it takes no" in words(client.get(answer.location))


def test_opened_again_it_takes_new_work(client, cell):
    cells.set_mode(cell.id, "closed", "Audit", "sam", utcnow())
    sits(client, "sam")

    order(client, cell, "open")

    assert (now(cell).mode, now(cell).mode_why) == ("open", "")
    assert "C01 is open: it takes new work" in words(client.get(f"/cells/{cell.id}"))


def test_only_the_other_modes_are_offered(client, cell):
    sits(client, "sam")

    page = words(client.get(f"/cells/{cell.id}"))

    assert "Drain C01 Close C01" in page
    assert "Open C01" not in page


@pytest.mark.parametrize("mode", ["", "shut", "OPEN", "open\nclosed"])
def test_a_mode_that_there_is_not_is_refused_in_words(client, cell, mode):
    sits(client, "sam")

    answer = order(client, cell, mode)

    assert answer.status_code == 400
    assert "Mode must be one of open, draining, closed." in words(answer)
    assert now(cell).mode == "open"


def test_a_reason_that_is_too_long_is_refused_in_words(client, cell):
    sits(client, "sam")

    answer = order(client, cell, "closed", "x" * 201)

    assert answer.status_code == 400
    assert "Why must be up to 200 characters on one line." in words(answer)


@pytest.mark.parametrize("username", ["ada", "dee", "pat", "oli"])
def test_nobody_else_may(client, cell, username):
    sits(client, username)

    assert "Close C01" not in words(client.get(f"/cells/{cell.id}"))
    assert order(client, cell, "closed").status_code == 403
    assert now(cell).mode == "open"


def test_nobody_is_sent_to_sign_in(client, cell):
    assert order(client, cell, "closed").status_code == 401


def test_a_missing_one_is_not_found(client):
    sits(client, "sam")

    assert client.post("/cells/77/mode", data={"mode": "closed"}).status_code == 404


def test_twice_is_harmless(client, cell):
    sits(client, "sam")

    assert [order(client, cell, "closed").status_code for _ in range(2)] == [303, 303]


def test_one_out_of_service_stays_as_it_is(client, cell):
    cells.retire_cell(cell.id, "root", utcnow())
    sits(client, "sam")

    answer = order(client, cell, "closed")

    assert answer.status_code == 409
    assert "C01 is out of service" in words(answer)
