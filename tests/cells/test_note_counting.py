"""What notes explain, counted all at once: to the second what counting each by itself would say."""

import random
from datetime import timedelta

from tests.cells.calendars import shift
from tests.cells.stopped import watched
from tests.world import NOW, make_cell
from webapp import cells, ledger
from webapp.cells.lost_time.counting import Lost, Stretch, lost_in
from webapp.extensions import transaction
from webapp.lib.clock import epoch

START = epoch(NOW - timedelta(days=3))
END = epoch(NOW)


def some_history(dice, cell):
    at, pieces = START, []
    while at < END:
        until = min(at + dice.randrange(1, 4 * 3600), END)
        pieces.append((at, until, dice.choice(list(ledger.State))))
        at = until
    with transaction():
        ledger.fill(cell.book_id, cell.id, pieces, ledger.Source.FEED)
    return pieces


def second_by_second(pieces, one, off):
    """By hand: of each piece what lies inside, without the nights and the break."""
    sums = dict.fromkeys(Lost._fields, 0)
    for start, end, state in pieces:
        low, high = max(start, one.start), min(end, one.end)
        for half in range(low // 1800, high // 1800 + 1):
            part = min(high, half * 1800 + 1800) - max(low, half * 1800)
            if part > 0 and str(state) in sums and not (off and (half % 48 < 12 or half % 48 == 18)):
                sums[str(state)] += part
    return Lost(**sums)


def test_all_at_once_is_as_one_by_one(app):
    dice = random.Random(7)
    made = [make_cell(name, now=NOW - timedelta(days=3)) for name in ("C01", "C02", "C03")]
    watched(made[0], NOW - timedelta(days=3), NOW)
    day = cells.add_calendar("Days", "UTC", [shift("06:00", "24:00", "09:00-09:30")], "root", NOW)
    cells.use_calendar([made[2].id], day.id, made[2].in_service_from, "root", NOW)
    told = {cell.id: some_history(dice, cell) for cell in made}
    stretches = []
    for _ in range(80):
        start = dice.randrange(START, END)
        stretches.append(Stretch(dice.choice(made).id, start, min(start + dice.randrange(1, 90_000), END)))
    stretches += [Stretch(cell.id, START, END) for cell in made]

    found = lost_in(stretches)

    assert found == {one: second_by_second(told[one.cell_id], one, one.cell_id == made[2].id) for one in stretches}
