"""A factory in which everything there is to see can be seen: each kind of state, wait and end at least once."""

import io
from datetime import timedelta

from tests.issues.shots import png
from tests.screens.stopped import stop, stopped_cell
from tests.upkeep.upkeeping import begun, make_duty, plan
from tests.world import CAST, idle_cell, make_cell, make_project, make_running, paired_screen, person, says
from webapp import cells, issues, orders, people, projects, upkeep
from webapp.config import networks
from webapp.lib.clock import utcnow
from webapp.lib.settings import settings
from webapp.lib.window import Window

UNREACHABLE = networks("127.0.0.1/32:9")


def furnish() -> None:
    """People, cells, and projects in every status."""
    for username in CAST:
        person(username)
    _ended()
    _running()
    _waiting()
    for state in ("down", "maintenance", "setup", "unknown"):
        idle_cell(f"S-{state}"[:20], state=state, kind="spare", location="Bay 9", detail="Says so")
    make_cell("Never", kind="spare")
    _history()
    _scheduled()
    _explained()
    _brought_in()
    _orders_brought_in()
    cells.call_for_help(idle_cell("C30").id, "Crane, please", "oli", utcnow())
    paired_screen()
    _placed()
    _told()
    _at_work()
    _proposed()
    _gone_wrong()
    _cared_for()
    _on_the_plan()
    _ordered()


def _ended() -> None:
    cell, now = idle_cell("C01", kind="mill", location="Bay 1", tags=["steel"]), utcnow()
    projects.finish(make_running(now=now - timedelta(hours=3)).id, person(), now - timedelta(hours=2))
    projects.fail(make_running(now=now - timedelta(hours=1)).id, person("sam"), now, "Tool broke")
    projects.finish(make_running("eizumoto").id, person("eizumoto"), now, undo=timedelta(hours=1))
    cells.set_mode(cell.id, "draining", "Audit", "sam", now)


def _running() -> None:
    cell = idle_cell("C02", kind="mill")
    project = make_running(name="Housing", parameters={"x1": "0.2"}, expected_minutes=30)
    projects.revise(project.id, {"x1": "0.3"}, person(), utcnow())
    says(cell, "running")


def _waiting() -> None:
    make_project(cell_kind="laser", tags=["never"])
    make_project("eizumoto", cell_kind="mill", priority=9)
    idle_cell("C03", kind="lathe")
    make_project(cell_kind="lathe")
    silent = idle_cell("C09", kind="far", address="http://127.0.0.1:9/cell", networks=UNREACHABLE)
    make_project(requested_cell_id=silent.id)
    projects.start_dispatched(utcnow(), UNREACHABLE)


def _history() -> None:
    """A round of sampling, so that there is something to count."""
    now = utcnow()
    for back in (3600, 1800, 10):
        cells.take_samples(int(now.timestamp()) - back, 5, UNREACHABLE)


def _explained() -> None:
    """A cell that stood: one stop with a reason, one without, and a correction."""
    cell, now = stopped_cell("C20"), utcnow()
    down = stop(cell)
    reason = next(one.id for one in cells.reasons("down"))
    cells.give_reason(cell.id, down.window, reason, "oli", now, "Spare ordered")
    early = Window(now - timedelta(minutes=80), now - timedelta(minutes=70))
    cells.correct_history(cell.id, early, "setup", "The nest was changed", "sam", now)


def _scheduled() -> None:
    """A calendar with a change to come, a holiday and an extra shift, that some cells follow; and a retired one."""
    now, early = utcnow(), cells.read_shift("Early", "06:00", "14:00", "09:00-09:15", range(5))
    night = cells.read_shift("Night", "22:00", "06:00", days=range(7))
    made = cells.add_calendar("Two shifts", "Europe/Berlin", [early, night], "root", now)
    today = now.date()
    cells.change_week(made.id, today + timedelta(days=30), [early], "root", now)
    overtime = cells.OtherDay("Overtime", (cells.read_line("Overtime 15:00-18:00"),), extra=True)
    other = {today + timedelta(days=2): cells.OtherDay("Works holiday"), today + timedelta(days=3): overtime}
    cells.set_days(made.id, other, "root", now)
    cells.use_calendar([cell.id for cell in cells.all_cells()[:3]], made.id, now - timedelta(days=1), "root", now)
    cells.retire_calendar(cells.add_calendar("Old", "UTC", [], "root", now).id, "root", now)


def _brought_in() -> None:
    """A file of history that is done, with rows that were refused; and one that somebody is still looking at."""
    now, folder = utcnow(), settings().data_dir / "imports"
    day = f"{now - timedelta(hours=20):%Y-%m-%d}"
    rows = ("cell,state,from,to", f"C03,down,{day}T00:00Z,{day}T00:10Z", f"C03,asleep,{day}T00:10Z,{day}T00:20Z")
    for name in ("machine.csv", "offered.csv"):
        offered = cells.offer_import(io.BytesIO("\n".join(rows).encode()), name, "UTC", "root", now, folder)
        if name == "machine.csv":
            cells.begin_import(offered.id, "root", now, folder)
    while cells.go_on_importing(folder, utcnow):
        pass


def _orders_brought_in() -> None:
    """The same of orders."""
    now, folder = utcnow(), settings().data_dir / "order-imports"
    day = f"{now - timedelta(days=2):%Y-%m-%d}"
    rows = (
        "order,operation,machine,start,end",
        f"IMP-1,Cut,Imported saw,{day} 08:00,{day} 09:00",
        "IMP-1,Bend,Press,x,y",
    )
    for name in ("plan.csv", "offered-plan.csv"):
        offered = orders.offer_import(io.BytesIO("\n".join(rows).encode()), name, "UTC", "pat", now, folder)
        if name == "plan.csv":
            orders.begin_import(offered.id, "pat", now, folder)
    while orders.go_on_importing(folder, utcnow):
        pass


def _placed() -> None:
    """A hall plan with each kind of mark, on which some cells stand and others do not."""
    site, (one, two, *_) = cells.sites()[0], cells.all_cells()
    marks = [
        *(cells.HallMark("along", 0, 2, ""), cells.HallMark("across", 2, 0, "Main aisle")),
        cells.HallMark("bay", 2, 1, "Milling"),
    ]
    places = {one.id: cells.Spot(1, 1), two.id: cells.Spot(2, 3)}
    cells.arrange_hall(site.id, places, marks, cells.hall_plan(site.id).version, "root", utcnow())


def _told() -> None:
    """A stop that somebody sees to and one that nobody does, a call, and people who were told."""
    now = utcnow()
    cells.note_stops(now, 5)
    seen_to, *_ = cells.open_stops(now)
    cells.acknowledge_stop(seen_to, "sam", now)
    called = next(cell for cell in cells.all_cells() if cell.name == "C03")
    cells.call_for_help(called.id, "Crane wanted", "ada", now)
    projects.tell_people(now + timedelta(minutes=20))
    people.see_notices(people.user_named("root").id, now + timedelta(minutes=20))


def _gone_wrong() -> None:
    """An issue that nobody has, with a photo; one that somebody has; and one that was closed today."""
    now, cell = utcnow(), cells.by_name("C20")
    spec = issues.IssueSpec("stopped", cell.id if cell else None, "Spindle overload\nSmoke", photos=[png()])
    issues.report_issue(spec, "ada", now - timedelta(hours=3))
    owned = issues.report_issue(issues.IssueSpec("care", None, "Crane drips"), "sam", now - timedelta(days=2))
    issues.take_issue(owned.id, "oli", now)
    closed = issues.report_issue(issues.IssueSpec("info", cell.id if cell else None), "oli", now)
    issues.close_issue(closed.id, "Swept", "oli", now)


def _cared_for() -> None:
    """A duty overdue, one changed since, one given up; a window of each status; a request open, and one answered."""
    now, cell = utcnow(), idle_cell("C50", kind="press")
    late, changed, gone = (make_duty(cell, name, now=now) for name in ("Spindle", "Way oil", "Old oil"))
    details = upkeep.DutyDetails(cell.id, "Spindle", every_days=5, last_done_at=now - timedelta(days=6))
    upkeep.change_duty(late.id, details, person("oli"), now)
    upkeep.change_duty(changed.id, upkeep.DutyDetails(cell.id, "Way oil", every_hours=500), person("oli"), now)
    upkeep.retire_duty(gone.id, person("oli"), now)
    done = begun(cell, now - timedelta(hours=3), duty_id=changed.id)
    upkeep.complete_window(done.id, person("oli"), now - timedelta(hours=2), "New oil")
    upkeep.cancel_window(plan(cell, now + timedelta(hours=1), now=now).id, "No oil", person("oli"), now)
    plan(cell, now + timedelta(hours=9), now=now)
    begun(cell, now)
    asked = [upkeep.request_maintenance(cell.id, what, "stands", person("ada"), now) for what in ("Leak", "Noise")]
    upkeep.answer_request(asked[0].id, "declined", "It is water", person("oli"), now)


def _proposed() -> None:
    """A plan that is made, and one that somebody waits for."""
    now, press = utcnow(), idle_cell("P01", kind="press", takes=["operation"])
    steps = [orders.OperationSpec(name=name, required_kind="press", seconds=3600) for name in ("press", "press again")]
    orders.add_orders([orders.OrderSpec(ref="WO-PLAN", product="Lid", qty=5, operations=steps)], "pat", now)
    proposal = orders.ask_for_plan("pat", now, orders=["WO-PLAN"])
    orders.stop_planning(proposal.id, "pat", now)
    orders.go_on_planning(utcnow, lambda: {press.id: now})
    orders.ask_for_plan("pat", now)


def _at_work() -> None:
    """Orders whose operations run, wait, come next, have failed and are done; a machine that went down under one."""
    now, oli = utcnow(), person("oli")
    for name in ("M1", "M2", "M3"):
        idle_cell(name, kind="drill", takes=["operation"])
    steps = [orders.OperationSpec(name=name, required_kind="drill", seconds=1800) for name in ("drill", "ream")]
    specs = [orders.OrderSpec(ref=f"RUN-{n}", product="Flange", qty=4, operations=steps) for n in range(1, 7)]
    orders.add_orders(specs, "pat", now - timedelta(hours=1))
    for n in range(1, 5):
        orders.start_order(f"RUN-{n}", oli, now - timedelta(minutes=50), 3600)
    orders.complete_operation("RUN-1-1", oli, now - timedelta(minutes=20), 3600, 3, 1)
    orders.fail_operation("RUN-2-1", "Tool broke", oli, now - timedelta(minutes=20))
    orders.hold_order("RUN-5", "Material is missing", oli, now)
    says(next(cell for cell in cells.all_cells() if cell.name == "M3"), "down", "Spindle")
    orders.heed_cells(now)


def _on_the_plan() -> None:
    """An order whose steps lie ahead, one that overlaps it, one without a place, and a move that can be taken back."""
    cell, soon = idle_cell("L1", kind="lathe", takes=["operation"]), utcnow() + timedelta(hours=1)

    def planned(ref: str, hours: float) -> orders.OrderSpec:
        start = soon + timedelta(hours=hours)
        slot = {"cell_id": cell.id, "start": start, "end": start + timedelta(hours=1)}
        return orders.OrderSpec(ref, "Shaft", 4, operations=[orders.OperationSpec(ref=f"{ref}-1", name="Turn", **slot)])

    open_step = orders.OperationSpec(ref="PLAN-3-1", name="Turn", required_kind="lathe", seconds=1800)
    unplaced = orders.OrderSpec("PLAN-3", "Shaft", 4, operations=[open_step])
    orders.add_orders([planned("PLAN-1", 0), planned("PLAN-2", 0.5), unplaced], by=person("pat"), now=utcnow())
    later = soon + timedelta(hours=4)
    orders.reschedule("PLAN-1-1", later, later + timedelta(hours=1), None, by=person("pat"), now=utcnow())


def _ordered() -> None:
    """An order that is late, one that is cancelled, one without steps; and one whose only step is called as it is, so
    that an address with two gaps is filled by one word."""
    now, pat = utcnow(), person("pat")
    step = orders.OperationSpec(name="Deburr", required_kind="bench", seconds=900)
    late = orders.OrderSpec("ORD-1", "Cover", 12, now - timedelta(hours=3), 9, "By hand", [step, step])
    alone = orders.OrderSpec("ORD-2", "Plate", operations=[orders.OperationSpec("ORD-2", name="Saw", seconds=600)])
    off, bare = (orders.OrderSpec(ref, "Pin", operations=steps) for ref, steps in (("ORD-3", [step]), ("ORD-4", [])))
    orders.add_orders([late, alone, off, bare], pat, now)
    orders.cancel_order("ORD-3", pat, now, "Not wanted any more")
