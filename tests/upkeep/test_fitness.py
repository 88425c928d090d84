"""What maintenance says before work starts."""

from datetime import timedelta

import pytest
from sqlalchemy import event

from tests.world import NOW, at, make_cell
from webapp import upkeep
from webapp.extensions import db, transaction
from webapp.upkeep import Check, Duty, Fitness, Window


def keep(*rows):
    with transaction():
        db.session.add_all(rows)


def duty(cell, name="Way oil", **given):
    details = {"minutes": 60, "last_done_at": NOW - timedelta(days=9), "created_by": "oli", "created_at": NOW, **given}
    return Duty(cell_id=cell.id, name=name, **details)


def test_nothing_is_said_of_a_cell_without_duties(app):
    make_cell()

    assert upkeep.fitness(NOW) == {}
    assert upkeep.before_work(None, NOW, at("11:00")) == Check()


def test_what_falls_due_first_is_known(app):
    cell = make_cell()
    keep(duty(cell, "Late", every_days=20, due_at=NOW + timedelta(days=11)))
    keep(duty(cell, "Soon", every_days=10, due_at=NOW + timedelta(days=1)))
    keep(duty(cell, "Spindle", every_hours=100, run_seconds=99 * 3600))

    found = upkeep.fitness(NOW)[cell.id]

    assert (found.due, found.due_at) == ("Soon", NOW + timedelta(days=1))
    assert (found.left, found.left_for) == (3600, "Spindle")


def test_overdue_by_days_and_by_hours(app):
    by_days, by_hours, mild = make_cell("C01"), make_cell("C02"), make_cell("C03")
    keep(duty(by_days, every_days=5, due_at=NOW - timedelta(days=4)))
    keep(duty(by_hours, "Spindle", every_hours=100, run_seconds=100 * 3600 + 7500))
    keep(duty(mild, every_days=5, due_at=NOW, stops_work=False))

    found = upkeep.fitness(NOW)

    assert found[by_days.id].overdue == "Way oil is overdue since 2026-02-28"
    assert found[by_hours.id].overdue == "Spindle is overdue by 2 h 05 of running"
    assert found[mild.id] == Fitness(late="Way oil is overdue since 2026-03-04")


def test_a_duty_that_was_given_up_says_nothing(app):
    cell = make_cell()
    keep(duty(cell, every_days=5, due_at=NOW - timedelta(days=4), retired_at=NOW))

    assert upkeep.fitness(NOW) == {}


def test_a_window_says_so_while_it_is_under_way(app):
    planned, begun, done = make_cell("C01"), make_cell("C02"), make_cell("C03")
    times = {"name": "Service", "starts": NOW, "ends": at("12:00"), "planned_by": "oli", "planned_at": NOW}
    keep(Window(cell_id=planned.id, **times), Window(cell_id=begun.id, began_at=NOW, **times))
    keep(Window(cell_id=done.id, began_at=NOW, done_at=NOW, **times))

    assert upkeep.fitness(NOW) == {begun.id: Fitness(window_until=at("12:00"))}
    assert upkeep.fitness(at("13:00"))[begun.id].window_until == at("13:00")


ONE_HOUR_LEFT = Fitness(left=3600, left_for="Spindle")
SAYS = [
    (Fitness(window_until=at("12:00"), overdue="Oil"), "11:00", Check(refused="It is being maintained")),
    (Fitness(overdue="Oil is overdue"), "11:00", Check(refused="Oil is overdue")),
    (Fitness(late="Filter is overdue"), "11:00", Check(warning="Filter is overdue")),
    (Fitness(due="Oil", due_at=at("11:00")), "11:00", Check()),
    (Fitness(due="Oil", due_at=at("11:00")), "11:01", Check(warning="Oil falls due before it ends")),
    (ONE_HOUR_LEFT, "11:00", Check()),
    (ONE_HOUR_LEFT, "11:01", Check(warning="Spindle falls due before it ends")),
    (ONE_HOUR_LEFT, None, Check()),
]


@pytest.mark.parametrize(("fitness", "until", "says"), SAYS)
def test_before_work(fitness, until, says):
    assert upkeep.before_work(fitness, NOW, until and at(until)) == says


def test_two_statements_for_all_cells(app):
    for number in range(5):
        keep(duty(make_cell(f"C{number}"), every_days=5, due_at=NOW))
    asked = []

    def listen(*told):
        asked.append(told[2])

    event.listen(db.engine, "before_cursor_execute", listen)
    found = upkeep.fitness(NOW)
    event.remove(db.engine, "before_cursor_execute", listen)

    assert len(found) == 5
    assert len([words for words in asked if words.startswith("SELECT")]) == 2
