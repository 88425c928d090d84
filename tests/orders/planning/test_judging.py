import pytest

from tests.orders.planning.shops import HOUR, job, shop, task
from webapp.orders.planning.judging import broken
from webapp.orders.planning.shop import Place, score

TWO = (task("a"), task("b", cells=(2,)))


def test_touching_ends_are_legal():
    assert broken(shop(job("J", *TWO)), {"a": Place(1, 0, HOUR), "b": Place(2, HOUR, 2 * HOUR)}) == []


@pytest.mark.parametrize(
    ("places", "rule"),
    [
        ({"a": Place(1, 0, HOUR), "b": Place(2, HOUR - 1, 2 * HOUR - 1)}, "R1"),
        ({"a": Place(1, -1, HOUR - 1), "b": Place(2, HOUR, 2 * HOUR)}, "R3"),
        ({"a": Place(1, 3 * HOUR, 4 * HOUR), "b": Place(2, 4 * HOUR, 5 * HOUR)}, "R4"),
        ({"a": Place(1, 0, HOUR), "b": Place(1, HOUR, 2 * HOUR)}, "it is on a machine"),
        ({"a": Place(1, 0, HOUR)}, "it has no place"),
        ({"a": Place(1, 0, HOUR), "b": Place(2, 9 * HOUR, 10 * HOUR)}, "it begins when"),
    ],
)
def test_each_rule_is_seen(places, rule):
    around = {"taken": {1: [(3 * HOUR, 5 * HOUR)]}, "working": {2: [(0, 8 * HOUR)]}}

    assert any(rule in words for words in broken(shop(job("J", *TWO), **around), places))


def test_two_on_one_machine_at_once_break_a_rule():
    places = {"a": Place(1, 0, HOUR), "b": Place(1, HOUR - 1, 2 * HOUR - 1)}

    assert [words[:5] for words in broken(shop(job("J", task("a")), job("K", task("b"))), places)] == ["a: R2", "b: R2"]


def test_a_score_weighs_lateness_before_all():
    jobs = job("J", task("a"), due=HOUR, weight=3), job("K", task("b"), due=0, weight=2)

    found = score(shop(*jobs), {"a": Place(1, 0, HOUR), "b": Place(1, HOUR, 2 * HOUR)})

    assert (found.weighted, found.late, found.late_seconds, found.ends) == (4 * HOUR, 1, 2 * HOUR, 2 * HOUR)
    assert found < score(shop(*jobs), {"a": Place(1, HOUR, 2 * HOUR), "b": Place(1, 0, HOUR)})
