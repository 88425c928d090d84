"""Every line of a child is kept in its file; the terminal gets what a person needs."""

import io
from pathlib import Path

import pytest

from stack import output
from stack.output import Output


@pytest.fixture
def terminal() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def lines(tmp_path: Path, terminal: io.StringIO) -> Output:
    return Output(tmp_path, terminal)


def test_lines_are_put_together_from_what_arrives(lines: Output, tmp_path: Path) -> None:
    assert lines.lines("web", b"one\ntw") == ["one"]
    assert lines.lines("web", b"o\n") == ["two"]

    assert (tmp_path / "web.log").read_text() == "one\ntwo\n"


def test_what_was_begun_when_it_ended_is_a_line(lines: Output) -> None:
    lines.lines("web", b"last words")

    assert lines.lines("web", b"") == ["last words"]


def test_a_line_without_end_is_cut(lines: Output) -> None:
    [line] = lines.lines("web", b"x" * (output.LONGEST_LINE + 1))

    assert len(line) == output.LONGEST_LINE + 1


def test_a_warning_reaches_the_terminal_in_short(lines: Output, terminal: io.StringIO) -> None:
    lines.lines("clock", b'{"level": "warning", "event": "no Redis", "timestamp": "..."}\n')

    assert terminal.getvalue().endswith(" clock: warning: no Redis\n")


@pytest.mark.parametrize(
    "line", [b'{"level": "info", "event": "request"}\n', b"plain words\n", b"{broken\n", b"[1]\n", b"\xff\n"]
)
def test_anything_else_does_not(lines: Output, terminal: io.StringIO, line: bytes) -> None:
    lines.lines("web", line)

    assert terminal.getvalue() == ""


def test_files_are_bounded(lines: Output, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(output, "LARGEST_FILE", 1000)

    for _ in range(200):
        lines.lines("web", b"x" * 99 + b"\n")

    files = list(tmp_path.glob("web.log*"))
    assert len(files) == 1 + output.FILES_KEPT
    assert all(path.stat().st_size <= 1000 for path in files)


def test_what_is_for_the_person_only_is_not_kept(lines: Output, tmp_path: Path, terminal: io.StringIO) -> None:
    lines.show("root  a password")

    assert "a password" in terminal.getvalue()
    assert not list(tmp_path.iterdir())


def test_a_closed_terminal_stops_nothing(tmp_path: Path) -> None:
    closed = io.StringIO()
    closed.close()

    Output(tmp_path, closed).say("web was killed")

    assert "web was killed" in (tmp_path / "stack.log").read_text()
