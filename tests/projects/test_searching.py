"""Looking projects up."""

from datetime import timedelta

import pytest

from tests.projects.shop import later, make_cell, make_project, make_running, person
from tests.world import NOW, at
from webapp import cells, projects
from webapp.lib.window import Window
from webapp.projects import Filters


def found(**filters) -> list[str]:
    return [project.name for project in projects.search(Filters(**filters)).projects]


@pytest.fixture
def day(app):
    """One project of each status: when each was created, began and ended is in its name."""
    make_cell()
    finished = make_running(name="08:00 to 09:00", now=at("08:00"))
    projects.finish(finished.id, person("sam"), at("09:00"))
    failed = make_running(name="09:00 to 10:00", now=at("09:00"))
    projects.fail(failed.id, person("sam"), at("10:00"), "broke")
    make_running(name="running since 11:00", now=at("11:00"), by="eizumoto")
    make_project(name="waiting since 12:00", now=at("12:00"))


ALL = ["08:00 to 09:00", "09:00 to 10:00", "running since 11:00", "waiting since 12:00"]


@pytest.mark.parametrize(
    ("status", "start", "end", "names"),
    [
        ("finished", "08:00", "09:00", []),
        ("finished", "09:00", "09:01", ["08:00 to 09:00"]),
        ("failure", "09:59", "10:00", []),
        ("failure", "10:00", "10:01", ["09:00 to 10:00"]),
        ("created", "11:59", "12:00", []),
        ("created", "12:00", "12:01", ["waiting since 12:00"]),
        ("created", "12:01", "13:00", []),
        ("running", "10:00", "11:00", []),
        ("running", "10:00", "11:01", ["running since 11:00"]),
        ("running", "12:00", "13:00", ["running since 11:00"]),
        (None, "09:00", "09:01", ["09:00 to 10:00"]),
        (None, "08:30", "10:30", ["08:00 to 09:00", "09:00 to 10:00"]),
        (None, "10:00", "11:00", []),
        (None, "12:30", "13:00", ["running since 11:00", "waiting since 12:00"]),
        (None, "07:00", "13:00", ALL),
    ],
)
def test_what_a_window_asks_depends_on_the_status(day, status, start, end, names):
    assert found(status=status, window=Window(at(start), at(end))) == names


def test_what_lasted_less_than_a_second_is_found_at_that_moment(app):
    make_cell()
    projects.finish(make_running(name="blink").id, person("sam"), NOW)

    assert found(window=Window(NOW, later(seconds=1))) == ["blink"]
    assert found(window=Window(later(seconds=-1), NOW)) == []


def test_by_person_and_cell_and_status(day):
    assert found(engineer="eizumoto") == ["running since 11:00"]
    assert found(engineer="Eizumoto ") == ["running since 11:00"]
    assert found(engineer="nobody") == []
    assert found(cell_id=cells.by_name("C01").id) == ALL[:3]
    assert found(status="created") == ["waiting since 12:00"]


def test_by_text_in_any_case_and_by_number(app):
    first = make_project(name="Gear lid", cad_model="s3:x/GEAR_r2.step")
    make_project(name="Hub", config="s3:x/50%_off.yml")

    assert found(text="gear") == ["Gear lid"]
    assert found(text="50%_OFF") == ["Hub"]
    assert found(text="_") == ["Gear lid", "Hub"]
    assert found(text="%gear%") == []
    assert found(text=first.label.lower()) == ["Gear lid"]
    assert found(text="9" * 40) == []


def test_pages_do_not_shift_while_projects_come_in(app):
    numbers = [make_project().id for _ in range(5)]

    first = projects.search(Filters(), limit=2)
    make_project()
    second = projects.search(Filters(), limit=2, after=first.next)

    assert [p.id for p in (*first.projects, *second.projects)] == numbers[:4]


def test_newest_first(app):
    numbers = [make_project().id for _ in range(3)]

    first = projects.search(Filters(), limit=2, newest_first=True)
    rest = projects.search(Filters(), limit=2, after=first.next, newest_first=True)

    assert [p.id for p in first.projects] == numbers[:0:-1]
    assert ([p.id for p in rest.projects], rest.next) == (numbers[:1], None)
    assert projects.count(Filters()) == 3


def test_engineers_at_work_are_those_with_something_running_each_once(app):
    for name in ("C01", "C02"):
        make_cell(name)
    make_running()
    make_running()
    make_project(by="eizumoto")

    assert [user.username for user in projects.engineers_at_work()] == ["ada"]
    assert [user.username for user in projects.authors()] == ["ada", "eizumoto"]


def test_who_holds_which_cell(app):
    first, second, third = (make_cell(name).id for name in ("C01", "C02", "C03"))
    ended, running, handed = make_running(), make_running(), make_project()
    projects.finish(ended.id, person("sam"), NOW, undo=timedelta(seconds=10))
    assert projects.holders() == {first: ended, second: running, third: handed}

    projects.release_ended(later(seconds=10))

    assert set(projects.holders()) == {second, third}


def test_how_many_ended(day):
    counted = projects.ended_in(Window(at("09:00"), at("10:01")))

    assert (counted.finished, counted.failed) == (1, 1)
    assert projects.ended_in(Window(at("11:00"), at("12:00"))).finished == 0


def test_numbers_of_ones_own(day):
    assert len(projects.ids_of(person("ada").user.id)) == 3
