"""Duties: added, changed, given up."""

from datetime import timedelta

import pytest

from tests.upkeep.upkeeping import HOUR, make_duty, ran
from tests.world import NOW, make_cell, person
from webapp import cells, journal, upkeep
from webapp.lib.refusal import Invalid, NotFound, WrongState

DAY = timedelta(days=1)


def test_a_duty_by_days_falls_due_to_the_second(app):
    duty = make_duty(every_days=90, last_done_at=NOW - 30 * DAY)

    assert duty.due_at == NOW + 60 * DAY
    assert duty.used(NOW) == pytest.approx(1 / 3)
    assert not duty.is_overdue(NOW + 60 * DAY - timedelta(seconds=1))
    assert duty.is_overdue(NOW + 60 * DAY)


def test_who_added_it_is_written_down(app):
    duty = make_duty(name="  Way   oil ")

    [entry] = journal.recent(f"cell:{duty.cell_id}", limit=1)
    assert (entry.verb, entry.by, entry.details["name"]) == ("added duty", "oli", "Way oil")


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"name": "two\x00"}, "name"),
        ({"every_hours": 5, "every_days": 5}, "every_hours"),
        ({"every_hours": None}, "every_hours"),
        ({"every_hours": 0}, "every_hours"),
        ({"every_days": 5000}, "every_days"),
        ({"minutes": 0}, "minutes"),
        ({"note": "x" * 501}, "note"),
        ({"last_done_at": NOW + HOUR}, "last_done_at"),
    ],
)
def test_what_cannot_be_is_refused_by_name(app, given, field):
    with pytest.raises(Invalid) as no:
        make_duty(**given)

    assert field in no.value.details["fields"]


def test_changed_from_days_to_hours(app):
    cell = make_cell()
    ran(cell, NOW - 5 * HOUR, NOW)
    duty = make_duty(cell, every_days=90, last_done_at=NOW - 5 * HOUR)

    details = upkeep.DutyDetails(cell.id, "Way oil and filters", every_hours=10)
    changed = upkeep.change_duty(duty.id, details, person("oli"), NOW)

    assert (changed.every_days, changed.run_seconds) == (None, 5 * 3600)
    [entry] = journal.recent(f"cell:{cell.id}", limit=1)
    assert entry.details["before"] == {"name": "Way oil", "every_days": 90}
    assert entry.details["after"] == {"name": "Way oil and filters", "every_hours": 10}


def test_one_that_was_given_up_is_left_alone(app):
    duty = make_duty()
    upkeep.retire_duty(duty.id, person("oli"), NOW)

    assert upkeep.duties_in_force() == []
    with pytest.raises(WrongState, match="was given up"):
        upkeep.retire_duty(duty.id, person("oli"), NOW)


def test_no_duty_of_a_cell_that_is_gone(app):
    cell = make_cell()
    cells.retire_cell(cell.id, "root", NOW)

    with pytest.raises(WrongState, match="out of service"):
        make_duty(cell)
    with pytest.raises(NotFound):
        upkeep.one_duty(2**40)
