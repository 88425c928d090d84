"""The demonstration as people find it. Told once for all of these; they only look."""

import json
import stat
from collections import Counter
from datetime import timedelta

import pytest

from tests.conftest import _empty
from tests.demo.test_telling import PERIOD, tell_into
from tests.world import NOW
from virtualfactory.behaviour import silent_until
from virtualfactory.kept import recall
from virtualfactory.machine import Machine
from virtualfactory.personality import personality
from webapp import cells, demo, journal, people, projects
from webapp.extensions import db
from webapp.lib.clock import moment
from webapp.lib.window import last


@pytest.fixture(scope="module")
def folder(factory, tmp_path_factory):
    """Of the demonstration's files; the database has its story."""
    made = tmp_path_factory.mktemp("told")
    with factory.app_context():
        tell_into(made)
        yield made
        db.session.remove()
        _empty()


@pytest.fixture(autouse=True)
def told(folder):
    yield
    db.session.rollback()


def test_it_has_projects_in_every_status_and_many_reasons_to_wait():
    found = projects.search(projects.Filters(), limit=100).projects
    codes = {project.waiting_code for project in found if project.waiting_code}

    assert 40 <= len(found) < 50
    assert {project.status for project in found} == {"created", "running", "finished", "failure"}
    assert {"cells_busy", "all_fit_down", "maintenance_ends", "no_fit_cell"} <= codes


def test_every_cell_is_seen_and_says_since_when():
    standings = cells.standings(NOW, PERIOD).values()
    states = Counter(standing.state for standing in standings)

    assert (len(standings), states["down"], states["setup"]) == (12, 1, 1)
    assert all(NOW - standing.since < timedelta(hours=12) for standing in standings)


def test_a_cell_speaks_of_the_project_that_runs_on_it():
    for standing in cells.standings(NOW, PERIOD).values():
        if standing.claim and standing.claim.what.startswith("project:"):
            project = projects.one(standing.job["project_id"])
            assert (project.status, project.fence) == ("running", standing.claim.fence)


def test_fourteen_days_are_known_almost_whole():
    report = cells.utilization_report(last(NOW, days=14), NOW)

    assert len(report.cells) == 12
    assert 60 < report.figures.utilization < 80
    assert report.figures.coverage > 98


def test_a_breakdown_keeps_its_words():
    hob = cells.by_name("C09")

    downs = [part for part in cells.timeline(hob.id, last(NOW, days=14), NOW) if part.state == "down"]

    assert downs
    assert all(part.reason for part in downs)


def test_the_journal_tells_it_in_order():
    said = [entry.at for entry in journal.recent(kind="project", limit=1000)]

    assert said == sorted(said, reverse=True)


def test_everybody_can_sign_in_with_what_the_file_says(folder):
    lines = [line.split() for line in (folder / demo.LOGINS).read_text().splitlines()[1:]]

    assert stat.S_IMODE((folder / demo.LOGINS).stat().st_mode) == 0o600
    assert len(lines) == 7
    for username, password, *_ in lines:
        user, _ = people.sign_in(username, password, "127.0.0.1", "a test", NOW)
        assert user.username == username


def test_the_machines_go_on_where_the_story_ends(folder):
    machines = {number: Machine(personality(1, number)) for number in range(1, 13)}
    recall(machines, folder / "virtualfactory")

    for standing in cells.standings(NOW, PERIOD).values():
        machine = machines[int(standing.cell.name[1:])]
        report = machine.report(NOW.timestamp() - 1)
        if machine.job and not silent_until(machine.personality, NOW.timestamp() - 1):
            assert (report["status"], report["detail"]) == (standing.state, standing.detail)
            assert report["job"]["fence"] == standing.claim.fence


def test_the_file_of_jobs_is_plain(folder):
    kept = json.loads((folder / "virtualfactory" / "machines.json").read_text())

    assert kept["9"]["job"]["order"]["fence"] >= 1
    assert moment(int(kept["9"]["job"]["run"]["start"])) < NOW


def test_most_of_what_stood_long_was_explained_by_those_who_were_there():
    fortnight = last(NOW, days=14)

    found = cells.notes([cell.id for cell in cells.all_cells()], fortnight)

    assert len(found) > 150
    assert {note.by for note in found} == {"oli", "sam"}
    assert all(note.counted and note.end <= note.at <= NOW for note in found)
    assert len(cells.unexplained(last(NOW, hours=24), NOW)) > 5


def test_losses_of_the_story_add_up_to_its_account():
    fortnight = last(NOW, days=14)

    account = cells.utilization_report(fortnight, NOW).account
    lost = Counter()
    for loss in cells.losses(fortnight, NOW):
        lost[loss.state] += loss.seconds

    assert lost == {state: getattr(account, state) for state in (*cells.LOSING, "maintenance")}


def test_two_things_were_known_better():
    found = cells.corrections()

    assert {(change.by, change.state) for change in found} == {("sam", "setup"), ("sam", "maintenance")}
    restated = [one.by for one in cells.restatements(last(NOW, days=14)) if one.kind == "correction"]
    assert restated == ["sam", "sam"]


def test_what_it_was_told_with_restated_nothing():
    kinds = {one.kind for one in cells.restatements(last(NOW, days=15), limit=200)}

    assert kinds == {"correction"}
