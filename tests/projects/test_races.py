"""Two at once: whoever asks at the same moment, exactly one gets it, and nothing anybody wrote is lost."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.projects.shop import PERIOD, a_spec, later, make_cell, make_project, make_running, person, sweep
from tests.world import NOW
from webapp import cells, projects
from webapp.cells import Claim
from webapp.extensions import db
from webapp.lib.refusal import Refusal, Stale, WrongState

ROUNDS = 6


def together(app: Flask, *acts: Callable[[], Any]) -> list[Any]:
    """All acts at the same moment, each with a session of its own: what each returned, or the refusal it got.

    Sixteen at a time, as two web processes have threads.
    """
    hands = min(len(acts), 16)
    start = Barrier(hands)

    def run(n: int) -> Any:
        if n < hands:
            start.wait()
        with app.app_context():
            try:
                return acts[n]()
            except Refusal as no:
                return no
            finally:
                db.session.remove()

    with quiet(), ThreadPoolExecutor(hands) as pool:
        return list(pool.map(run, range(len(acts))))


@contextmanager
def quiet() -> Iterator[None]:
    """The test's own session holds nothing meanwhile."""
    db.session.rollback()
    yield
    db.session.rollback()


def open_claims() -> int:
    return db.session.scalar(select(func.count()).select_from(Claim).where(Claim.closed.is_(None))) or 0


def test_fifty_at_once_onto_ten_cells(app):
    for number in range(1, 11):
        make_cell(f"C{number:02}")
    ada = person()

    def submit() -> int:
        return projects.create(a_spec(), ada, NOW, PERIOD).id

    numbers = together(app, *[submit] * 50)

    sweep(later(seconds=1))
    made = [projects.one(number) for number in numbers]
    placed = [project.cell_id for project in made if project.cell_id is not None]
    assert len(set(numbers)) == 50
    assert len(placed) == len(set(placed)) == 10
    assert open_claims() == 10
    assert all(project.waiting_code == "cells_busy" for project in made if project.cell_id is None)


def test_two_dispatchers_are_harmless(app):
    made = [make_project().id for _ in range(8)]
    for number in range(1, 6):
        make_cell(f"C{number:02}")

    together(app, *[lambda: sweep(later(seconds=1))] * 4)

    sweep(later(seconds=2))
    placed = [project.cell_id for project in map(projects.one, made) if project.cell_id is not None]
    assert len(placed) == len(set(placed)) == 5
    assert open_claims() == 5


@pytest.mark.parametrize("n", range(ROUNDS))
def test_two_who_end_one_project(app, n):
    make_cell()
    number = make_running().id
    sam, ada = person("sam"), person()

    answers = together(
        app,
        lambda: projects.finish(number, sam, NOW).status,
        lambda: projects.fail(number, ada, NOW, "broke").status,
        lambda: projects.finish(number, ada, NOW).status,
    )

    won = [answer for answer in answers if isinstance(answer, str)]
    lost = [answer for answer in answers if isinstance(answer, WrongState)]
    assert (len(won), len(lost)) == (1, 2)
    assert projects.one(number).status == won[0]
    assert {no.details["ended_by"] for no in lost} == {projects.one(number).ended_by}
    assert open_claims() == 0


@pytest.mark.parametrize("n", range(ROUNDS))
def test_changes_of_different_fields_lose_none(app, n):
    number, ada = make_project().id, person()

    def change(field: str) -> Callable[[], Any]:
        return lambda: projects.revise(number, {field: f"new {field}"}, ada, NOW).id

    together(app, *[change(field) for field in ("x5", "x6", "x7", "name")])

    project = projects.one(number)
    assert (project.x5, project.x6, project.x7, project.name) == ("new x5", "new x6", "new x7", "new name")
    assert project.version == 5


@pytest.mark.parametrize("n", range(ROUNDS))
def test_two_who_saw_the_same_version(app, n):
    number, ada = make_project().id, person()

    def change(value: str) -> Callable[[], Any]:
        return lambda: projects.revise(number, {"x3": value}, ada, NOW, version=1).x3

    answers = together(app, change("a"), change("b"))

    [won] = [answer for answer in answers if isinstance(answer, str)]
    assert sum(isinstance(answer, Stale) for answer in answers) == 1
    assert projects.one(number).x3 == won


@pytest.mark.parametrize("n", range(ROUNDS))
def test_nothing_is_placed_on_a_cell_once_it_was_closed(app, n):
    cell = make_cell()
    number, ada = cell.id, person()

    together(
        app,
        lambda: cells.set_mode(number, "closed", "", "sam", NOW).mode,
        lambda: projects.create(a_spec(), ada, NOW, PERIOD).id,
        lambda: sweep(later(seconds=1)),
    )
    claimed = open_claims()
    sweep(later(seconds=2))

    assert open_claims() == claimed


@pytest.mark.parametrize("n", range(ROUNDS))
def test_taking_back_and_letting_go(app, n):
    make_cell()
    number, sam = make_running().id, person("sam")
    projects.finish(number, sam, NOW, undo=later(seconds=10) - NOW)

    together(
        app,
        lambda: projects.undo_ending(number, sam, later(seconds=9)).status,
        lambda: projects.release_ended(later(seconds=10)),
    )

    assert (projects.one(number).status, open_claims()) in (("running", 1), ("finished", 0))


def test_many_finishes_and_creations_do_not_stand_in_each_others_way(app):
    for number in range(1, 7):
        make_cell(f"C{number:02}")
    running = [make_running().id for _ in range(6)]
    ada, sam = person(), person("sam")

    answers = together(
        app,
        *[lambda n=n: projects.finish(n, sam, later(minutes=1)).status for n in running],
        *[lambda: projects.create(a_spec(), ada, later(minutes=1), PERIOD).status] * 6,
        *[lambda: sweep(later(minutes=1))] * 2,
    )

    sweep(later(minutes=2))
    assert answers == ["finished"] * 6 + ["created"] * 6 + [None] * 2
    assert open_claims() == 6
