"""Accounts against the second-by-second truth, while history, claims and calendars change and blocks come and go."""

import random
from itertools import pairwise, product

import numpy as np
import pytest
from sqlalchemy import delete, func, select, update

from tests.cells.calendars import shift
from tests.world import NOW, make_cell
from webapp import cells, ledger
from webapp.cells import OFF, WORKING, OtherDay, accounts, adding_up
from webapp.cells.account_models import AccountBlock
from webapp.cells.accounts import frontier, seconds_of
from webapp.cells.calendars.shifts import PLANNED_STOP
from webapp.cells.directory import directory
from webapp.cells.overlay import ABSENT, COUNTED, RULES, Second
from webapp.cells.restating import told_late
from webapp.extensions import db, transaction
from webapp.lib.clock import epoch, moment
from webapp.lib.window import Window

HOUR, DAY = 3600, 86_400
START = epoch(NOW) - 5 * DAY
LENGTH = 6 * DAY
STATES = [*ledger.State]
#: (begins, ends) minutes of the day, breaks: shifts of every day, without a change of clocks between them.
PATTERNS = {
    "Day": [("06:00", "14:00", "09:00-09:15")],
    "Two": [("06:00", "14:00", ""), ("14:00", "22:30", "18:00-18:30")],
    "Night": [("22:00", "06:00", "01:00-01:30")],
}


class World:
    """The product, and beside it an array with a place for each second of each cell."""

    def __init__(self, seed):
        self.chance, self.now = random.Random(seed), START + DAY
        begins = [START + 3601 * n for n in range(3)]
        self.cells = [
            make_cell(f"C{n}", now=moment(self.now), in_service_from=moment(at)) for n, at in enumerate(begins)
        ]
        self.begins, self.ends = begins, [START + LENGTH] * 3
        self.said = np.zeros((3, LENGTH, 2), np.int8)  # state, source
        self.follows = np.full((3, LENGTH), -1, np.int8)
        self.held = np.zeros((3, LENGTH), bool)
        self.claims, self.free = {}, list(begins)
        self.calendars = [
            cells.add_calendar(name, "UTC", [shift(*times, name=times[0]) for times in pattern], "root", NOW)
            for name, pattern in PATTERNS.items()
        ]
        self.classes = np.stack([pattern_of(pattern) for pattern in PATTERNS.values()])
        self.early = np.zeros((3, 0), np.int64)  # of the time of which only days are known: the kind of each second

    def live(self):
        for _ in range(self.chance.randint(4, 8)):
            self.chance.choice([self.say, self.say, self.correct, self.claim, self.claim, self.follow, self.close])()
            self.chance.choice([self.rest, self.holiday, self.go_on, self.add_up, self.add_up, self.forget])()

    def say(self):
        n, low, high, state = self.stretch()
        source = self.chance.choice([ledger.Source.FEED, ledger.Source.INFERRED])
        cell = self.cells[n]
        with transaction():
            ledger.assign(cell.book_id, cell.id, low, high, state, source)
            told_late(cell.book_id, cell.id, low, high)
        self.paint(n, low, high, state, source)

    def correct(self):
        n, low, high, state = self.stretch()
        window = Window(moment(low), moment(high))
        cells.correct_history(self.cells[n].id, window, str(state), "seen", "sam", self.clock)
        self.paint(n, low, high, state, ledger.Source.PERSON)

    def stretch(self):
        n = self.chance.randrange(3)
        first = self.chance.randrange(max(self.begins[n], self.exact), self.now - 1)
        length = self.chance.choice([1, 50, 4000, DAY])
        last = min(self.now, first + self.chance.randint(1, length))
        return n, first, last, self.chance.choice(STATES)

    def paint(self, n, low, high, state, source):
        part = self.said[n, low - START : high - START]
        part[part[:, 1] <= source] = state, source

    def claim(self):
        """Opened or closed at a moment that may be long past."""
        n = self.chance.randrange(3)
        at = self.chance.randint(self.free[n], self.now)
        held = self.claims.pop(n, None)
        with transaction():
            if held:
                cells.release(held, moment(at), "over")
            else:
                self.claims[n] = cells.claim(self.cells[n], f"project:{self.chance.random()}", moment(at))
        self.free[n] = at
        self.held[n, at - START :] = not held

    def follow(self):
        n, which = self.chance.randrange(3), self.chance.choice([0, 1, 2, None])
        since = self.chance.randrange(START, self.now)
        calendar = None if which is None else self.calendars[which].id
        cells.use_calendar([self.cells[n].id], calendar, moment(since), "root", self.clock)
        self.follows[n, since - START :] = -1 if which is None else which

    def holiday(self):
        which, day = self.chance.randrange(3), self.chance.randrange(6)
        midnight = epoch(moment(START).replace(hour=0, minute=0)) + day * DAY
        cells.set_days(self.calendars[which].id, {moment(midnight).date(): OtherDay("Holiday")}, "root", self.clock)
        first = midnight - START + (22 * HOUR if which == NIGHT else 0)
        last = first + (8 * HOUR if which == NIGHT else DAY)
        self.classes[which, max(0, first) : max(0, last)] = OFF

    def close(self):
        ledger.close_hours(self.now)

    def go_on(self):
        self.now = min(self.now + self.chance.choice([60, HOUR, 9 * HOUR]), START + LENGTH - HOUR)

    def add_up(self):
        cells.derive_accounts(self.clock, most=self.chance.choice([1, 2, 20]))

    def forget(self):
        """Blocks may be dropped at any moment."""
        some = self.chance.choice([1, 4, 24, 96])
        with transaction():
            db.session.execute(delete(AccountBlock).where(AccountBlock.hours == some))

    def rest(self):
        pass

    @property
    def clock(self):
        return moment(self.now)

    @property
    def exact(self):
        return START + self.early.shape[1]

    def keep_days_only(self, days, added_up):
        """What is older than so many days. What was added up stays; else all hours count, and nobody held a cell."""
        while added_up and cells.derive_accounts(self.clock):
            pass
        if not added_up:
            with transaction():
                db.session.execute(delete(AccountBlock))
        while ledger.seal(self.now):
            pass
        while ledger.forget(self.now, rows_days=days, blocks_days=days):
            pass
        exact = ledger.exact_from(self.cells[0].book_id).own
        self.early = self.kinds(bare=not added_up)[:, : exact - START]

    def kinds(self, bare=False):
        """Of each second the number of its kind. bare: but its state."""
        klass = np.full((3, LENGTH), WORKING, np.int8)
        for n in range(3):
            for which in range(0 if bare else 3):
                mine = self.follows[n] == which
                klass[n, mine] = self.classes[which, mine]
            klass[n, : self.begins[n] - START] = klass[n, self.ends[n] - START :] = ABSENT
        state, source = self.said[:, :, 0].astype(int), self.said[:, :, 1]
        found = ((state * 4 + (0 if bare else source)) * 4 + klass) * 2 + (0 if bare else self.held)
        found[:, : self.early.shape[1]] = self.early
        return found

    def counted(self, edges):
        """By the rules, each second by itself; edges of days only at the nearest midnight."""
        near = [edge if edge >= self.exact else max(START, round_half_up(edge, DAY)) for edge in edges]
        each = COUNTS[:, self.kinds()[:, near[0] - START : near[-1] - START]]
        parts = [each[:, :, a - near[0] : b - near[0]].sum(axis=2) for a, b in pairwise(near)]
        return np.stack(parts, axis=1)

    def check(self):
        for _ in range(4):
            edges = sorted({self.edge() for _ in range(self.chance.choice([2, 2, 5]))})
            if len(edges) < 2:
                continue
            told, true = seconds_of(directory(), self.cells[0].book_id, edges), self.counted(edges)
            for n, name in enumerate(COUNTED):
                assert told[n].tolist() == true[n].tolist(), (name, edges)
            db.session.rollback()

    def edge(self):
        at = self.chance.randint(START, self.now)
        return max(START, at - at % self.chance.choice([1, HOUR, DAY]))


def round_half_up(number, step):
    return (2 * number + step) // (2 * step) * step


NIGHT = 2
KINDS = [Second(*kind) for kind in product(range(6), range(4), range(4), range(2))]
COUNTS = np.array([[bool(rule(kind)) for kind in KINDS] for rule in RULES.values()])


def pattern_of(shifts):
    """The classes of LENGTH seconds from START on."""
    klass = np.full(LENGTH, OFF, np.int8)
    second = (START + np.arange(LENGTH)) % DAY
    for begin, end, pause in shifts:
        klass[inside(second, begin, end)] = WORKING
        if pause:
            klass[inside(second, *pause.split("-"))] = PLANNED_STOP
    return klass


def inside(second, begin, end):
    low, high = (int(clock[:2]) * HOUR + int(clock[3:]) * 60 for clock in (begin, end))
    return (low <= second) & (second < high) if low < high else (low <= second) | (second < high)


@pytest.mark.parametrize("seed", range(8))
def test_any_history_of_facts_adds_up_to_the_second(app, seed):
    world = World(seed)
    for _ in range(6):
        world.live()
        world.check()


@pytest.mark.parametrize(("seed", "added_up"), [(0, True), (1, False)])
def test_any_history_of_which_days_are_left_adds_up_to_the_day(app, seed, added_up):
    """Odd edges, and changes of the past afterwards: of calendars, of claims, of what is known exactly still."""
    world = World(seed)
    world.now = START + LENGTH - HOUR
    for _ in range(2):
        world.live()
    world.close()
    world.keep_days_only(3, added_up)

    for change in (world.rest, world.follow, world.holiday, world.follow, world.live):
        change()
        world.check()
    world.keep_days_only(2, added_up)
    world.check()


def test_what_changes_while_it_is_added_up_is_not_lost(app):
    world = World(2)
    world.now = START + 2 * DAY
    world.close()
    book, over = world.cells[0].book_id, world.now // HOUR
    seen, known = frontier(book), directory()
    made = adding_up._hours(known, book, over - 20, over)

    world.correct()
    world.claim()
    adding_up._keep(book, seen, over, made, [(START // HOUR, over - 20)])

    assert db.session.scalar(select(func.count()).select_from(AccountBlock)) >= 20
    world.check()


def test_of_two_who_add_up_at_once_the_later_keeps_nothing(app):
    world = World(3)
    world.now = START + 2 * DAY
    world.close()
    book, over = world.cells[0].book_id, world.now // HOUR
    for _ in range(2):
        seen = frontier(book)
        assert cells.derive_accounts(world.clock, most=1)

        assert not adding_up._keep(book, seen, over, {}, [])

    world.check()


def test_what_an_earlier_release_added_up_by_other_rules_is_not_read(app, monkeypatch):
    world = World(4)
    world.now = START + 2 * DAY
    world.close()
    for module in (accounts, adding_up):
        monkeypatch.setattr(module, "EDITION", "another")
    while cells.derive_accounts(world.clock):
        pass
    with transaction():  # it counted other things in these places
        db.session.execute(update(AccountBlock).values(data=bytes(8)))
    monkeypatch.undo()

    world.check()
    while cells.derive_accounts(world.clock):
        pass
    world.check()

    assert frontier(world.cells[0].book_id).known_to > 0
