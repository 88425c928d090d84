"""Which hours are shown, and where their lines lie. Pure: nothing is asked."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from webapp.cells import OFF, WORKING, Marks
from webapp.lib.refusal import NotFound
from webapp.screens.schedule.scale import Scale, idle_path, ticks
from webapp.screens.schedule.spans import shown, subject_of

BERLIN = ZoneInfo("Europe/Berlin")
NOON = datetime(2026, 3, 4, 11, 32, tzinfo=UTC)  # 12:32 on the wall


def test_the_shortest_begins_two_hours_before_now_and_goes_with_the_clock():
    span = shown("now-10", NOON, BERLIN)

    assert (span.start, span.end) == (datetime(2026, 3, 4, 9, tzinfo=UTC), datetime(2026, 3, 4, 19, tzinfo=UTC))
    assert span.follows
    assert (span.earlier, span.later) == ("2026-03-04T02", "2026-03-04T18")


def test_a_day_begins_at_midnight_and_the_shortest_of_a_day_in_the_morning():
    assert shown("20260304-24", NOON, BERLIN).start == datetime(2026, 3, 3, 23, tzinfo=UTC)
    assert shown("20260304-10", NOON, BERLIN).start == datetime(2026, 3, 4, 5, tzinfo=UTC)
    assert shown("2026030418-10", NOON, BERLIN).d == "2026-03-04T18"


def test_a_day_later_is_the_same_hour_though_the_clock_was_put_forward():
    before = shown("20260328-24", NOON, BERLIN)

    assert before.later == "2026-03-29"
    assert shown(subject_of("2026-03-29", "24"), NOON, BERLIN).later == "2026-03-30"


def test_lines_lie_at_whole_hours_of_the_wall_on_such_a_day_too():
    told = [tick.words for tick in ticks(shown("20260329-24", NOON, BERLIN)) if tick.words]

    assert told[:3] == ["Sun 29 Mar", "04:00", "06:00"]  # two o'clock never was


@pytest.mark.parametrize("subject", ["", "now-11", "20260230-24", "2026030499-10", "00000000-24", "now", "x-10"])
def test_there_are_no_other_stretches(subject):
    with pytest.raises(NotFound):
        shown(subject, NOON, BERLIN)


@pytest.mark.parametrize("d", ["2026-02-30", "x", "", "2026-03-04T77", "99999-01-01"])
def test_what_cannot_be_read_is_today(d):
    assert subject_of(d, "24") == "now-24"


def test_a_piece_ends_where_the_picture_ends():
    scale = Scale(0, 1000)

    assert scale.piece(-500, 250) == (0, 25)
    assert scale.piece(900, 5000) == (90, 10)
    assert scale.piece(1000, 2000) is None


def test_time_off_is_one_path():
    marks = Marks(np.array([0, 250, 500]), np.array([OFF, WORKING, OFF], dtype=np.uint8))

    assert idle_path(marks, Scale(0, 1000)) == "M0.0 0h250.0v1h-250.0zM500.0 0h500.0v1h-500.0z"
