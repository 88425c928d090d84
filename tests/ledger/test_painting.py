"""Pieces and what is painted over them, against the same second by second."""

from itertools import pairwise

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.ledger.dense import Dense
from webapp.ledger.painting import gains, marks_of, painted, pieces, replaced, sums_at
from webapp.ledger.states import KNOWN, UNSAID, Piece, Said, Source, State

LENGTH = 60
# A machine with other work to do is no fault of what is tested.
patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
said = st.one_of(
    st.just(UNSAID), st.builds(Said, st.sampled_from(list(State)), st.sampled_from([s for s in Source if s]))
)


@st.composite
def histories(draw):
    """What is held of sixty seconds."""
    marks = draw(st.dictionaries(st.integers(0, LENGTH - 1), said, max_size=8))
    return pieces(draw(said), sorted(marks.items()), 0, LENGTH)


@st.composite
def coats(draw):
    """Pieces of one source, ascending, with gaps or without."""
    edges = sorted(draw(st.sets(st.integers(0, LENGTH), min_size=2, max_size=8)))
    source = draw(st.sampled_from([s for s in Source if s]))
    pairs = draw(st.lists(st.sampled_from(list(State)), min_size=len(edges) // 2, max_size=len(edges) // 2))
    return [Piece(low, high, Said(s, source)) for low, high, s in zip(edges[::2], edges[1::2], pairs, strict=False)]


def dense(found):
    cell = Dense(0, LENGTH, 0)
    for piece in found:
        cell.seconds[piece.start : piece.end] = bytes([piece.said.source << 3 | piece.said.state]) * (
            piece.end - piece.start
        )
    return cell


def apart(found):
    return all(one.end == other.start and one.said != other.said for one, other in pairwise(found))


@patient
@given(histories(), coats())
def test_each_second_goes_to_the_higher_rank(old, coat):
    expected = dense(old)
    for piece in coat:
        expected.say(piece.start, piece.end, State(piece.said.state), Source(piece.said.source))

    new = painted(old, coat)

    assert dense(new).seconds == expected.seconds
    assert apart(new)


@patient
@given(histories(), coats())
def test_painting_twice_changes_nothing(old, coat):
    once = painted(old, coat)

    assert painted(once, coat) == once


@patient
@given(histories(), said, said)
def test_rows_tell_the_pieces(parts, before, after):
    rows = marks_of(parts, before, after)

    marks = [(at, Said(mark.state, mark.source)) for at, mark in rows.items()]
    assert pieces(before, [mark for mark in marks if mark[0] < LENGTH], 0, LENGTH) == parts
    assert (parts[-1].said != after) == (LENGTH in rows)
    held = [before, *(said for _, said in marks)]
    assert [mark.prev for mark in rows.values()] == [said.state for said in held[:-1]]


@patient
@given(histories(), coats(), st.sets(st.integers(0, LENGTH)))
def test_gains_are_what_was_painted(old, coat, moments):
    new = painted(old, coat)

    gained = gains(old, new, sorted(moments))

    for moment, sums in gained.items():
        was, now = dense(old).counted(0, moment), dense(new).counted(0, moment)
        assert sums == tuple(getattr(now, str(s)) - getattr(was, str(s)) for s in KNOWN)


def test_sums_are_asked_at_both_ends():
    parts = [Piece(0, 10, Said(State.RUNNING, Source.FEED)), Piece(10, 30, Said(State.DOWN, Source.FEED))]

    assert sums_at(parts, [0, 10, 30]) == [(0, 0, 0, 0, 0), (10, 0, 0, 0, 0), (10, 0, 0, 0, 20)]


@patient
@given(histories(), coats())
def test_what_was_painted_over_put_back_gives_what_was(old, coat):
    new = painted(old, coat)

    gone = replaced(old, new)

    seconds, before, after = dense(gone).seconds, dense(old).seconds, dense(new).seconds
    differ = [at for at in range(LENGTH) if before[at] != after[at]]
    assert [at for piece in gone for at in range(piece.start, piece.end)] == differ
    assert all(seconds[at] == before[at] for at in differ)
    assert (painted(new, gone, lambda *_: True) if gone else new) == old
