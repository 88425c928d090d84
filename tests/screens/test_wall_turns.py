"""Whose turn it is on a wall, and how a board is cut into pages: by the clock and by what can be read from there."""

from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise

import pytest

from tests.world import NOW, at
from webapp.people import Item
from webapp.screens.walls.sheets import sheets
from webapp.screens.walls.turns import SECONDS, change_after, is_night, page_now, turn_now

HOURS = timedelta(hours=1)


@dataclass(frozen=True)
class Alert:
    name: str
    state: str = "down"


def alerts(count, state="down"):
    return [Alert(f"C{n:02}", state) for n in range(1, count + 1)]


def shape(pages):
    return [(len(page.alerts), len(page.rows)) for page in pages]


def test_pages_come_round():
    seen = [page_now(3, NOW + timedelta(seconds=SECONDS * n)) for n in range(6)]

    assert seen[:3] == seen[3:]
    assert sorted(seen[:3]) == [1, 2, 3]


def test_a_playlist_gives_each_its_seconds():
    playlist = (Item("board", 60), Item("utilization", 40))

    turns = [turn_now(playlist, NOW + timedelta(seconds=n)) for n in range(100)]

    assert (turns.count(0), turns.count(1)) == (60, 40)
    assert sum(one != other for one, other in pairwise(turns)) <= 2


@pytest.mark.parametrize(
    ("clock", "night", "dark"),
    [
        ("23:00", ("22:00", "06:00"), True),
        ("05:59", ("22:00", "06:00"), True),
        ("06:00", ("22:00", "06:00"), False),
        ("21:59", ("22:00", "06:00"), False),
        ("02:00", ("01:00", "05:00"), True),
        ("12:00", ("", ""), False),
    ],
)
def test_night_may_span_midnight(clock, night, dark):
    assert is_night(clock, night) == dark


def test_sides_swap_at_every_shift():
    starts = [at("06:00") + day * 24 * HOURS + shift * 8 * HOURS for day in range(-2, 4) for shift in range(3)]

    changes = [change_after(start, starts) for start in starts[:-1]]

    assert [until for _, until in changes] == starts[1:]
    assert all(one != other for (one, _), (other, _) in pairwise(changes))


def test_one_shift_a_day_swaps_by_the_day():
    starts = [at("06:00") + day * 24 * HOURS for day in range(-2, 3)]

    assert change_after(at("07:00"), starts)[0] != change_after(at("07:00") + 24 * HOURS, starts)[0]


def test_without_shifts_the_day_has_three():
    side, until = change_after(NOW, [])

    assert timedelta() < until - NOW <= 8 * HOURS
    assert change_after(until, [])[0] != side


@pytest.mark.parametrize(
    ("wrong", "running", "pages"),
    [
        (0, 0, [(0, 0)]),
        (0, 8, [(0, 8)]),
        (2, 9, [(2, 8), (2, 1)]),
        (3, 8, [(3, 6), (3, 2)]),
        (6, 4, [(6, 4)]),
        (7, 8, [(7, 0), (0, 8)]),
        (25, 9, [(10, 0), (10, 0), (5, 0), (0, 8), (0, 1)]),
        (7, 0, [(7, 0)]),
    ],
)
def test_a_page_holds_what_can_be_read(wrong, running, pages):
    assert shape(sheets(alerts(wrong), list(range(running)))) == pages


def test_what_is_on_other_pages_is_summed_up():
    *_, last = sheets(alerts(4) + alerts(12, "unknown"), [1])

    assert last.summed == [("down", 4, "C01 C02 C03 C04"), ("unknown", 12, "C01 C02 C03 C04 C05 C06 C07 and 5 more")]
