"""Two at once: exactly one gets it, whoever they are."""

import pytest

from tests.orders.runs.shop import (
    PERIOD,
    complete,
    holders,
    later,
    make_machine,
    make_order,
    op,
    start,
    statuses,
    step,
    sweep,
)
from tests.projects.shop import a_spec
from tests.projects.test_races import open_claims, together
from tests.world import NOW, person, says
from webapp import orders, projects
from webapp.lib.refusal import WrongState

ROUNDS = 5


@pytest.mark.parametrize("n", range(ROUNDS))
def test_two_who_complete_one_step(app, n):
    mill = make_machine()
    make_order(step("cut", mill), step("drill", mill), step("file", mill))
    start()
    person("sam")

    answers = together(app, *[lambda by=by: complete("WO-1-1", later(hours=1), by).status for by in ("oli", "sam")] * 2)

    assert sorted(str(type(answer).__name__) for answer in answers) == ["WrongState"] * 3 + ["str"]
    assert statuses() == ["running", "done", "running", "planned"]
    assert holders() == {"M1": op("WO-1-2").what}


@pytest.mark.parametrize("n", range(ROUNDS))
def test_one_completes_and_one_fails(app, n):
    make_machine()
    make_order(step("cut"), step("drill"))
    start()
    oli = person("oli")

    answers = together(
        app,
        lambda: complete("WO-1-1", later(hours=1)).status,
        lambda: orders.fail_operation("WO-1-1", "Broke", oli, later(hours=1)).status,
    )

    assert sum(isinstance(answer, WrongState) for answer in answers) == 1
    assert statuses() in (["running", "done", "running"], ["held", "failed", "planned"])


@pytest.mark.parametrize("n", range(ROUNDS))
def test_two_orders_for_one_machine(app, n):
    mill = make_machine()
    for ref in ("WO-1", "WO-2", "WO-3"):
        make_order(step("cut", mill), ref=ref)
    person("oli")

    together(app, *[lambda ref=ref: start(ref).status for ref in ("WO-1", "WO-2", "WO-3")])

    found = sorted(statuses(ref)[1] for ref in ("WO-1", "WO-2", "WO-3"))
    assert found == ["running", "waiting", "waiting"]
    assert open_claims() == 1


@pytest.mark.parametrize("n", range(ROUNDS))
def test_a_project_and_an_operation_for_one_cell(app, n):
    says(make_machine(takes=["operation", "project"]))
    make_order()
    ada, _ = person("ada"), person("oli")

    together(app, lambda: start().status, lambda: projects.create(a_spec(), ada, NOW, PERIOD).id)

    [project] = projects.search(projects.Filters()).projects
    assert open_claims() == 1
    assert (op("WO-1-1").status == "running") != (project.cell_id is not None)
    assert op("WO-1-1").status in ("running", "waiting")
    assert project.cell_id is not None or project.waiting_code


@pytest.mark.parametrize("n", range(ROUNDS))
def test_a_person_and_the_tick_start_what_waits(app, n):
    for ref in ("WO-1", "WO-2"):
        make_order(ref=ref)
        start(ref)
    make_machine("M1")
    make_machine("M2")
    oli = person("oli")

    together(
        app,
        lambda: sweep(later(seconds=5)),
        lambda: sweep(later(seconds=5)),
        lambda: orders.start_operation("WO-1-1", oli, later(seconds=5), PERIOD).status,
    )
    sweep(later(seconds=10))

    assert (statuses("WO-1"), statuses("WO-2")) == (["running", "running"], ["running", "running"])
    assert open_claims() == 2


def test_many_at_once_stand_in_nobodys_way(app):
    for n in range(1, 5):
        make_machine(f"M{n}")
        make_order(step("cut"), step("drill"), ref=f"WO-{n}")
        start(f"WO-{n}")
    person("oli")

    answers = together(
        app,
        *[lambda n=n: complete(f"WO-{n}-1", later(hours=1)).status for n in range(1, 5)],
        *[lambda: sweep(later(hours=1, seconds=1))] * 3,
    )
    sweep(later(hours=1, seconds=5))

    assert answers[:4] == ["done"] * 4
    assert [statuses(f"WO-{n}") for n in range(1, 5)] == [["running", "done", "running"]] * 4
    assert open_claims() == 4
