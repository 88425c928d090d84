"""Maintenance as people keep it on their pages."""

from datetime import timedelta

import pytest

from tests.screens.desk import complained_of, leads_to, sits, values, words
from tests.upkeep.upkeeping import begun, book, make_duty, plan
from tests.world import idle_cell, make_project, person
from webapp import cells, upkeep
from webapp.extensions import db
from webapp.lib.clock import iso, utcnow, whole

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.fixture
def cell(app):
    return idle_cell("C05")


@pytest.fixture
def oli(client, cell):
    sits(client, "oli")
    return client


@pytest.fixture
def late(cell):
    """A duty that was due two days ago."""
    return make_duty(cell, "Spindle lubrication", every_days=10, last_done_at=utcnow() - 12.5 * DAY, now=utcnow())


def on_paper(client, address="/maintenance"):
    return words(client.get(address))


def test_what_is_overdue_stands_first(oli, cell, late):
    make_duty(cell, "Way oil", every_days=10, last_done_at=utcnow() - 6 * DAY, now=utcnow())
    make_duty(cell, "Much later", every_days=90, now=utcnow())

    page = on_paper(oli)

    assert "2 days over" in page
    assert page.index("Spindle lubrication") < page.index("Way oil")
    assert "Much later" not in page
    assert "Much later" in on_paper(oli, "/maintenance/duties")


def test_nobody_is_sent_to_sign_in(client, cell, late):
    for address in ("/maintenance", "/maintenance/new", "/maintenance/duties", f"/maintenance/duties/{late.id}"):
        assert "/login" in client.get(address).location
    assert "Spindle" not in on_paper(client, f"/cells/{cell.id}")


@pytest.mark.parametrize(
    ("who", "address"),
    [
        ("dee", "/maintenance/requests"),
        ("ada", "/maintenance/windows"),
        ("pat", "/maintenance/duties"),
        ("sam", "/maintenance/duties/1/beginning"),
        ("sam", "/maintenance/windows/1/completion"),
        ("ada", "/maintenance/windows/1/cancellation"),
        ("ada", "/maintenance/requests/1/answer"),
    ],
)
def test_the_wrong_role_is_refused(client, cell, who, address):
    sits(client, who)

    assert client.post(address).status_code == 403


def test_three_taps(client, cell):
    sits(client, "ada")

    answer = client.post(
        "/maintenance/requests", data={"cell_id": cell.id, "about": "Leak or low level", "urgency": "soon"}
    )

    assert leads_to(answer, "/maintenance")
    page = on_paper(client)
    assert "Leak or low level" in page
    assert "It runs, and needs care soon" in page


def test_a_request_says_what_is_missing(client, cell):
    sits(client, "ada")

    page = client.post("/maintenance/requests", data={"cell_id": cell.id, "about": "Something else"})

    assert page.status_code == 422
    assert "must be said" in words(page)
    assert "must be one of" in words(page)


def test_a_request_is_answered(oli, cell):
    asked = upkeep.request_maintenance(cell.id, "Leak", "soon", person("ada"), utcnow())

    declined = oli.post(f"/maintenance/requests/{asked.id}/answer", data={"answer": "declined"})
    assert declined.status_code == 422
    assert leads_to(oli.post(f"/maintenance/requests/{asked.id}/answer", data={"answer": "done"}), "/maintenance")

    assert "It was seen to" in on_paper(oli, f"/maintenance/requests/{asked.id}")
    assert "Leak" not in on_paper(oli)


def test_a_window_planned_for_a_request_answers_it(oli, cell):
    asked = upkeep.request_maintenance(cell.id, "Leak", "soon", person("ada"), utcnow())
    assert "Leak on C05" in on_paper(oli, f"/maintenance/windows/new?request={asked.id}")

    sent = {"cell_id": cell.id, "request_id": asked.id, "name": "Leak", "start": iso(utcnow() + HOUR), "minutes": "30"}
    oli.post("/maintenance/windows", data=sent)

    assert "It is planned" in on_paper(oli, f"/maintenance/requests/{asked.id}")


def test_one_press_plans_the_gap_that_is_offered(oli, cell, late):
    page = oli.get(f"/maintenance/duties/{late.id}")
    assert "Where it disturbs least" in words(page)
    gap = upkeep.gap_for(late, utcnow())

    sent = {"cell_id": cell.id, "duty_id": late.id, "start": iso(gap.start), "minutes": "60"}
    answer = oli.post("/maintenance/windows", data=sent)

    [window] = upkeep.board(utcnow()).planned
    assert leads_to(answer, f"/maintenance/windows/{window.id}")
    assert (window.duty_id, window.starts) == (late.id, gap.start)
    assert "planned" in on_paper(oli)


def test_time_that_is_taken_is_refused_with_whom_and_what_is_free(oli, cell):
    begin = whole(utcnow() + HOUR)
    book(cell, begin, begin + 2 * HOUR)

    sent = {"cell_id": cell.id, "name": "Coolant", "start": iso(begin), "minutes": "60"}
    page = oli.post("/maintenance/windows", data=sent)

    assert page.status_code == 422
    assert "WO-1 step 1, bend has booked this cell for some of that time" in words(page)
    assert "Take this time" in words(page)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"start": "tomorrow"}, "must be a time such as"),
        ({"minutes": "long"}, "must be a number of minutes"),
        ({"minutes": "999999"}, "must be a number of minutes"),
        ({"start": "2020-01-01 06:00"}, "lies in the past"),
        ({"name": ""}, "must be said"),
    ],
)
def test_a_window_that_cannot_be_says_why(oli, cell, wrong, said):
    sent = {"cell_id": cell.id, "name": "Coolant", "start": iso(utcnow() + HOUR), "minutes": "60", **wrong}

    page = oli.post("/maintenance/windows", data=sent)

    assert page.status_code == 422
    assert said in words(page)


def test_begun_done_and_the_cell_takes_work_again(oli, cell, late):
    answer = oli.post(f"/maintenance/duties/{late.id}/beginning")
    [window] = upkeep.board(utcnow()).under_way
    assert leads_to(answer, f"/maintenance/windows/{window.id}")
    assert make_project(requested_cell_id=cell.id).cell_id is None
    assert "Under way" in on_paper(oli)

    done = oli.post(f"/maintenance/windows/{window.id}/completion", data={"note": "New oil"})

    assert leads_to(done, "/maintenance")
    assert "New oil" in on_paper(oli, "/maintenance/history")
    assert upkeep.board(utcnow()).overdue == []
    assert oli.post(f"/maintenance/windows/{window.id}/completion").status_code == 409


def test_it_does_not_begin_while_the_cell_is_at_work(oli, cell):
    duty = make_duty(cell, now=utcnow())
    assert make_project(requested_cell_id=cell.id).cell_id == cell.id

    assert oli.post(f"/maintenance/duties/{duty.id}/beginning").status_code == 409
    assert upkeep.board(utcnow()).under_way == []


def test_who_forgot_to_press_says_when_it_was_over(oli, cell):
    now = whole(utcnow())
    window = begun(cell, now - 5 * HOUR)

    wrong = oli.post(f"/maintenance/windows/{window.id}/completion", data={"ended_at": iso(now - 9 * HOUR)})
    assert wrong.status_code == 422
    oli.post(f"/maintenance/windows/{window.id}/completion", data={"ended_at": iso(now - 3 * HOUR)})

    db.session.expire_all()
    assert upkeep.one_window(window.id).done_at == now - 3 * HOUR


def test_moved_and_called_off(oli, cell):
    now = whole(utcnow())
    window = plan(cell, now + HOUR, now=now)
    sent = {"start": iso(now + 5 * HOUR), "minutes": "30"}

    assert leads_to(oli.post(f"/maintenance/windows/{window.id}/time", data=sent), f"/maintenance/windows/{window.id}")
    assert oli.post(f"/maintenance/windows/{window.id}/time", data={"start": "x", "minutes": "1"}).status_code == 422
    oli.post(f"/maintenance/windows/{window.id}/cancellation", data={"why": "No oil"})

    db.session.expire_all()
    moved = upkeep.one_window(window.id)
    assert (moved.starts, moved.status) == (now + 5 * HOUR, "cancelled")
    assert cells.bookings(now, now + DAY) == []
    assert "No oil" in on_paper(oli, "/maintenance/history")


def test_a_duty_is_added_changed_and_given_up(oli, cell):
    sent = {"cell_id": cell.id, "name": "Hob change", "every_hours": "300", "minutes": "90", "stops_work": "1"}
    answer = oli.post("/maintenance/duties", data=sent)
    [duty] = upkeep.duties_in_force()
    assert leads_to(answer, f"/maintenance/duties/{duty.id}")
    assert "Every 300 h of running" in on_paper(oli, f"/maintenance/duties/{duty.id}")

    assert "Hob change" in oli.get(f"/maintenance/duties/{duty.id}/edit").text
    oli.post(f"/maintenance/duties/{duty.id}", data={"name": "Hob", "every_days": "30", "minutes": "90"})
    db.session.expire_all()
    assert (duty.every_days, duty.stops_work, duty.last_done_at) == (30, False, duty.created_at)

    oli.post(f"/maintenance/duties/{duty.id}/retirement")
    assert upkeep.duties_in_force() == []
    assert oli.post(f"/maintenance/duties/{duty.id}/retirement").status_code == 409
    assert "given up" in on_paper(oli, f"/maintenance/duties/{duty.id}")


def test_sent_back_unread_a_duty_was_last_done_at_the_same_second(oli, cell):
    last = whole(utcnow() - DAY).replace(second=45)
    duty = make_duty(cell, last_done_at=last, now=utcnow())

    oli.post(f"/maintenance/duties/{duty.id}", data=values(oli.get(f"/maintenance/duties/{duty.id}/edit")))

    db.session.expire_all()
    assert duty.last_done_at == last


def test_a_duty_that_cannot_be_says_why(oli, cell):
    page = oli.post("/maintenance/duties", data={"cell_id": cell.id, "name": "", "every_days": "x", "minutes": "60"})

    assert page.status_code == 422
    assert {"name", "every_days"} <= set(complained_of(page))


def test_the_page_of_a_cell_tells_its_upkeep(oli, cell, late):
    begun(cell, whole(utcnow()))

    page = on_paper(oli, f"/cells/{cell.id}")

    assert "1 overdue" in page
    assert "Under way: Service" in page


@pytest.mark.parametrize("thing", ["windows", "duties", "requests"])
def test_what_is_not_there(oli, thing):
    assert oli.get(f"/maintenance/{thing}/77").status_code == 404


def test_the_rail_counts_what_waits(oli, cell, late):
    upkeep.request_maintenance(cell.id, "Leak", "soon", person("ada"), utcnow())

    assert "Maintenance 2 due" in " ".join(on_paper(oli).split())
