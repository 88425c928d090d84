"""A later file speaks of orders that an earlier one brought: what is over gives its time back, what runs is a
person's, and what the plan calls an operation is its number of now."""

from datetime import timedelta

import pytest

from tests.orders.imports.files import bring, text
from tests.orders.runs import shop
from tests.world import NOW, make_site, person
from webapp import cells, orders
from webapp.extensions import transaction

HEAD = "order,product,qty,order status,step,operation,machine,start,end,minutes"
CUT = "WO-1,Housing,10,{},1,Cut,Saw 1,2026-03-05 08:00,2026-03-05 09:00,"
MILL = "WO-1,Housing,10,{},2,Mill,Saw 1,2026-03-05 10:00,2026-03-05 11:00,"
CUT_YESTERDAY = CUT.replace("03-05", "03-03")


@pytest.fixture(autouse=True)
def site(app):
    return make_site()


def tell(folder, *rows, status="", now=NOW):
    return bring(text(*(row.format(status) for row in rows), header=HEAD), folder, now=now)


def booked():
    return sorted(slot.label for slot in cells.bookings(NOW, NOW + timedelta(days=9)))


def test_an_order_that_a_file_cancels_gives_its_time_back(tmp_path):
    tell(tmp_path, CUT, status="open")

    tell(tmp_path, CUT, status="cancelled", now=NOW + timedelta(hours=1))

    assert (shop.statuses(), booked()) == (["cancelled", "cancelled"], [])
    shop.make_order(shop.step(kind=None), ref="WO-9")
    cut = orders.one_operation("WO-1-1")
    orders.reschedule("WO-9-1", cut.starts, cut.ends, cut.cell_id, "pat", NOW)


def test_a_waiting_step_of_it_waits_no_more(tmp_path):
    tell(tmp_path, CUT)
    cells.set_mode(cells.by_name("Saw 1").id, "draining", "Audit", "sam", NOW)
    orders.start_operation("WO-1-1", person("oli"), NOW, shop.PERIOD)

    tell(tmp_path, CUT, status="cancelled")

    cut = orders.one_operation("WO-1-1")
    assert (cut.status, cut.waiting_code, cut.waiting_message) == ("cancelled", None, None)


@pytest.mark.parametrize("before", [["open"], []])
def test_an_order_that_a_file_opens_again_is_planned_again(tmp_path, before):
    for status in before:
        tell(tmp_path, CUT, MILL, status=status)
    tell(tmp_path, CUT, MILL, status="cancelled")

    job = tell(tmp_path, CUT, MILL)

    assert (job.counts["operations_changed"], job.remarks) == (2, [])
    assert shop.statuses() == ["planned", "planned", "planned"]
    assert booked() == ["WO-1 step 1, Cut", "WO-1 step 2, Mill"]
    assert orders.one_operation("WO-1-1").ended_by == ""


def test_a_step_that_loses_its_place_gives_its_time_back(tmp_path):
    tell(tmp_path, CUT)

    tell(tmp_path, "WO-1,Housing,10,{},1,Cut,Saw 1,,,60")

    assert (orders.one_operation("WO-1-1").placed, booked()) == (False, [])


def test_the_same_cancelled_order_again_changes_nothing(tmp_path):
    tell(tmp_path, CUT)
    tell(tmp_path, CUT, status="cancelled")

    assert tell(tmp_path, CUT, status="cancelled").counts == {"operations_same": 1, "orders_same": 1}


def test_an_order_of_which_a_person_starts_the_next_step_is_no_longer_the_files(tmp_path):
    tell(tmp_path, CUT_YESTERDAY, MILL)
    before = orders.one_order("WO-1").version
    orders.start_operation("WO-1-2", person("oli"), NOW, shop.PERIOD)

    job = tell(tmp_path, CUT_YESTERDAY, MILL, status="cancelled", now=NOW + timedelta(minutes=5))

    assert shop.statuses() == ["running", "done", "running"]
    assert job.remarks == [["WO-1", "Mill runs here"]]
    assert orders.one_order("WO-1").version > before
    shop.complete("WO-1-2", NOW + timedelta(minutes=9))
    again = tell(tmp_path, CUT_YESTERDAY, MILL, status="cancelled", now=NOW + timedelta(hours=1))
    assert (shop.statuses()[0], again.remarks) == ("done", [["WO-1", "it was changed here since"]])


def test_what_is_under_way_is_not_cancelled_even_where_nobody_wrote_that_down(tmp_path):
    tell(tmp_path, CUT_YESTERDAY, MILL)
    before = orders.one_order("WO-1").version
    orders.start_operation("WO-1-2", person("oli"), NOW, shop.PERIOD)
    with transaction():
        orders.one_order("WO-1").version = before

    tell(tmp_path, CUT_YESTERDAY, MILL, status="cancelled", now=NOW + timedelta(minutes=5))

    assert shop.statuses() == ["running", "done", "running"]


def test_bookings_are_called_by_the_numbers_that_steps_have_now(tmp_path):
    tell(tmp_path, MILL)

    tell(tmp_path, CUT, MILL)

    assert booked() == ["WO-1 step 1, Cut", "WO-1 step 2, Mill"]
