"""What waits starts by itself at a tick; in turn, by priority, due date and age; and a tick asks little."""

from sqlalchemy import event

from tests.orders.runs.shop import (
    HOUR,
    PERIOD,
    booked,
    complete,
    holders,
    later,
    make_machine,
    make_order,
    op,
    show,
    start,
    statuses,
    step,
    sweep,
)
from tests.world import NOW
from webapp import cells, journal, orders
from webapp.extensions import db


def test_it_starts_once_a_machine_is_there(app):
    mill = make_machine(state="down")
    make_order()
    start()
    show(mill, "idle")

    sweep(later(seconds=5))

    assert statuses() == ["running", "running"]
    assert journal.recent(op("WO-1-1").what)[0].by == "the factory"


def test_it_says_the_new_reason(app):
    mill = make_machine(state="down", detail="Spindle")
    make_order()
    start()
    cells.set_mode(mill.id, "closed", "Audit", "sam", NOW)

    sweep(later(seconds=5))

    assert op("WO-1-1").waiting_message == "M1 is closed: Audit"


def waiting_three(mill):
    make_order(step("a", mill), ref="WO-1")
    start("WO-1")
    make_order(step("b", mill), ref="WO-2", due_at=later(days=5))
    make_order(step("c", mill), ref="WO-3", due_at=later(days=5), priority=7)
    make_order(step("d", mill), ref="WO-4", due_at=later(days=2))
    for ref in ("WO-2", "WO-3", "WO-4"):
        start(ref)


def test_in_turn(app):
    waiting_three(make_machine())
    began = []

    for hours, running in enumerate(("WO-1", "WO-4", "WO-3", "WO-2")):
        began.append(running)
        complete(f"{running}-1", later(hours=hours))
        sweep(later(hours=hours))

    assert [statuses(ref) for ref in began] == [["done", "done"]] * 4


def test_two_do_not_start_on_one_machine_in_one_tick(app):
    mill = make_machine(state="down")
    for ref in ("WO-1", "WO-2"):
        make_order(step("a", mill), ref=ref)
        start(ref)
    show(mill, "idle")

    sweep(later(seconds=5))

    assert holders() == {"M1": op("WO-1-1").what}
    assert op("WO-2-1").waiting_message == "M1 is busy: WO-1 step 1, a has it"


def statements(act):
    """How many act() sends."""
    sent = []

    def count(*args):
        if not args[2].startswith("BEGIN"):
            sent.append(args[2])

    event.listen(db.engine, "before_cursor_execute", count)
    try:
        act()
    finally:
        event.remove(db.engine, "before_cursor_execute", count)
    return len(sent)


def test_a_tick_without_anything_to_do_asks_two_things(app):
    make_machine()
    make_order()
    start()

    assert statements(lambda: sweep(later(seconds=5))) == 2


def test_a_tick_asks_no_more_however_many_wait_for_the_same(app):
    mill = make_machine(state="down")
    make_order(step("a", mill), ref="WO-1")
    start("WO-1")
    few = statements(lambda: sweep(later(seconds=5)))
    for n in range(2, 12):
        make_order(step("a", mill), ref=f"WO-{n}")
        start(f"WO-{n}")

    assert statements(lambda: sweep(later(seconds=10))) == few


def test_what_takes_longer_than_planned_keeps_its_time(app):
    make_machine()
    make_order(step("a", seconds=HOUR))
    start()
    what = op("WO-1-1").what

    sweep(later(minutes=61))

    assert booked(what) == (NOW, later(minutes=62))
    sweep(later(minutes=61, seconds=5))
    assert booked(what) == (NOW, later(minutes=62))


def test_a_machine_that_goes_down_ends_nothing_and_is_told_once(app):
    mill = make_machine()
    make_order()
    start()
    show(mill, "down", "Spindle", since=later(minutes=5))

    for minutes in (5, 6, 7):
        orders.heed_cells(later(minutes=minutes))

    told = [entry for entry in journal.recent(op("WO-1-1").what) if entry.verb == "machine went down"]
    assert statuses() == ["running", "running"]
    assert [(entry.details["cell"], entry.details["why"]) for entry in told] == [("M1", "Spindle")]
    show(mill, "down", "Chuck", since=later(minutes=30))
    orders.heed_cells(later(minutes=30))
    assert len([e for e in journal.recent(op("WO-1-1").what) if e.verb == "machine went down"]) == 2


def test_what_runs_is_named_where_cells_are(app):
    make_machine()
    make_order()
    start()

    [job] = orders.running()
    assert (job.label, job.cell, job.planned_end) == ("WO-1 step 1", "M1", later(hours=1))
    assert cells.holders_called() == {op("WO-1-1").what: "WO-1 step 1, cut"}


def test_the_floor_of_work(app):
    mill, lathe = make_machine("M1"), make_machine("L1", "down", kind="lathe")
    make_order(step("a", mill), step("b", mill), ref="WO-1")
    make_order(step("c", mill, at=later(hours=3)), ref="WO-2")
    make_order(step("d", mill, at=later(hours=2)), step("e", mill, at=later(hours=4)), ref="WO-3")
    make_order(step("f", lathe, kind="lathe", at=later(hours=2)), ref="WO-4")
    make_order(step("g", kind="saw"), ref="WO-5")
    start("WO-1")
    start("WO-5")

    floor = orders.work_floor(NOW, PERIOD)

    assert [job.ref for job in floor.running] == ["WO-1-1"]
    assert [job.ref for job in floor.waiting] == ["WO-5-1"]
    assert [(up.machine.name, [job.ref for job in up.jobs], up.no) for up in floor.ready] == [
        ("L1", ["WO-4-1"], "is down"),
        ("M1", ["WO-3-1", "WO-2-1"], "is busy: WO-1 step 1, a has it"),
    ]
