"""Telling the demonstration and ending it: whole or not at all, and never over real history."""

from pathlib import Path
from typing import Any

import pytest

from tests.world import NOW, make_person
from webapp import cells, demo, people, projects
from webapp.config import networks
from webapp.demo import playing
from webapp.lib.refusal import WrongState

PERIOD = 5


def tell_into(folder: Path, **given: Any) -> None:
    details = {"port": 47000, "networks": networks("127.0.0.1/32:47000"), "period": PERIOD, "zone": "UTC"}
    demo.tell(NOW, data_dir=folder, **{**details, **given})


def test_it_is_a_demonstration_until_it_is_cleared_and_can_be_told_again(app, tmp_path):
    assert not demo.is_demonstration()

    tell_into(tmp_path)
    assert demo.port_of_machines() == 47000
    demo.clear(tmp_path)

    assert not demo.is_demonstration()
    assert people.users() == []
    assert cells.all_cells(retired=True) == []
    assert not (tmp_path / demo.LOGINS).exists()

    tell_into(tmp_path)
    assert projects.count(projects.Filters()) > 40


def test_a_password_of_ones_own_is_not_written_down(app, tmp_path):
    tell_into(tmp_path, password="a password of my own")

    assert "my own" not in (tmp_path / demo.LOGINS).read_text()
    assert people.sign_in("ada", "a password of my own", "127.0.0.1", "a test", NOW)


def test_nobodys_real_history_is_touched(app, tmp_path):
    make_person("root")

    with pytest.raises(WrongState):
        tell_into(tmp_path)
    with pytest.raises(WrongState):
        demo.clear(tmp_path)

    assert [user.username for user in people.users()] == ["root"]


def test_a_story_interrupted_leaves_nothing(app, tmp_path, monkeypatch):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(playing, "_ending", interrupted)

    with pytest.raises(KeyboardInterrupt):
        tell_into(tmp_path)

    assert people.users() == []
    assert not demo.is_demonstration()


def test_the_shell_tells_and_clears(app):
    shell = app.test_cli_runner()

    assert shell.invoke(args=["demo", "tell", "--port", "47000"]).exit_code == 0
    assert demo.is_demonstration()
    cleared = shell.invoke(args=["demo", "clear"])

    assert "--no-demo" in cleared.output
    assert not demo.is_demonstration()
