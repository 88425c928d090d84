"""Windows: planned into free time, begun, done, called off."""

from datetime import timedelta

import pytest

from tests.upkeep.upkeeping import HOUR, begun, book, make_duty, plan, ran
from tests.world import NOW, at, make_cell, person
from webapp import cells, journal, ledger, upkeep
from webapp.extensions import db, transaction
from webapp.lib.clock import epoch
from webapp.lib.refusal import Invalid, WrongState

LATER = NOW + timedelta(minutes=50)


def booked(cell):
    return [(one.kind, one.what, one.starts, one.ends) for one in cells.bookings(NOW - 99 * HOUR, NOW + 99 * HOUR)]


def test_a_window_takes_its_cells_time(app):
    cell = make_cell()

    window = plan(cell)

    assert window.status == "planned"
    assert booked(cell) == [("maintenance", f"window:{window.id}", NOW + HOUR, NOW + 2 * HOUR)]
    assert journal.recent(f"cell:{cell.id}", limit=1)[0].verb == "planned maintenance"


def test_time_that_somebody_booked_is_refused_with_whom_and_what_is_free(app):
    cell = make_cell()
    book(cell, at("11:30"), at("13:00"))

    with pytest.raises(upkeep.LaneTaken) as no:
        plan(cell)

    assert no.value.message == "WO-1 step 1, bend has booked this cell for some of that time"
    assert no.value.details == {
        "rule": "R2",
        "conflicts_with": "WO-1 step 1, bend",
        "conflict_start": "2026-03-04T11:30:00Z",
        "conflict_end": "2026-03-04T13:00:00Z",
        "earliest_start": "2026-03-04T13:00:00Z",
        "earliest_end": "2026-03-04T14:00:00Z",
    }
    assert db.session.query(upkeep.Window).count() == 0


def test_touching_ends_are_legal(app):
    cell = make_cell()
    book(cell, at("10:30"), at("11:00"), "operation:1")
    book(cell, at("12:00"), at("13:00"), "operation:2")

    assert plan(cell).starts == at("11:00")


def test_two_windows_do_not_overlap(app):
    cell = make_cell()
    plan(cell)

    with pytest.raises(upkeep.LaneTaken) as no:
        plan(cell, start=NOW + HOUR + timedelta(minutes=59))

    assert no.value.details["rule"] == "R4"


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"start": NOW - HOUR}, "start"),
        ({"length": timedelta(0)}, "end"),
        ({"length": timedelta(days=99)}, "end"),
        ({"start": NOW.replace(year=9998)}, "start"),
        ({"request_id": 999}, "request_id"),
        ({"duty_id": 999}, "duty_id"),
        ({"name": ""}, "name"),
    ],
)
def test_what_cannot_be_is_refused_by_name(app, given, field):
    with pytest.raises(Invalid) as no:
        plan(make_cell(), **given)

    assert field in no.value.details["fields"]


def test_a_window_is_moved_before_it_begins(app):
    cell = make_cell()
    window = plan(cell)
    book(cell, at("14:00"), at("15:00"))

    upkeep.move_window(window.id, at("11:30"), at("12:30"), person("oli"), NOW)  # over its own old time

    assert booked(cell)[0][2:] == (at("11:30"), at("12:30"))
    with pytest.raises(upkeep.LaneTaken):
        upkeep.move_window(window.id, at("14:30"), at("15:30"), person("oli"), NOW)


def test_while_it_is_under_way_the_cell_starts_nothing(app):
    cell = make_cell()
    window = begun(cell)

    assert cells.one(cell.id).tended_since == NOW
    with transaction():
        assert cells.claim(cells.one(cell.id), "project:1", NOW) is None
    said = upkeep.before_work(upkeep.fitness(NOW)[cell.id], NOW, None)
    assert said.refused == "It is being maintained"
    with pytest.raises(WrongState, match="under way, not planned"):
        upkeep.begin_window(window.id, person("oli"), NOW)


def test_it_does_not_begin_while_something_runs(app):
    cell = make_cell()
    window = plan(cell)
    with transaction():
        cells.claim(cells.one(cell.id), "project:7", NOW)

    with pytest.raises(WrongState, match="C01 holds project 7: end that first"):
        upkeep.begin_window(window.id, person("oli"), NOW)

    assert upkeep.one_window(window.id).status == "planned"


def test_done_it_frees_the_cell_and_begins_the_interval_anew(app):
    cell = make_cell()
    ran(cell, NOW - 10 * HOUR, NOW)
    duty = make_duty(cell, every_hours=5, last_done_at=NOW - 10 * HOUR)
    window = begun(cell, duty_id=duty.id)

    upkeep.complete_window(window.id, person("oli"), LATER, "New oil")

    db.session.expire_all()
    assert upkeep.one_window(window.id).status == "done"
    assert (duty.last_done_at, duty.run_seconds) == (LATER, 0)
    assert booked(cell) == []
    assert cells.one(cell.id).tended_since is None
    assert upkeep.fitness(LATER).get(cell.id, upkeep.Fitness()).overdue == ""
    assert ledger.window(epoch(NOW), epoch(LATER))[cell.id].maintenance == 3000


def test_who_forgot_to_say_so_may_say_when_it_was_over(app):
    cell = make_cell()
    window = begun(cell)
    tomorrow = NOW + timedelta(days=1)
    ran(cell, NOW, tomorrow, "idle")

    upkeep.complete_window(window.id, person("oli"), tomorrow, ended_at=LATER)

    found = ledger.window(epoch(NOW), epoch(tomorrow))[cell.id]
    assert (found.maintenance, found.idle) == (3000, 86_400 - 3000)
    with pytest.raises(Invalid):
        upkeep.complete_window(begun(cell, tomorrow).id, person("oli"), tomorrow, ended_at=NOW)


def test_what_is_not_under_way_cannot_be_completed(app):
    cell = make_cell()
    window = plan(cell)

    with pytest.raises(WrongState, match="planned, not under way"):
        upkeep.complete_window(window.id, person("oli"), NOW)

    upkeep.begin_window(window.id, person("oli"), NOW)
    upkeep.complete_window(window.id, person("oli"), LATER)
    with pytest.raises(WrongState, match="done, not under way"):
        upkeep.complete_window(window.id, person("oli"), LATER)


def test_called_off_the_time_is_free_and_nothing_was_done(app):
    cell = make_cell()
    duty = make_duty(cell, every_days=5, last_done_at=NOW - timedelta(days=4))
    window = begun(cell, duty_id=duty.id)

    upkeep.cancel_window(window.id, "No oil", person("oli"), LATER)

    db.session.expire_all()
    assert (upkeep.one_window(window.id).status, booked(cell)) == ("cancelled", [])
    assert cells.one(cell.id).tended_since is None
    assert duty.last_done_at == NOW - timedelta(days=4)
    assert ledger.window(epoch(NOW), epoch(LATER))[cell.id].maintenance == 0


def test_begun_early_it_takes_as_long_as_planned_from_then_on(app):
    cell = make_cell()
    window = plan(cell, start=NOW + timedelta(days=3))

    upkeep.begin_window(window.id, person("oli"), NOW)

    assert booked(cell)[0][2:] == (NOW, NOW + HOUR)
    upkeep.stretch_windows(NOW + 2 * HOUR)
    assert booked(cell)[0][2:] == (NOW, NOW + 2 * HOUR + timedelta(minutes=5))


def test_begun_late_it_takes_as_long_as_planned(app):
    cell = make_cell()
    window = plan(cell)

    upkeep.begin_window(window.id, person("oli"), at("11:30"))

    assert booked(cell)[0][2:] == (at("11:30"), at("12:30"))


def test_what_takes_longer_goes_on_holding_its_time(app):
    cell = make_cell()
    begun(cell)

    upkeep.stretch_windows(at("12:00"))

    assert booked(cell)[0][3] == at("12:05")


def test_a_duty_of_another_cell_is_none_of_its_business(app):
    duty = make_duty(make_cell("C02"))

    with pytest.raises(Invalid, match="accepted"):
        plan(make_cell("C01"), duty_id=duty.id)
