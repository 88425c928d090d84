"""The running board: what is wrong, what runs, what waits, what just changed."""

from tests.projects.shop import PERIOD, later, make_cell, make_project, make_running, person, read, show
from tests.world import NOW
from webapp import cells, projects
from webapp.extensions import db, transaction
from webapp.projects import Board, Project


def board(now=NOW) -> Board:
    return projects.board(now, PERIOD)


def test_an_empty_factory(app):
    found = board()

    assert (found.attention, found.running, found.queue, found.changed) == ([], [], [], [])
    assert found.oldest_wait is None
    assert set(found.tally.values()) == {0}


def test_the_tally_counts_every_cell_once(app):
    for number, state in enumerate(("idle", "running", "down", "down"), 1):
        make_cell(f"C0{number}", state)

    assert board().tally == {"down": 2, "unknown": 0, "maintenance": 0, "setup": 0, "idle": 1, "running": 1}


def test_what_is_wrong_comes_first_with_what_it_holds_up(app):
    mended, broken = make_cell("C01"), make_cell("C02")
    project = make_running(requested_cell_id=broken.id)
    show(broken, "down", since=later(minutes=-21), detail="Spindle overload E-417")
    show(mended, "maintenance")

    down, maintenance = board().attention

    assert (down.cell.name, down.state, down.why) == ("C02", "down", "Spindle overload E-417")
    assert (down.project, down.since, down.help) == (read(project), later(minutes=-21), "Give a reason")
    assert (maintenance.state, maintenance.why, maintenance.project) == ("maintenance", "In maintenance", None)


def test_a_cell_that_fell_silent_is_unknown(app):
    make_cell()

    [item] = board(later(hours=4)).attention

    assert (item.state, item.why, item.since) == ("unknown", "No status received", NOW)


def test_a_silent_hand_over_asks_for_a_person(app, hall):
    cell = make_cell("C01", hall=hall)
    hall.sick[1] = "error"
    project = make_project()
    projects.start_dispatched(NOW, hall.networks)

    [item] = board().attention

    assert (item.state, item.cell.id, item.project.id) == ("silent", cell.id, project.id)
    assert (item.help, item.since) == ("Release the cell", NOW)


def test_soonest_finish_first_unknown_last(app):
    for name in ("C01", "C02", "C03"):
        make_cell(name)
    unknown, late, soon = make_running(), make_running(expected_minutes=90), make_running(expected_minutes=30)

    rows = board().running

    assert [row.project.id for row in rows] == [soon.id, late.id, unknown.id]
    assert (rows[0].finish, rows[0].cell.name, rows[0].overdue) == (later(minutes=30), "C03", False)


def test_a_row_keeps_its_place_while_nothing_begins_or_ends(app):
    for name in ("C01", "C02"):
        make_cell(name)
    first, second = make_running(expected_minutes=30), make_running(expected_minutes=40)

    with transaction():
        db.session.get_one(Project, second.id).progress = 0.9
        db.session.get_one(Project, second.id).progress_at = later(minutes=9)

    assert [row.project.id for row in board(later(minutes=9)).running] == [first.id, second.id]


def test_what_is_down_stands_first(app):
    make_cell("C01")
    soon = make_running(expected_minutes=30)
    broken = make_cell("C02")
    late = make_running(expected_minutes=90)

    show(broken, "down")

    assert [row.project.id for row in board().running] == [late.id, soon.id]


def test_a_cell_closed_for_maintenance_can_be_opened_again(app):
    cell = make_cell("C01", "maintenance")
    assert [(item.act, item.help) for item in board().attention] == [("", "Open cell")]

    cells.set_mode(cell.id, "closed", "Quarterly service", "sam", NOW)

    assert [(item.act, item.help) for item in board().attention] == [("set cell mode", "Open again")]


def test_what_needs_somebody_can_be_asked_for_alone(app):
    show(make_cell("C01"), "down")

    assert [item.cell.name for item in projects.attention(NOW, PERIOD)] == ["C01"]


def test_a_row_past_its_prediction_is_overdue(app):
    make_cell()
    make_running(expected_minutes=30)

    [row] = board(later(minutes=40)).running

    assert row.overdue


def test_what_just_changed_newest_first(app):
    make_cell("C01")
    cell = make_cell("C02", since=later(hours=-3))
    project = make_running()
    projects.finish(project.id, person("sam"), later(minutes=5), reason="good")
    show(cell, "down", since=later(minutes=2), detail="E-417")

    told = [(change.title, change.note) for change in board(later(minutes=6)).changed]

    assert told == [
        (f"{project.label} finished on C02", "good"),
        ("C02 went down", "E-417"),
        (f"{project.label} created", "ada"),
        (f"C02 started {project.label}", ""),
    ]


def test_time_alone_is_no_news(app):
    make_cell("C01")
    make_running(expected_minutes=30)

    assert board().version == board(later(seconds=30)).version
    assert board(later(minutes=40)).version == board(later(minutes=50)).version


def test_a_change_is(app):
    make_cell()
    project = make_running(expected_minutes=60)
    before = board().version

    projects.finish(project.id, person("sam"), NOW)

    assert board().version != before
