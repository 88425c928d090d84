"""The rules by which a machine takes an operation, as a table; and the one reason behind all refusals."""

import pytest

from tests.orders.runs.shop import later
from webapp.orders.runs.machines import Machine, Need, Promise, Shop, verdict
from webapp.upkeep import Fitness

NOW = later()
NEED = Need("operation:1", "mill", 3600, planned=1, starts=later(hours=2))


def machine(id=1, **given):
    return Machine(**{"cell_id": id, "name": f"M{id}", "kind": "mill", "since": later(hours=-1), **given})


def promise(start, end, what="operation:9", kind="operation"):
    return Promise(what, kind, "WO-9 step 1", later(minutes=start), later(minutes=end))


TABLE = [
    ({}, None),
    ({"takes_operations": False}, "takes operations"),
    ({"in_service": False}, "in service"),
    ({"kind": "lathe"}, "kind"),
    ({"mode": "draining"}, "open"),
    ({"mode": "closed"}, "open"),
    ({"state": "running"}, None),
    ({"state": "setup"}, None),
    ({"state": "down"}, "well"),
    ({"state": "maintenance"}, "well"),
    ({"state": "unknown"}, None),
    ({"state": "unknown", "asked": True}, "well"),
    ({"taken": "P-7 has it"}, "free"),
    ({"promises": (promise(-10, 10, kind="maintenance"),)}, "window"),
    ({"promises": (promise(0, 10, kind="maintenance"),)}, "window"),
    ({"promises": (promise(-10, 0, kind="maintenance"),)}, None),
    ({"fitness": Fitness(overdue="Oil is overdue since 2026-03-01")}, "maintained"),
    ({"fitness": Fitness(late="Oil is overdue since 2026-03-01")}, None),
    ({"fitness": Fitness(due="Oil", due_at=later(minutes=30))}, None),
    ({"promises": (promise(59, 70),)}, "promised"),
    ({"promises": (promise(60, 70),)}, None),
    ({"promises": (promise(-10, 0),)}, None),
    ({"promises": (promise(-10, 1),)}, "promised"),
    ({"promises": (promise(30, 40, kind="maintenance"),)}, "promised"),
    ({"promises": (promise(30, 40, what="operation:1"),)}, None),
]


@pytest.mark.parametrize(("how", "rule"), TABLE)
def test_each_rule(how, rule):
    no = verdict(NEED, machine(**how), NOW)

    assert (no.rule if no else None) == rule


def test_once_its_time_has_come_nobody_elses_plan_is_in_its_way():
    come = Need("operation:1", "mill", 3600, planned=1, starts=NOW)

    assert verdict(come, machine(promises=(promise(10, 20),)), NOW) is None
    assert verdict(come, machine(2, promises=(promise(10, 20),)), NOW).rule == "promised"


def test_what_falls_due_before_it_would_end_is_a_warning():
    due = machine(fitness=Fitness(due="Oil", due_at=later(minutes=30)))

    assert due.check(NEED, NOW).warning == "Oil falls due before it ends"


def shop(*machines):
    return Shop({m.cell_id: m for m in machines}, NOW)


def test_the_planned_machine_then_the_one_that_has_waited_longest():
    found = shop(machine(1), machine(2, since=later(hours=-9)), machine(3, since=later(hours=-5))).fit(NEED)

    assert [m.name for m in found] == ["M1", "M2", "M3"]


def test_where_nothing_is_said_of_the_kind_the_planned_machine_says_it():
    anything = Need("operation:1", None, 3600, planned=1, starts=NOW)
    found = shop(machine(1, taken="P-7 has it"), machine(2, kind="lathe"), machine(3)).fit(anything)

    assert [m.name for m in found] == ["M3"]
    assert [m.name for m in shop(machine(2, kind="lathe")).fit(Need("operation:1", None, 3600))] == ["M2"]


REASONS = [
    ([{"taken": "P-7 has it"}, {"state": "down"}], "machines_busy", "M1 is busy: P-7 has it"),
    ([{"taken": "P-7 has it"}, {"taken": "P-8 has it"}], "machines_busy", "2 fit machines are busy (M1, M2)"),
    ([{"promises": (promise(5, 9),)}, {"state": "down"}], "machines_booked", "M1 is booked by WO-9 step 1"),
    ([{"state": "maintenance"}, {"mode": "closed"}], "maintenance_ends", "M1 is in maintenance"),
    ([{"fitness": Fitness(overdue="Oil is overdue")}], "upkeep_due", "M1: Oil is overdue"),
    ([{"state": "down", "detail": "E-4"}, {"mode": "closed"}], "all_machines_down", "2 fit machines are down, silent"),
    ([{"mode": "closed", "mode_why": "Audit"}], "all_machines_closed", "M1 is closed: Audit"),
    ([{"kind": "lathe"}], "no_fit_machine", "There is no machine of the kind mill"),
    ([], "no_fit_machine", "There is no machine of the kind mill"),
]


@pytest.mark.parametrize(("machines", "code", "says"), REASONS)
def test_one_reason_behind_all(machines, code, says):
    found = shop(*(machine(n, **how) for n, how in enumerate(machines, 1))).reason(NEED)

    assert found.code == code
    assert found.message.startswith(says)
    assert found.needs_person == (code in ("upkeep_due", "all_machines_down", "all_machines_closed", "no_fit_machine"))
