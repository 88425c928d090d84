"""What travels: one line of HTML an event, and gzip that a screen may join at any piece."""

import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.live import wire


def test_a_picture_travels_on_one_line() -> None:
    event = wire.paint("board", '<div id="board">\n  <p>Nothing\n  waits.</p>\n</div>\n')

    assert event == b'event: paint\ndata: board\ndata: <div id="board"> <p>Nothing waits.</p> </div>\n\n'


@pytest.mark.parametrize("version", ["", "8f3a"])
def test_what_is_packed_is_unpacked(version: str) -> None:
    assert wire.unpacked(wire.packed(version, b"event: x\n\n")) == (version.encode(), b"event: x\n\n")


@given(st.lists(st.binary(max_size=2000), min_size=1, max_size=6), st.data())
def test_a_screen_may_join_at_any_piece(pieces: list[bytes], data: st.DataObject) -> None:
    joined = data.draw(st.integers(0, len(pieces) - 1))

    stream = wire.GZIP_HEAD + b"".join(map(wire.block, pieces[joined:]))

    assert zlib.decompressobj(31).decompress(stream) == b"".join(pieces[joined:])


@pytest.mark.parametrize("topic", ["board", "floor-list", "cell:7", "wall-utilization:12"])
def test_a_topic_is_a_word_and_perhaps_a_number(topic: str) -> None:
    assert wire.A_TOPIC.fullmatch(topic)


@pytest.mark.parametrize(
    "topic", ["", "Board", "cell:", "cell:x", "a b", "cell:1:2", "board\n", "-x", "cell:" + "9" * 19]
)
def test_nothing_else_is(topic: str) -> None:
    assert not wire.A_TOPIC.fullmatch(topic)
