import pytest

from tests.orders.planning.shops import DAY, HOUR, any_shop, job, shop, task
from webapp.orders.planning.first_plan import first_plan, pushed_early, replayed
from webapp.orders.planning.judging import broken
from webapp.orders.planning.shop import Place, score


def test_operations_follow_each_other_and_share_no_machine():
    planned = first_plan(shop(job("J", task("a"), task("b")), job("K", task("c"))), {})

    starts = {ref: place.start for ref, place in planned.places.items()}
    assert sorted(starts.values()) == [0, HOUR, 2 * HOUR]
    assert starts["a"] < starts["b"]


def test_the_machine_on_which_it_ends_first_is_taken_and_of_equals_its_own():
    two = shop(job("J", task("a", cells=(2, 1))), job("K", task("b", cells=(2, 1))))

    assert {place.cell_id for place in first_plan(two, {}).places.values()} == {1, 2}
    assert first_plan(shop(job("J", task("a", cells=(2, 1)))), {}).places["a"].cell_id == 2


def test_an_order_that_has_no_room_is_left_out_and_the_others_are_planned():
    pinned = task("p", fixed=Place(9, HOUR, 2 * HOUR))
    tight = job("J", task("a", seconds=2 * HOUR), pinned)

    planned = first_plan(shop(tight, job("K", task("b"))), {})

    assert planned.left_out == {"J": "a"}
    assert planned.places == {"b": Place(1, 0, HOUR)}


def test_what_must_be_over_before_a_pinned_one_goes_first():
    pinned = task("p", fixed=Place(9, HOUR, 2 * HOUR))

    planned = first_plan(shop(job("A", task("x"), due=HOUR), job("J", task("a"), pinned)), {})

    assert planned.left_out == {}
    assert planned.places["a"].end <= HOUR


@pytest.mark.parametrize("seed", range(40))
def test_a_first_plan_is_always_legal_and_pushing_it_early_keeps_it_so(seed):
    planned = first_plan(any_shop(seed), {})

    assert broken(planned.shop, planned.places) == []
    early = pushed_early(planned.shop, planned.places)
    assert broken(planned.shop, early) == []
    assert score(planned.shop, early) <= score(planned.shop, planned.places)


def test_an_earlier_plan_is_played_again_later_in_the_day():
    planned = first_plan(shop(job("J", task("a"), task("b"))), {})

    again = replayed(shop(job("J", task("a"), task("b")), begin=DAY), planned.places)

    assert again == {"a": Place(1, DAY, DAY + HOUR), "b": Place(1, DAY + HOUR, DAY + 2 * HOUR)}


def test_an_earlier_plan_of_other_operations_is_none():
    assert replayed(shop(job("J", task("a"))), {"b": Place(1, 0, HOUR)}) is None
