"""Who is to be told by now: a table of times."""

import pytest

from tests.cells.alarms.standing import look, only, says, told, watched_cell
from tests.cells.alarms.test_finding import follows
from tests.world import at
from webapp import cells
from webapp.cells import Alarm, Escalation

RULES = {"active": True, "grace": 30, "second": 5, "third": 15}
STOP = {"kind": "stop", "detected_at": at("10:00")}
MORNING = at("06:00")


def due(now, alarm=None, shift=MORNING, **rules):
    return cells.step_due(Escalation(site_id=1, **RULES | rules), Alarm(**STOP | (alarm or {})), shift, at(now))


@pytest.mark.parametrize(
    ("now", "alarm", "rules", "step"),
    [
        ("10:00", {}, {}, 0),
        ("10:01", {}, {}, 1),
        ("10:01", {}, {"grace": 120}, 0),
        ("10:02", {}, {"grace": 120}, 1),
        ("10:00", {"kind": "call"}, {}, 1),
        ("10:05", {"told_at": at("10:01")}, {}, 1),
        ("10:06", {"told_at": at("10:01")}, {}, 2),
        ("10:15", {"told_at": at("10:01")}, {}, 2),
        ("10:16", {"told_at": at("10:01")}, {}, 3),
        ("23:00", {"told_at": at("10:01")}, {}, 3),
        ("10:03", {"told_at": at("10:01")}, {"second": 1, "third": 2}, 3),
        ("10:16", {"told_at": at("10:01"), "acknowledged_at": at("10:02")}, {}, 0),
        ("10:16", {"told_at": at("10:01"), "repaired_at": at("10:02")}, {}, 0),
        ("10:16", {"told_at": at("10:01")}, {"active": False}, 0),
        ("10:01", {"acknowledged_at": at("10:00")}, {}, 0),
    ],
)
def test_up_to_which_step(now, alarm, rules, step):
    assert due(now, alarm, **rules) == step


def test_minutes_nobody_works_do_not_count():
    told_before = {"told_at": at("05:58"), "detected_at": at("05:57")}

    assert [due(now, told_before) for now in ("06:04", "06:05", "06:15")] == [1, 2, 3]


def owed(now):
    return [(one.told, one.step) for one in cells.stops_owed(at(now))]


@pytest.fixture
def stopped(app):
    cell = watched_cell()
    says(cell, "down", "09:58")
    look(cell, "10:00")
    return cell


def test_it_is_owed_until_people_were_told(stopped):
    assert owed("10:00") == [(0, 1)]

    told(only(stopped), "10:00")

    assert owed("10:01") == []
    assert owed("10:05") == [(1, 2)]


def test_nothing_is_owed_of_what_somebody_sees_to(stopped):
    cells.acknowledge_stop(stopped.id, "sam", at("10:00"))

    assert owed("11:00") == []


def test_nothing_is_owed_while_the_cell_is_maintained(stopped):
    says(stopped, "maintenance", "10:00")

    assert owed("10:01") == []


def test_nothing_is_owed_off_shift_but_a_call(stopped):
    follows(stopped, "00:00-10:10")
    told(only(stopped), "10:00")
    cells.call_for_help(stopped.id, "", "oli", at("10:20"))

    assert owed("10:20") == [(0, 1)]


def test_a_site_may_keep_it_to_itself(stopped):
    cells.set_escalation(stopped.site_id, False, 30, 5, 15, "root", at("10:00"))

    assert owed("11:00") == []


def test_who_is_at_it_meanwhile_is_not_told_of_it(stopped):
    [found] = cells.stops_owed(at("10:00"))
    cells.acknowledge_stop(stopped.id, "sam", at("10:00"))

    assert cells.owed_still(found) is None
