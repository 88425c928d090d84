"""What happened since somebody last looked, worst first."""

from datetime import timedelta

from tests.cells.alarms.standing import kept, look, says, watched_cell
from tests.cells.alarms.standing import told as told_of
from tests.projects.shop import later, make_cell, make_project, make_running, person
from tests.world import NOW, at
from webapp import cells, projects
from webapp.projects import Happening


def meanwhile(since: str, now: str, **more) -> list[Happening]:
    return projects.meanwhile(at(since), at(now), projects.queue(at(now)), **more)


def told(found: list[Happening]) -> list[tuple[str, str]]:
    return [(one.kind, one.title) for one in found]


def test_nothing_happened(app):
    watched_cell()

    assert meanwhile("09:00", "10:00") == []
    assert meanwhile("10:00", "10:00") == []


def test_a_cell_that_went_down_and_stands_still(app):
    cell = watched_cell()
    says(cell, "down", "10:01", "Spindle overload")
    look(cell, "10:02")

    [one] = meanwhile("10:00", "10:20")

    assert (one.kind, one.title, one.note) == ("down", "C01 is down", "Spindle overload · nobody has taken it")
    assert one.cell_id == cell.id


def test_who_went_there_is_named(app):
    cell = watched_cell()
    says(cell, "down", "10:01")
    look(cell, "10:02")
    cells.acknowledge_stop(cell.id, "oli", at("10:05"))

    assert meanwhile("10:00", "10:20")[0].note == "oli went there"


def test_stops_that_are_over_are_one_line_for_each_cell(app):
    cell = watched_cell()
    for down, seen, up in (("10:01", "10:02", "10:05"), ("10:10", "10:11", "10:18")):
        says(cell, "down", down)
        look(cell, seen)
        told_of(kept(cell)[-1], seen)
        says(cell, "running", up)
        look(cell, up)

    [one] = meanwhile("10:00", "10:20")

    assert (one.kind, one.title, one.note) == ("stood", "C01 was down 2 times", "12 min in all")


def test_what_was_seen_already_is_not_told(app):
    cell = watched_cell()
    says(cell, "down", "10:01")
    look(cell, "10:02")

    assert meanwhile("10:05", "10:20") == []


def test_worst_first(app):
    make_cell("C02")
    finished = make_running()
    projects.finish(finished.id, person("ada"), later(minutes=6))
    failed = make_running()
    projects.fail(failed.id, person("ada"), later(minutes=5), "Tool broke")
    calls = make_cell("C03")
    cells.call_for_help(calls.id, "Crane, please", "oli", later(minutes=3))

    found = meanwhile("10:00", "10:30")

    assert told(found) == [
        ("call", "oli calls for help at C03"),
        ("failed", f"{failed.label} failed on C02"),
        ("finished", f"{finished.label} finished on C02"),
    ]
    assert (found[1].note, found[1].project_id) == ("Tool broke · ada", failed.id)


def test_ones_own_acts_are_no_news(app):
    make_cell()
    project = make_running()
    projects.fail(project.id, person("sam"), later(minutes=5), "Tool broke")

    assert meanwhile("10:00", "10:30", but_by="sam") == []
    assert len(meanwhile("10:00", "10:30", but_by="oli")) == 1


def test_a_wait_is_told_once_it_is_long(app):
    project = make_project(cell_kind="laser")

    assert meanwhile("10:00", "10:40") == []
    [one] = meanwhile("10:40", "11:10")
    assert (one.kind, one.title) == ("waits", f"{project.label} waits longer than an hour")
    assert meanwhile("11:10", "11:40") == []


def test_no_further_back_than_a_week(app):
    make_cell()
    project = make_running()
    projects.fail(project.id, person("ada"), later(minutes=5), "")
    far = NOW + timedelta(days=8)

    assert projects.meanwhile(NOW, far, []) == []
