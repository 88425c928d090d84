"""The demonstration as it stands in the database: told whole, through the acts, with machines that go on with it."""

import json
import stat
from collections import Counter
from datetime import timedelta

import pytest

from tests.world import NOW, make_person
from virtualfactory.behaviour import silent_until
from virtualfactory.kept import recall
from virtualfactory.machine import Machine
from virtualfactory.personality import personality
from webapp import cells, demo, journal, people, projects
from webapp.config import networks
from webapp.demo import playing
from webapp.lib.clock import moment
from webapp.lib.refusal import WrongState
from webapp.lib.window import last

PERIOD = 5


@pytest.fixture(autouse=True)
def cheap_passwords():
    people.cheapen()


@pytest.fixture
def tell(app, tmp_path):
    def told(**given):
        details = {"port": 47000, "networks": networks("127.0.0.1/32:47000"), "period": PERIOD, "zone": "UTC"}
        demo.tell(NOW, data_dir=tmp_path, **{**details, **given})

    return told


def all_projects(**filters):
    return projects.search(projects.Filters(**filters), limit=100).projects


def test_it_has_projects_in_every_status_and_many_reasons_to_wait(tell):
    tell()

    found = all_projects()
    codes = {project.waiting_code for project in found if project.waiting_code}

    assert 40 <= len(found) < 50
    assert set(Counter(project.status for project in found)) == {"created", "running", "finished", "failure"}
    assert {"cells_busy", "all_fit_down", "all_fit_closed", "no_fit_cell"} <= codes


def test_every_cell_is_seen_and_says_since_when(tell):
    tell()

    standings = cells.standings(NOW, PERIOD)
    states = Counter(standing.state for standing in standings.values())

    assert (len(standings), states["down"], states["setup"]) == (12, 1, 1)
    assert all(NOW - standing.since < timedelta(hours=12) for standing in standings.values())


def test_a_board_shows_what_was_told_of_a_running_project(tell):
    tell()

    for standing in cells.standings(NOW, PERIOD).values():
        if standing.claim:
            project = projects.one(standing.job["project_id"])
            assert (project.status, project.fence) == ("running", standing.claim.fence)


def test_fourteen_days_are_known_almost_whole(tell):
    tell()

    report = cells.utilization_report(last(NOW, days=14), NOW)

    assert len(report.cells) == 12
    assert 60 < report.figures.utilization < 80
    assert report.figures.coverage > 98


def test_a_breakdown_keeps_its_words(tell):
    tell()
    hob = cells.by_name("C09")

    downs = [part for part in cells.timeline(hob.id, last(NOW, days=14), NOW) if part.state == "down"]

    assert downs
    assert all(part.reason for part in downs)


def test_the_journal_tells_it_in_order(tell):
    tell()

    said = [entry.at for entry in journal.recent(kind="project", limit=1000)]

    assert said == sorted(said, reverse=True)


def test_everybody_can_sign_in_with_what_the_file_says(tell, tmp_path):
    tell()

    lines = [line.split() for line in (tmp_path / demo.LOGINS).read_text().splitlines()[1:]]

    assert stat.S_IMODE((tmp_path / demo.LOGINS).stat().st_mode) == 0o600
    assert len(lines) == 7
    for username, password, *_ in lines:
        user, _ = people.sign_in(username, password, "127.0.0.1", "a test", NOW)
        assert user.username == username


def test_a_password_of_ones_own_is_not_written_down(tell, tmp_path):
    tell(password="a password of my own")

    assert "my own" not in (tmp_path / demo.LOGINS).read_text()
    assert people.sign_in("ada", "a password of my own", "127.0.0.1", "a test", NOW)


def test_the_machines_go_on_where_the_story_ends(tell, tmp_path):
    tell()
    machines = {number: Machine(personality(1, number)) for number in range(1, 13)}
    recall(machines, tmp_path / "virtualfactory")

    for standing in cells.standings(NOW, PERIOD).values():
        machine = machines[int(standing.cell.name[1:])]
        report = machine.report(NOW.timestamp() - 1)
        if not silent_until(machine.personality, NOW.timestamp() - 1) and machine.job:
            assert (report["status"], report["detail"]) == (standing.state, standing.detail)
            assert report["job"]["fence"] == standing.claim.fence


def test_it_is_a_demonstration_until_it_is_cleared(tell, tmp_path):
    assert not demo.is_demonstration()

    tell()
    assert demo.port_of_machines() == 47000
    demo.clear(tmp_path)

    assert not demo.is_demonstration()
    assert people.users() == []
    assert cells.all_cells(retired=True) == []
    assert not (tmp_path / demo.LOGINS).exists()


def test_after_clearing_it_can_be_told_again(tell, tmp_path):
    tell()
    demo.clear(tmp_path)

    tell()

    assert len(all_projects()) > 40


def test_nobodys_real_history_is_touched(tell, tmp_path):
    make_person("root")

    with pytest.raises(WrongState):
        tell()
    with pytest.raises(WrongState):
        demo.clear(tmp_path)

    assert [user.username for user in people.users()] == ["root"]


def test_a_story_interrupted_leaves_nothing(tell, monkeypatch):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(playing, "_ending", interrupted)

    with pytest.raises(KeyboardInterrupt):
        tell()

    assert people.users() == []
    assert not demo.is_demonstration()


def test_the_file_of_jobs_is_plain(tell, tmp_path):
    tell()

    kept = json.loads((tmp_path / "virtualfactory" / "machines.json").read_text())

    assert kept["9"]["job"]["order"]["fence"] >= 1
    assert moment(int(kept["9"]["job"]["run"]["start"])) < NOW
