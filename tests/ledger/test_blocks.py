"""What is packed comes back, and the arithmetic of columns is that of counting seconds."""

from itertools import pairwise

import numpy as np
import pytest

from webapp.ledger.blocks import hours_of_plane, pack_day, pack_hour, pack_ids, since_midnight, unpack_hour, unpack_ids
from webapp.ledger.columns import HourColumns, by_cell, held_after, joined, seconds_until, spread, unsaid

HOUR = 3600
NAMES = ("ids", "state", "source", "counts", "off", "to_state", "to_source")


def make_hour(seed: int, cells: int = 7, most: int = 400) -> HourColumns:
    rnd = np.random.default_rng(seed)
    counts = rnd.choice([0, 0, 1, 255, most], cells)
    offs = [np.sort(rnd.choice(HOUR, count, replace=False)) for count in counts]
    off = np.concatenate([np.zeros(0, np.int64), *offs])
    ids = np.sort(rnd.choice(50, cells, replace=False)).astype(np.int32)
    state, to_state = (rnd.integers(0, 6, size).astype(np.uint8) for size in (cells, len(off)))
    source, to_source = (rnd.integers(0, 4, size).astype(np.uint8) for size in (cells, len(off)))
    return HourColumns(ids, state, source, counts, off, to_state, to_source)


def by_second(hour: HourColumns) -> np.ndarray:
    """[cell, second]: the state."""
    found = np.repeat(hour.state[:, None], HOUR, axis=1)
    for cell, off, state in zip(hour.owner, hour.off, hour.to_state, strict=True):
        found[cell, off:] = state
    return found


@pytest.mark.parametrize("seed", range(20))
def test_an_hour_comes_back(seed):
    hour = make_hour(seed, cells=seed % 8)

    back = unpack_hour(pack_hour(hour))

    assert [getattr(back, name).tolist() for name in NAMES] == [getattr(hour, name).tolist() for name in NAMES]


def test_two_bytes_a_change_and_two_a_cell():
    steady = make_hour(1, cells=50, most=20)
    usual = HourColumns(*(getattr(steady, name) for name in NAMES[:-1]), np.where(steady.to_state, 2, 0).astype("u1"))

    assert len(pack_hour(usual)) <= 2 * len(usual.off) + 2 * 50 + 4 * np.count_nonzero(usual.counts >= 255) + 16 + 8


@pytest.mark.parametrize("ids", [[], [7], [1, 2, 3], [1, 3, 4, 9, 2_000_000_000]])
def test_numbers_of_cells_come_back(ids):
    assert unpack_ids(pack_ids(np.array(ids, np.int32))).tolist() == ids


@pytest.mark.parametrize("seed", range(5))
def test_seconds_up_to_any_moment_of_an_hour(seed):
    hour = make_hour(seed)
    dense = by_second(hour)

    for off in (0, 1, 1800, 3599, 3600):
        counted = [[np.count_nonzero(cell[:off] == state) for cell in dense] for state in range(6)]
        assert seconds_until(hour, off).tolist() == counted


def test_what_is_held_just_before_a_moment():
    hour = make_hour(3)
    dense, marks = by_second(hour), hour.marks(HOUR)

    for off in (1, 1800, HOUR):
        assert held_after(type(unsaid(0))(hour.state, hour.source), marks, HOUR + off).state.tolist() == (
            dense[:, off - 1].tolist()
        )


def test_a_day_of_one_state_does_not_overflow():
    ends = np.zeros((5, 24, 3), np.int64)
    ends[1, :, 0] = np.arange(1, 25) * HOUR  # idle all day
    ends[4, :, 2] = np.maximum(np.arange(1, 25) * HOUR - 20_000, 0)  # down from half past five on

    over, planes = pack_day(ends)

    for hour in range(1, 25):
        slices = [plane[(hour - 1) * 6 : hour * 6] for plane in planes]
        assert since_midnight(slices, over, hour).tolist() == ends[:, hour - 1].tolist()
    within = hours_of_plane(planes[1], 24, 3)
    assert within[:, 0].tolist() == [late - early for early, late in pairwise([0, *ends[1, :, 0].tolist()])]


def test_columns_are_put_together_by_cell():
    first, second = make_hour(1), make_hour(1)

    marks = by_cell(joined([first.marks(0), second.marks(HOUR)]))

    assert (np.diff(marks.cell) >= 0).all()
    assert all((np.diff(marks.at[marks.cell == cell]) > 0).all() for cell in range(7))


def test_values_find_their_places():
    among = np.array([1, 4, 6, 9], np.int32)

    assert spread(np.array([[5, 7]]), np.array([4, 9], np.int32), among).tolist() == [[0, 5, 0, 7]]
