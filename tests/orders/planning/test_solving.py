import ast
from pathlib import Path

import pytest

from bench.job_shop_instances import FT06
from tests.orders.planning.shops import HOUR, any_shop, job, shop, task
from webapp import orders
from webapp.orders.planning.first_plan import first_plan
from webapp.orders.planning.judging import broken
from webapp.orders.planning.shop import Job, Shop, Task, score
from webapp.orders.planning.solving import Limits, improve


def solved(asked, heed=lambda progress: False, seconds=20.0):
    planned = first_plan(asked, {})
    return planned, improve(planned.shop, planned.places, Limits(seconds), heed)


def test_the_six_by_six_of_1963_takes_55():
    rows = enumerate(FT06)
    jobs = [Job(f"J{j}", tuple(Task(f"J{j}-{n}", t, (m,)) for n, (m, t) in enumerate(row))) for j, row in rows]

    _, found = solved(Shop(jobs, begin=0, until=1000))

    assert (found.score.ends, found.proven) == (55, True)


def test_lateness_is_made_less_before_the_end_is():
    urgent = job("U", task("u", seconds=2 * HOUR), due=2 * HOUR, weight=10)
    long = job("L", task("l", seconds=4 * HOUR), task("m", seconds=4 * HOUR, cells=(2,)))

    _, found = solved(shop(long, urgent))

    assert (found.score.weighted, found.score.ends) == (0, 10 * HOUR)


@pytest.mark.parametrize("seed", [1, 4, 7])
def test_what_is_found_is_legal_and_no_worse(seed):
    planned, found = solved(any_shop(seed), seconds=3.0)

    assert broken(planned.shop, found.places) == []
    assert found.score <= score(planned.shop, planned.places)


def test_it_stops_when_told_and_keeps_what_it_has():
    heard = []

    planned, found = solved(shop(*(job(f"J{n}", due=1) for n in range(9))), heed=lambda p: heard.append(p) or True)

    assert len(heard) == 1
    assert broken(planned.shop, found.places) == []
    assert not found.proven


def test_what_heeds_may_break_off_the_search():
    def gone(progress):
        raise KeyError("gone")

    with pytest.raises(KeyError):
        solved(shop(*(job(f"J{n}", due=1) for n in range(9))), heed=gone)


def test_only_a_search_that_begins_loads_the_solver():
    """Two seconds and a hundred megabytes, which no page should cost."""
    files = (Path(orders.__file__).parent).rglob("*.py")

    at_once = [node for path in files for node in ast.parse(path.read_text()).body if "ortools" in _imported(node)]

    assert at_once == []


def _imported(node):
    return ast.unparse(node) if isinstance(node, ast.Import | ast.ImportFrom) else ""
