"""Files of orders become orders: plans and history, once, whatever the sequence of their rows."""

import random
from datetime import UTC, datetime, timedelta

import pytest

from tests.orders.imports.files import bring, everything, finished, offered, refused, said_of, text, workbook
from tests.world import NOW, make_cell, make_site
from webapp import cells, orders
from webapp.api.plan_shapes import work_order
from webapp.extensions import db, transaction
from webapp.lib.clock import iso

TOMORROW, YESTERDAY = "2026-03-05", "2026-03-03"
CUT = f"WO-1,Housing,10,1,Cut,Saw 1,{TOMORROW} 08:00,{TOMORROW} 09:00"
MILL = f"WO-1,Housing,10,2,Mill,Mill 1,{TOMORROW} 09:00,{TOMORROW} 11:00"
DONE = f"WO-2,Flange,5,1,Cut,Saw 1,{YESTERDAY} 08:00,{YESTERDAY} 09:30"


@pytest.fixture(autouse=True)
def site(app):
    return make_site()


def test_what_is_to_come_is_a_plan_and_holds_its_machines(tmp_path):
    job = bring(text(MILL, CUT), tmp_path)

    assert (job.status, job.good, job.refused, job.counts["orders_new"], job.counts["machines"]) == ("done", 2, 0, 1, 2)
    assert said_of("WO-1") == (
        "Housing",
        10,
        "planned",
        [
            (1, "Cut", "planned", "03-05T08:00", "03-05T09:00", None, None),
            (2, "Mill", "planned", "03-05T09:00", "03-05T11:00", None, None),
        ],
    )
    booked = cells.bookings(NOW, NOW + timedelta(days=2))
    assert sorted((slot.label, iso(slot.starts)) for slot in booked) == [
        ("WO-1 step 1, Cut", f"{TOMORROW}T08:00:00Z"),
        ("WO-1 step 2, Mill", f"{TOMORROW}T09:00:00Z"),
    ]


def test_what_is_past_was_done_as_it_says(tmp_path):
    bring(text(DONE), tmp_path)

    span = ("03-03T08:00", "03-03T09:30")
    assert said_of("WO-2") == ("Flange", 5, "done", [(1, "Cut", "done", *span, *span)])
    order = orders.one_order("WO-2")
    assert (iso(order.started_at)[:16], iso(order.ended_at)[:16]) == ("2026-03-03T08:00", "2026-03-03T09:30")
    assert cells.bookings(NOW - timedelta(days=9), NOW) == []


def test_an_order_half_of_which_is_done_goes_on(tmp_path):
    bring(text(DONE, f"WO-2,Flange,5,2,Mill,Mill 1,{TOMORROW} 08:00,{TOMORROW} 09:00"), tmp_path)

    assert said_of("WO-2")[2] == "running"


def test_a_row_under_way_is_planned_and_nobody_started_it(tmp_path):
    bring(text("WO-3,Flange,5,1,Cut,Saw 1,2026-03-04 09:00,2026-03-04 12:00"), tmp_path)

    assert said_of("WO-3")[3] == [(1, "Cut", "planned", "03-04T09:00", "03-04T12:00", None, None)]


def test_the_same_file_again_changes_nothing(tmp_path):
    rows = [CUT, MILL, DONE]
    bring(text(*rows), tmp_path)
    before = everything(db)

    again = bring(text(*rows), tmp_path, now=NOW + timedelta(days=30))

    assert again.counts == {"operations_same": 3, "orders_same": 2}
    assert everything(db) == before


def test_a_plan_that_has_passed_stays_a_plan_until_somebody_does_it(tmp_path):
    bring(text(CUT), tmp_path)

    bring(text(CUT), tmp_path, now=NOW + timedelta(days=30))

    assert said_of("WO-1")[3][0][2] == "planned"


def test_shuffled_rows_come_to_the_same(tmp_path, app):
    header = "order,product,qty,operation,machine,start,end,completed"
    rows = [
        f"C-{n % 7},Ring,{n % 3 + 1},Turn,M{n % 4},{YESTERDAY} {hour:02}:00,{YESTERDAY} {hour:02}:{n + 10},{n}"
        for n in range(40)
        for hour in [n % 11 + 8]
    ]
    bring(text(*rows, header=header), tmp_path)
    first = [said_of(f"C-{n}") for n in range(7)]
    with transaction():
        for n in range(7):
            db.session.delete(orders.one_order(f"C-{n}"))
    random.Random(3).shuffle(rows)

    bring(text(*rows, header=header), tmp_path)

    assert [said_of(f"C-{n}") for n in range(7)] == first


def test_without_numbers_steps_follow_one_another_in_time(tmp_path):
    header = "Case ID,Activity,Resource,Start Timestamp,Complete Timestamp,Work Order Qty,Part Desc.,Qty Completed"
    rows = [
        "Case 9,Turn,Machine 4 - Turning & Milling,2012/01/30 05:44:00.000,2012/01/30 06:42:00.000,10,Cable Head,1",
        "Case 9,Turn,Machine 4 - Turning & Milling,2012/01/29 23:24:00.000,2012/01/30 05:43:00.000,10,Cable Head,3",
        "Case 9,Pack,Packing,2012/01/30 07:00:00.000,2012/01/30 07:00:00.000,10,Cable Head,4",
    ]

    job = bring(text(*rows, *rows[:1], header=header), tmp_path)

    assert (job.good, job.spare, job.refused) == (3, 1, 0)
    assert said_of("Case 9") == (
        "Cable Head",
        10,
        "done",
        [
            (1, "Turn", "done", *("01-29T23:24", "01-30T05:43") * 2),
            (2, "Turn", "done", *("01-30T05:44", "01-30T06:42") * 2),
            (3, "Pack", "done", None, None, "01-30T07:00", "01-30T07:00"),
        ],
    )
    assert [(cell.name, cell.kind, list(cell.takes), cell.feeds) for cell in cells.all_cells()] == [
        ("Machine 4", "Turning & Milling", ["operation"], []),
        ("Packing", "machine", ["operation"], []),
    ]


def test_rows_of_one_step_are_one_operation_from_the_first_to_the_last(tmp_path):
    header = "order,step,operation,machine,start,end,completed"
    shifts = [f"WO-1,1,Mill,M1,{YESTERDAY} {at}:00,{YESTERDAY} {at + 2}:00,{at}" for at in (14, 10, 12)]

    bring(text(*shifts, header=header), tmp_path)

    assert said_of("WO-1")[3] == [(1, "Mill", "done", *("03-03T10:00", "03-03T16:00") * 2)]
    assert orders.one_order("WO-1").operations[0].qty_done == 36


def test_conflicts_are_shown_and_none_is_refused(tmp_path):
    rows = [DONE, f"WO-3,Ring,1,1,Cut,Saw 1,{YESTERDAY} 09:00,{YESTERDAY} 10:00"]
    rows += [f"WO-3,Ring,1,2,Mill,Mill 1,{YESTERDAY} 09:30,{YESTERDAY} 11:00"]

    job = bring(text(*rows), tmp_path)

    found = orders.conflicts(*orders.imported_span(job.id), order_ids=orders.imported_orders(job.id))
    assert (job.refused, sorted(one.rule for one in found)) == (0, ["R1", "R2"])


def test_machines_are_the_cells_that_somebody_says(tmp_path):
    make_cell("C01", kind="mill")
    machines = {"Saw 1": ["C01", "mill"], "Mill 1": ["", ""]}

    job = bring(text(CUT, MILL), tmp_path, machines=machines)

    [op] = orders.one_order("WO-1").operations
    assert (op.cell_id, op.required_kind) == (cells.by_name("C01").id, "mill")
    assert refused(job, tmp_path) == {3: "there is no machine Mill 1"}
    assert [cell.name for cell in cells.all_cells()] == ["C01"]


def test_the_kind_of_a_machine_may_have_a_column(tmp_path):
    rows = [
        f"W,1,Cut,M1,Laser,{TOMORROW} 08:00,{TOMORROW} 09:00",
        f"W,2,Cut,M1,Laser,{TOMORROW} 09:00,{TOMORROW} 10:00",
    ]

    bring(text(*rows, header="order,step,operation,machine,machine type,start,end"), tmp_path)

    assert cells.by_name("M1").kind == "Laser"


def test_a_step_without_a_place_needs_to_say_how_long_it_takes(tmp_path):
    rows = ["W,1,Cut,laser,45", "W,2,Bend,,", "W,3,Weld,,1:30"]

    job = bring(text(*rows, header="order,step,operation,required kind,minutes"), tmp_path)

    steps = orders.one_order("W").operations
    assert [(op.idx, op.name, op.required_kind, op.seconds, op.starts) for op in steps] == [
        (1, "Cut", "laser", 2700, None),
        (2, "Weld", None, 5400, None),
    ]
    assert refused(job, tmp_path) == {3: "nobody can say how long it takes"}


def test_times_without_a_zone_are_read_by_the_clock_somebody_names(tmp_path):
    rows = ["W,1,Cut,M1,2026-07-01 08:00,2026-07-01 09:00", "W,2,Cut,M1,2026-10-25 02:30,2026-10-25 04:00"]
    rows += ["W,3,Cut,M1,2026-07-01T08:00Z,60"]

    job = bring(text(*rows, header="order,step,operation,machine,start,end"), tmp_path, zone="Europe/Berlin")

    assert said_of("W")[3] == [(1, "Cut", "planned", "07-01T06:00", "07-01T07:00", None, None)]
    assert refused(job, tmp_path)[3] == "2026-10-25 02:30:00 comes twice in Europe/Berlin"


def test_actual_times_stand_beside_the_plan(tmp_path):
    header = "order,step,operation,machine,start,end,actual start,actual end"
    rows = [f"W,1,Cut,M1,{YESTERDAY} 08:00,{YESTERDAY} 09:00,{YESTERDAY} 08:10,{YESTERDAY} 09:40"]
    rows += [f"W,2,Mill,M1,{YESTERDAY} 09:00,{YESTERDAY} 10:00,{YESTERDAY} 09:50,"]

    bring(text(*rows, header=header), tmp_path)

    assert said_of("W")[3] == [
        (1, "Cut", "done", "03-03T08:00", "03-03T09:00", "03-03T08:10", "03-03T09:40"),
        (2, "Mill", "planned", "03-03T09:00", "03-03T10:00", None, None),
    ]


def test_a_workbook_comes_to_the_same_as_a_csv(tmp_path):
    day = datetime(2026, 3, 5, tzinfo=UTC)
    rows = [
        ["Order", "Product", "Qty", "Step", "Operation", "Machine", "Start", "End"],
        ["WO-1", "Housing", 10, 1, "Cut", "Saw 1", day, day + timedelta(hours=9)],
        ["WO-1", "Housing", 10.0, 2, "Mill", "Mill 1", "2026-03-05 09:00", day + timedelta(hours=11)],
    ]

    job = bring(workbook(*rows, at=(2, 1)), tmp_path)

    assert (job.status, job.good, refused(job, tmp_path)) == ("done", 2, {})
    assert [op[3:5] for op in said_of("WO-1")[3]] == [("03-05T00:00", "03-05T09:00"), ("03-05T09:00", "03-05T11:00")]


def test_the_answer_of_the_api_can_be_brought_in_elsewhere(tmp_path):
    listing = [
        {
            "id": "WO-7",
            "product": "Ring",
            "qty": 3,
            "status": "running",
            "due": "2026-03-09T00:00:00Z",
            "operations": [
                operation("OP-1", 1, "done", "2026-03-03T08:00:00Z", "2026-03-03T09:00:00Z"),
                operation("OP-2", 2, "running", "2026-03-04T09:00:00Z", None),
                operation("OP-3", 3, "cancelled", None, None),
            ],
        },
        {"id": "WO-8", "product": "Bolt", "qty": 1, "status": "cancelled", "due": None, "operations": []},
    ]

    job = bring(listing, tmp_path, name="orders.json")

    assert (job.status, job.good, refused(job, tmp_path)) == ("done", 4, {})
    steps = orders.one_order("WO-7").operations
    assert [(op.ref, op.status) for op in steps] == [("OP-1", "done"), ("OP-2", "planned"), ("OP-3", "cancelled")]
    assert said_of("WO-7")[2] == "running"
    assert said_of("WO-8") == ("Bolt", 1, "cancelled", [])


def operation(id, index, status, began, ended):
    slot = {"start": f"2026-03-0{index + 2}T08:00:00Z", "end": f"2026-03-0{index + 2}T12:00:00Z"}
    rest = {"workOrderId": "WO-7", "machineId": "M1", "name": "Turn", "requiredKind": None}
    return {"id": id, "index": index, "status": status, "startedAt": began, "endedAt": ended, **slot, **rest}


def test_orders_that_were_made_here_are_left_alone(tmp_path):
    cell = make_cell("M1")
    spec = orders.OperationSpec(name="Cut", cell_id=cell.id, start=NOW, end=NOW + timedelta(hours=1))
    [order] = orders.add_orders([orders.OrderSpec(product="Ring", operations=[spec])], "pat", NOW)
    before = everything(db)

    own = bring([work_order(order, {cell.id: cell.name})], tmp_path)

    assert (own.status, own.counts["orders_left"], own.remarks) == (
        "done",
        1,
        [[order.ref, "it was made here, and is left as it is"]],
    )
    assert everything(db) == before


def test_a_later_file_adds_and_changes_what_nobody_touched(tmp_path):
    bring(text(CUT), tmp_path)
    later = CUT.replace("09:00", "08:45").replace("Housing", "Cover")

    job = bring(text(MILL.replace("Housing", "Cover"), later), tmp_path)

    assert (job.counts["orders_filled"], job.counts["operations_new"], job.counts["operations_changed"]) == (1, 1, 1)
    product, _, _, steps = said_of("WO-1")
    assert (product, [step[:5] for step in steps]) == (
        "Cover",
        [(1, "Cut", "planned", "03-05T08:00", "03-05T08:45"), (2, "Mill", "planned", "03-05T09:00", "03-05T11:00")],
    )
    assert len(cells.bookings(NOW, NOW + timedelta(days=2))) == 2
    assert bring(text(MILL.replace("Housing", "Cover"), later), tmp_path).counts["orders_same"] == 1


def test_an_earlier_step_pushes_the_others_back_in_number(tmp_path):
    header = "order,operation,machine,start,end"
    rows = [f"W,{name},M1,{YESTERDAY} {at}:00,{YESTERDAY} {at}:30" for name, at in (("B", 10), ("C", 12), ("A", 9))]
    bring(text(*rows[:2], header=header), tmp_path)

    bring(text(rows[2], header=header), tmp_path)

    assert [op[:2] for op in said_of("W")[3]] == [(1, "A"), (2, "B"), (3, "C")]


def test_what_a_person_has_moved_stays_where_it_is(tmp_path):
    bring(text(CUT, MILL), tmp_path)
    _, mill = orders.one_order("WO-1").operations
    later = NOW + timedelta(days=3)
    orders.reschedule(mill.ref, later, later + timedelta(hours=2), mill.cell_id, "pat", NOW)
    before = everything(db)

    same = bring(text(CUT, MILL), tmp_path)
    other = bring(text(CUT, MILL.replace("11:00", "12:00")), tmp_path)

    assert (same.counts["operations_same"], same.remarks) == (2, [])
    assert (other.counts["operations_left"], other.remarks) == (1, [["WO-1", "Mill was changed here since"]])
    assert everything(db) == before


def test_it_goes_on_where_somebody_was_killed(tmp_path):
    rows = [f"W-{n},Ring,1,1,Cut,M{n % 3},{YESTERDAY} 08:00,{YESTERDAY} 09:00" for n in range(400)]
    job = offered(text(*rows), tmp_path)
    orders.begin_import(job.id, "pat", NOW, tmp_path)

    pieces = 0
    while orders.go_on_importing(tmp_path, lambda: NOW, within=0):
        pieces += 1
        assert orders.one_import(job.id).lost_turns == 0, "it is counted among those that were lost"

    told = finished(job.id, tmp_path)
    assert pieces > 2
    assert (told.status, told.orders_done, told.counts["orders_new"], told.counts["operations_new"]) == (
        "done",
        400,
        400,
        400,
    )


def test_one_that_is_called_off_writes_nothing_more(tmp_path):
    job = offered(text(CUT), tmp_path)
    orders.begin_import(job.id, "pat", NOW, tmp_path)

    orders.cancel_import(job.id, "pat", NOW)

    assert finished(job.id, tmp_path).status == "cancelled"
    assert orders.imported_orders(job.id) == []


def test_files_of_long_ago_are_forgotten_and_what_they_said_is_not(tmp_path):
    job = bring(text(CUT, MILL.replace("Mill 1", "")), tmp_path)
    assert refused(job, tmp_path)

    orders.forget_imports(NOW + timedelta(days=91), tmp_path)

    assert list(tmp_path.iterdir()) == []
    assert bring(text(CUT), tmp_path).counts["orders_same"] == 1
