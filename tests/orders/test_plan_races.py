"""Two planners at one moment, through the programs' door: exactly one gets the slot, and no rule is ever broken."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from flask import Flask

from tests.api.programs import Program, program_of
from tests.orders.plans import order, rules_broken, step
from tests.projects.test_races import together
from webapp.lib.clock import iso, utcnow

TO_COME = utcnow().replace(minute=0, second=0, microsecond=0) + timedelta(hours=2)
ROUNDS = 50


def hour(n: int) -> datetime:
    return TO_COME + timedelta(hours=n)


def put(program: Program, ref: str, begins: int, on: str = "M1", **headers: str) -> Callable[[], Any]:
    body = {"start": iso(hour(begins)), "end": iso(hour(begins + 1)), "machineId": on}
    return lambda: program.patch(f"/operations/{ref}", body, **headers)


def planners(app: Flask) -> tuple[Program, Program]:
    """Each with a client of their own."""
    return program_of(app, "pat"), program_of(app, "root")


def test_two_into_one_slot(app):
    pat, root = planners(app)
    order(step(hour(0), hour(1)), ref="A")
    order(step(hour(0), hour(1), on="M2"), ref="B")

    for n in range(ROUNDS):
        answers = together(app, put(pat, "A-1", 3 + 2 * n), put(root, "B-1", 3 + 2 * n))

        assert sorted(answer.status_code for answer in answers) == [200, 400]
        lost = next(answer.json["details"] for answer in answers if answer.status_code == 400)
        assert lost["rule"] == "R2"
    assert rules_broken() == []


def test_two_who_saw_the_same(app):
    pat, root = planners(app)
    order(step(hour(0), hour(1)), ref="A")

    for n in range(10):
        tag = f'"{n + 1}-x"'
        answers = together(app, put(pat, "A-1", 2 * n + 1, If_Match=tag), put(root, "A-1", 2 * n + 2, If_Match=tag))

        assert sorted(answer.status_code for answer in answers) == [200, 412]


def test_two_steps_of_one_order_towards_each_other(app):
    pat, root = planners(app)

    for n in range(10):
        order(step(hour(0), hour(1), on=f"M{n}"), step(hour(4), hour(5), on=f"N{n}"), ref=f"{n}")
        answers = together(app, put(pat, f"{n}-1", 2, on=f"M{n}"), put(root, f"{n}-2", 2, on=f"N{n}"))

        assert sorted(answer.status_code for answer in answers) == [200, 400]
    assert rules_broken() == []


def test_two_who_change_machines_crosswise_wait_for_no_one_for_ever(app):
    pat, root = planners(app)
    order(step(hour(0), hour(1)), ref="A")
    order(step(hour(0), hour(1), on="M2"), ref="B")

    for n in range(10):
        there, back = ("M2", "M1") if n % 2 == 0 else ("M1", "M2")
        answers = together(app, put(pat, "A-1", n + 1, on=there), put(root, "B-1", n + 1, on=back))

        assert [answer.status_code for answer in answers] == [200, 200]


def test_an_order_that_comes_in_is_seen_or_sees(app):
    pat, root = planners(app)
    order(step(hour(0), hour(1), on="M2"), ref="A")
    slot = {"name": "cut", "machineId": "M1", "start": iso(hour(5)), "end": iso(hour(6))}
    step("11:00", "12:00")

    answers = together(
        app,
        put(pat, "A-1", 5),
        lambda: root.post("/work-orders", {"id": "B", "product": "b", "qty": 1, "operations": [slot]}),
    )

    moved, added = answers[0].status_code, [no["rule"] for no in answers[1].json["violations"]]
    assert (moved, added) in [(200, ["R2"]), (400, [])]
