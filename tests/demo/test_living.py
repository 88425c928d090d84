"""The demonstration goes on by itself."""

import random
from datetime import timedelta
from pathlib import Path

from flask import Flask

from tests.demo.test_telling import PERIOD, tell_into
from tests.world import NOW, person
from webapp import cells, demo, orders, projects, upkeep
from webapp.demo.working import OPEN_ORDERS, Hands, order_more, took
from webapp.extensions import db, transaction


def waiting_and_running() -> int:
    return sum(projects.count(projects.Filters(status=status)) for status in ("created", "running"))


def free_cells() -> list[str]:
    standings = cells.standings(NOW, PERIOD).values()
    free = [s.cell for s in standings if s.state == "idle" and s.claim is None and s.cell.mode == "open"]
    return [cell.name for cell in free if "project" in cell.takes]


def unload(cell_id: int) -> None:
    with transaction():
        sighting = db.session.get_one(cells.Sighting, cell_id)
        sighting.state, sighting.job = "idle", None


def test_nobody_hands_in_work_while_few_cells_are_free(app: Flask, tmp_path: Path) -> None:
    tell_into(tmp_path)
    before = waiting_and_running()

    handed_in = demo.hand_in(NOW, PERIOD, random.Random(1))

    assert len(free_cells()) <= 1
    assert handed_in is None
    assert waiting_and_running() == before


def test_a_cell_too_many_that_is_free_gets_work(app: Flask, tmp_path: Path) -> None:
    tell_into(tmp_path)
    for project in projects.search(projects.Filters(status="running"), limit=2).projects:
        projects.finish(project.id, person("sam"), NOW)
        unload(project.cell_id)
    assert len(free_cells()) > 1

    handed_in = demo.hand_in(NOW + timedelta(seconds=1), PERIOD, random.Random(1))

    assert handed_in is not None
    assert handed_in.created_by.username in ("ada", "eizumoto")


def test_the_operator_sets_machines_going_and_completes_what_is_over(app: Flask, tmp_path: Path) -> None:
    tell_into(tmp_path)
    [turning] = orders.running()
    pressed: list[int] = []
    hands = Hands(lambda cell_id, minutes: pressed.append(cell_id))

    hands.work(NOW, PERIOD)
    assert (orders.running(), pressed) == ([turning], [turning.cell_id])

    over = NOW + took(turning)
    hands.work(over, PERIOD)

    assert orders.one_operation(turning.ref).status == "done"
    following = orders.one_order(turning.order_ref).operations[1]
    assert (following.name, following.status) == ("Assemble", "waiting")  # nobody sampled the machines meanwhile
    assert pressed == [turning.cell_id]


def test_a_service_ends_when_it_was_to_end(app: Flask, tmp_path: Path) -> None:
    tell_into(tmp_path)
    [service] = upkeep.board(NOW).under_way

    Hands(lambda cell_id, minutes: None).work(service.ends, PERIOD)

    assert not upkeep.board(service.ends).under_way


def test_the_planner_orders_more_when_little_is_open_and_gives_each_step_its_place(app: Flask, tmp_path: Path) -> None:
    tell_into(tmp_path)
    dice = random.Random(3)
    assert order_more(NOW, dice) is None

    for number in range(1001, 1020):
        order = orders.one_order(f"WO-{number}")
        if order.status == "planned" and orders.order_totals(NOW).open >= OPEN_ORDERS:
            orders.cancel_order(order.ref, person("pat"), NOW)
    fresh = orders.one_order(order_more(NOW, dice))

    assert all(step.placed for step in fresh.operations)
    assert not orders.conflicts(NOW, NOW + timedelta(days=3), order_ids=[fresh.id])
