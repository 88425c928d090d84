"""One screen: what it is greeted with, and what a slow one gets."""

import socket
from collections.abc import Iterator

import pytest

from webapp.live import wire
from webapp.live.screen import STAYS, Event, Screen, Topic

NOW = 1000.0
BEAT = Event(wire.beat(b"b1"))


@pytest.fixture
def ends() -> Iterator[tuple[socket.socket, socket.socket]]:
    near, far = socket.socketpair()
    near.setblocking(False)
    near.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
    with near, far:
        yield near, far


@pytest.fixture
def board() -> Topic:
    topic = Topic("board")
    topic.take(b"v1", Event(wire.paint("board", "<p>one</p>")))
    topic.take(b"", Event(wire.pulse("board", "2026-03-04T12:00:05Z")))
    return topic


def screen_on(line: socket.socket, *topics: Topic) -> Screen:
    return Screen(line, topics, False, (), NOW)


def test_a_picture_that_is_there_already_is_no_news(board: Topic) -> None:
    assert not board.take(b"v1", Event(b"again"))
    assert board.take(b"v2", Event(b"another"))


def test_a_new_screen_gets_the_newest_picture_and_how_fresh_it_is(ends, board: Topic) -> None:
    greeting = screen_on(ends[0], board).greeting([b""], BEAT).decode()

    assert greeting.startswith("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream")
    assert [line for line in greeting.splitlines() if line.startswith("event:")] == [
        "event: beat",
        "event: paint",
        "event: pulse",
    ]


def test_a_page_that_shows_it_already_is_only_told_how_fresh_it_is(ends, board: Topic) -> None:
    greeting = screen_on(ends[0], board).greeting([b"v1"], BEAT).decode()

    assert "event: paint" not in greeting
    assert "event: pulse" in greeting


def test_a_slow_one_gets_the_newest_of_each_kind_and_nothing_between(ends, board: Topic) -> None:
    near, far = ends
    screen = screen_on(near, board)
    screen.push("x", b"first " + b"." * 200_000)
    assert screen.slow

    for number in range(5):
        screen.push((board, True), b"paint %d " % number)
        screen.push((board, False), b"pulse %d " % number)
    got = b""
    while screen.slow:
        got += far.recv(65536)
        screen.flush()
    got += far.recv(65536)

    assert got.startswith(b"first .")
    assert got.endswith(b".paint 4 pulse 4 ")
    assert screen.waiting is None


def test_a_dead_line_is_told(ends, board: Topic) -> None:
    near, far = ends
    far.close()

    with pytest.raises(OSError, match=r"[Pp]ipe|reset"):
        screen_on(near, board).push("x", b"anything")


def test_it_stays_between_six_and_twelve_hours(ends) -> None:
    leaves = {screen_on(ends[0]).closes_at - NOW for _ in range(50)}

    assert len(leaves) > 1
    assert all(STAYS[0] <= seconds <= STAYS[1] for seconds in leaves)
