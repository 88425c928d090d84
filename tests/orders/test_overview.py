"""The list of orders: what is asked, in which order, page by page, and what is counted."""

from datetime import timedelta

import pytest

from tests.world import NOW, at, make_cell
from webapp import cells
from webapp.extensions import db, transaction
from webapp.orders import OVERVIEW_SORTS, Operation, Wanted, WorkOrder, order_totals, overview

DAY = timedelta(days=1)


@pytest.fixture
def cell(app):
    return make_cell()


def order(ref, *slots, **given):
    """With a step for each slot: (start, end), or None for a step that has none. A third word is its status."""
    details = {"product": "Housing", "qty": 1, "created_by": "pat", "created_at": NOW, "updated_at": NOW, **given}
    made = WorkOrder(ref=ref, **details)
    [machine] = cells.all_cells()
    made.operations = [_step(f"{ref}-{n}", n, slot, machine) for n, slot in enumerate(slots, 1)]
    with transaction():
        db.session.add(made)


def _step(ref, idx, slot, machine):
    start, end, status = ((*slot, "planned")[:3]) if slot else (None, None, "planned")
    return Operation(
        ref=ref, idx=idx, name="Mill", seconds=3600, cell_id=machine.id, starts=start, ends=end, status=status
    )


def refs(sort="", down=False, **asked):
    return [row.ref for row in overview(Wanted(**asked), NOW, sort, down).rows]


@pytest.fixture
def shop(cell):
    """Late, late to be, in time, without a due date, done."""
    now = NOW
    order("D-done", status="done", due_at=now - DAY, ended_at=now)
    order("N-nodue", (now + DAY, now + 2 * DAY))
    order("T-intime", (now, now + DAY), due_at=now + 3 * DAY)
    order("W-willbe", (now, now + DAY), (now + DAY, now + 2 * DAY), due_at=now + DAY, priority=9)
    order("L-late", None, due_at=now - DAY, product="Gear 100%")


def test_late_ones_come_first_then_those_that_will_be(shop):
    assert refs() == ["L-late", "W-willbe", "T-intime", "N-nodue", "D-done"]


def test_only_late_ones(shop):
    assert refs(late=True) == ["L-late", "W-willbe"]


def test_by_status(shop):
    assert refs(statuses=("done",)) == ["D-done"]
    assert len(refs(statuses=("planned", "done"))) == 5


def test_the_range_of_due_dates_is_half_open(shop):
    assert refs(due_from=NOW - DAY, due_to=NOW + DAY) == ["L-late", "D-done"]
    assert refs(due_from=NOW + DAY) == ["W-willbe", "T-intime"]


@pytest.mark.parametrize(("text", "found"), [("l-late", 1), ("housing", 4), ("100%", 1), ("%", 1), ("nothing", 0)])
def test_by_number_and_product(shop, text, found):
    assert len(refs(text=text)) == found


@pytest.mark.parametrize("sort", OVERVIEW_SORTS)
def test_each_way_of_sorting_knows_every_row_in_both_directions(shop, sort):
    assert sorted(refs(sort)) == sorted(refs(sort, down=True)) == sorted(refs())


def test_where_nothing_stands_a_row_comes_last(shop):
    assert refs("due")[-1] == refs("due", down=True)[-1] == "N-nodue"
    assert refs("due")[0] != refs("due", down=True)[0]


def test_pages_hold_each_order_once(shop):
    pages = [overview(Wanted(), NOW, offset=offset, limit=2) for offset in (0, 2, 4)]

    assert [row.ref for page in pages for row in page.rows] == refs()
    assert {page.total for page in pages} == {5}


def test_what_the_steps_add_up_to(cell):
    order("A", (at("08:00"), at("09:00"), "done"), (at("11:00"), at("13:00")), None)

    [row] = overview(Wanted(), NOW).rows

    assert (row.steps, row.done, row.unplaced) == (3, 1, 1)
    assert (row.planned_start, row.planned_end) == (at("08:00"), at("13:00"))


def test_an_order_without_steps_is_listed(cell):
    order("A")

    [row] = overview(Wanted(), NOW).rows

    assert (row.steps, row.planned_end, row.lateness(NOW).kind) == (0, None, "")


def test_what_is_listed_and_what_is_counted_agree(shop):
    counts, rows = order_totals(NOW), overview(Wanted(), NOW).rows

    kinds = [row.lateness(NOW).kind for row in rows]
    assert (counts.late, counts.will_be_late) == (kinds.count("late"), kinds.count("will be")) == (1, 1)
    assert (counts.open, counts.all, counts.unplaced) == (4, 5, 1)
    assert counts.by_status == {"planned": 4, "done": 1}


def test_nothing_is_counted_in_an_empty_factory(app):
    assert (order_totals(NOW).all, order_totals(NOW).late) == (0, 0)


def test_the_mark_changes_with_any_change(shop):
    before = order_totals(NOW).mark
    with transaction():
        db.session.query(Operation).first().version += 1

    assert order_totals(NOW).mark != before
