"""What would go wrong is found before anything is started, and is one sentence."""

import socket
from pathlib import Path

import pytest

from stack import preflight, valkey
from stack.problems import Problem


def test_a_port_in_use() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        with pytest.raises(Problem, match=f"Port {port} of 127.0.0.1 is in use"):
            preflight.port_is_free("127.0.0.1", port)


def test_a_host_that_is_not_here() -> None:
    with pytest.raises(Problem, match="no address of this machine"):
        preflight.port_is_free("nowhere.invalid", 8000)


def test_an_address_of_another_machine() -> None:
    with pytest.raises(Problem, match=r"Cannot listen on 203\.0\.113\.1"):
        preflight.port_is_free("203.0.113.1", 8000)


def test_a_second_run_on_the_same_folder(tmp_path: Path) -> None:
    with (
        preflight.alone(tmp_path),
        pytest.raises(Problem, match="Another bin/run is using"),
        preflight.alone(tmp_path),
    ):
        pass


def test_the_next_run_may_begin_when_the_first_is_over(tmp_path: Path) -> None:
    with preflight.alone(tmp_path):
        pass
    with preflight.alone(tmp_path) as pids:
        assert pids == tmp_path / "run"


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "run").touch()

    with pytest.raises(Problem, match=r"DATA_DIR .* cannot be written"), preflight.alone(tmp_path):
        pass


def test_another_port_where_the_wanted_one_is_taken() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        wanted = taken.getsockname()[1]

        assert preflight.free_port(wanted) not in (0, wanted)


def test_a_folder_too_deep_for_a_socket(tmp_path: Path) -> None:
    with pytest.raises(Problem, match="too long a path"):
        valkey.program(f"unix://{tmp_path / ('x' * 100)}/valkey.sock")


def test_no_redis_anywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(valkey, "import_module", _no_such_module)

    with pytest.raises(Problem, match="set REDIS_URL, or install"):
        valkey.find_server()


def _no_such_module(name: str) -> None:
    raise ImportError(name)
