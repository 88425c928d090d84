"""The demonstration goes on by itself."""

import random
from datetime import timedelta
from pathlib import Path

from flask import Flask

from tests.demo.test_telling import PERIOD, tell_into
from tests.world import NOW
from webapp import cells, demo, projects


def waiting_and_running() -> int:
    return sum(projects.count(projects.Filters(status=status)) for status in ("created", "running"))


def free_cells() -> list[str]:
    standings = cells.standings(NOW, PERIOD).values()
    return [s.cell.name for s in standings if s.state == "idle" and s.claim is None and s.cell.mode == "open"]


def test_nobody_hands_in_work_while_few_cells_are_free(app: Flask, tmp_path: Path) -> None:
    tell_into(tmp_path)
    before = waiting_and_running()

    handed_in = demo.hand_in(NOW, PERIOD, random.Random(1))

    assert len(free_cells()) <= 2
    assert handed_in is None
    assert waiting_and_running() == before


def test_a_cell_too_many_that_is_free_gets_work(app: Flask, tmp_path: Path) -> None:
    tell_into(tmp_path)
    [weld_robot] = [cell for cell in cells.all_cells() if cell.name == "C08"]
    cells.set_mode(weld_robot.id, "open", "", "sam", NOW)
    assert len(free_cells()) > 2

    handed_in = demo.hand_in(NOW + timedelta(seconds=1), PERIOD, random.Random(1))

    assert handed_in is not None
    assert handed_in.created_by.username in ("ada", "eizumoto")
