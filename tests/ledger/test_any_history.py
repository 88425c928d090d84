"""Any history at all, against one element a second: rounds in and out of order, gaps, samplers that die, are replaced
and return, stored and late data, corrections by people and guesses, cells that come later, several books."""

import random
from contextlib import suppress
from itertools import pairwise, zip_longest

import pytest
from sqlalchemy import delete, select, update

from tests.ledger.dense import DAWN, DAY, HOUR, Dense, by_pairs
from webapp import ledger
from webapp.extensions import db, transaction
from webapp.ledger import Fenced, Source, State
from webapp.ledger.books import open_hours
from webapp.ledger.live import forget_all
from webapp.ledger.models import changes, day_bases, hour_blocks, hours

HORIZON = 3 * DAY
STATES, SPEAKERS = list(State), [source for source in Source if source]


class Story:
    """A factory whose every word is kept twice: in the ledger, and second by second."""

    def __init__(self, seed: int) -> None:
        self.rnd = random.Random(seed)
        self.now = self.first = DAWN + self.rnd.randrange(18 * HOUR, 23 * HOUR)
        self.cells: dict[int, Dense] = {}
        self.book_of: dict[int, int] = {}
        self.leases: dict[int, ledger.Lease] = {}
        self.dead: dict[int, int] = {}  # book -> when it will return
        self.expired: set[int] = set()
        self.doing: dict[int, State] = {}
        self.words: list[tuple[int, State, Source, list[ledger.Span]]] = []
        for _ in range(2):
            self.open_book()

    def open_book(self) -> None:
        book = ledger.open_book(self.now, shelf=len(self.leases))
        for _ in range(self.rnd.randrange(1, 4)):
            self.enroll(book)
        self.leases[book] = ledger.lease(book, self.rnd.choice([1, 5, 60, 600]), self.now)

    def enroll(self, book: int) -> None:
        """Now, or with some past."""
        cell, start = len(self.cells) + 1, self.now - self.rnd.choice([0, 0, 100, 30_000])
        with transaction():
            ledger.enroll(book, cell, start)
        self.cells[cell], self.book_of[cell] = Dense(DAWN - DAY, HORIZON + DAY, start), book
        self.doing[cell] = self.rnd.choice(STATES)

    def members(self, book: int) -> list[int]:
        return [cell for cell, its in self.book_of.items() if its == book]

    def end(self, book: int) -> int:
        """Up to where something may be said of its cells."""
        return self.now if book in self.expired else self.leases[book].tail

    def living(self) -> list[int]:
        return [book for book in self.leases if book not in self.dead]

    # what may happen

    def rounds(self) -> None:
        book = self.rnd.choice(self.living())
        with transaction():
            for _ in range(self.rnd.randrange(1, 25)):
                lease = self.leases[book]
                self.tick(lease, lease.tail)

    def tick(self, lease: ledger.Lease, slot: int) -> None:
        states = {cell: self.state_of(cell) for cell in self.members(lease.book) if self.rnd.random() > 0.06}
        tail, end = lease.tail, slot + lease.period
        ledger.tick(lease, slot, states)
        for cell, state in states.items():
            self.cells[cell].say(slot, min(end, tail), state, Source.FEED)
            self.cells[cell].say(max(slot, tail), end, state, Source.FEED)
        self.now = max(self.now, end)

    def state_of(self, cell: int) -> State:
        if self.rnd.random() < 0.15:
            self.doing[cell] = self.rnd.choice(STATES)
        return self.doing[cell]

    def outage(self) -> None:
        lease = self.leases[self.rnd.choice(self.living())]
        with transaction():
            self.tick(lease, lease.tail + self.rnd.choice([1, 50, 3000, 9000]))

    def late_round(self) -> None:
        lease = self.leases[self.rnd.choice(self.living())]
        with transaction():
            self.tick(lease, max(self.first, lease.tail - self.rnd.randrange(1, 4 * lease.period + 2)))

    def word(self) -> None:
        cell = self.rnd.choice(list(self.cells))
        self.speak(cell, *self.stretch(cell), self.rnd.choice(SPEAKERS))

    def speak(self, cell: int, start: int, end: int, source: Source) -> None:
        state = self.rnd.choice(STATES)
        for _ in range(self.rnd.choice([1, 1, 2])):  # said twice, it is still said once
            with transaction():
                ledger.assign(self.book_of[cell], cell, start, end, state, source)
        self.cells[cell].say(start, min(end, self.end(self.book_of[cell])), state, source)

    def stretch(self, cell: int) -> tuple[int, int]:
        """Anywhere; now and then up to an hour, a midnight or the end."""
        limit = self.end(self.book_of[cell])
        start = self.rnd.randrange(self.first - 40_000, limit)
        end = min(limit, start + self.rnd.randrange(1, self.rnd.choice([2, 60, 900, 5000, 50_000])))
        if self.rnd.random() < 0.3:
            start = start // HOUR * HOUR
        if self.rnd.random() < 0.3:
            end = self.rnd.choice([limit, max(start + 1, end // HOUR * HOUR), max(start + 1, end // DAY * DAY)])
        beyond = self.rnd.randrange(500) if end == limit and self.book_of[cell] not in self.expired else 0
        return start, end + beyond

    def stored_words(self) -> None:
        cell = self.rnd.choice(list(self.cells))
        start, end = self.stretch(cell)
        inside = range(start + 1, end)
        edges = sorted([start, end, *self.rnd.sample(inside, min(len(inside), self.rnd.randrange(12)))])
        said = [(low, high, self.rnd.choice(STATES)) for low, high in pairwise(edges)]
        said = [stretch for stretch in said if self.rnd.random() < 0.8]
        source, limit = self.rnd.choice(SPEAKERS), self.end(self.book_of[cell])
        with transaction():
            ledger.fill(self.book_of[cell], cell, said, source)
        for low, high, state in said:
            self.cells[cell].say(low, min(high, limit), state, source)

    def passing_word(self) -> None:
        """One that may be taken back; the seconds that it changes are told."""
        cell = self.rnd.choice(list(self.cells))
        start, end = self.stretch(cell)
        state, source, dense = self.rnd.choice(STATES), self.rnd.choice(SPEAKERS), self.cells[cell]
        before = dense.spans(start, end)
        with transaction():
            was = ledger.fill(self.book_of[cell], cell, [(start, end, state)], source)
        dense.say(start, min(end, self.end(self.book_of[cell])), state, source)
        assert was == changed_between(before, dense.spans(start, end))
        self.words.append((cell, state, source, was))

    def taken_back(self) -> None:
        """Whatever happened since; often somebody else has spoken of a part of it."""
        if self.words:
            cell, *word, was = self.words.pop(self.rnd.randrange(len(self.words)))
            for span in was[: self.rnd.randrange(2)]:
                self.speak(cell, span.start, (span.start + span.end + 1) // 2, Source.PERSON)
            with transaction():
                ledger.unsay(self.book_of[cell], cell, *word, was)
            self.cells[cell].unsay(*word, was)

    def replacement(self) -> None:
        book = self.rnd.choice(self.living())
        old = self.leases[book]
        self.leases[book] = ledger.lease(book, self.rnd.choice([1, 7, 60]), self.now)
        assert self.leases[book].tail == old.tail
        with pytest.raises(Fenced), transaction():
            ledger.tick(old, old.tail, {})

    def death(self) -> None:
        if len(self.living()) > 1:
            self.dead[self.rnd.choice(self.living())] = self.now + self.rnd.choice([100, 4000, 20_000])

    def silence_is_noticed(self) -> None:
        grace = 600
        gone = {b for b, lease in self.leases.items() if b not in self.expired and lease.tail < self.now - grace}
        assert ledger.expire(self.now, grace) == len(gone)
        self.expired |= gone
        for book in gone:  # a living one may be that far behind: it will find itself fenced
            self.dead.setdefault(book, self.now)

    def returns(self) -> None:
        for book in [book for book, back in self.dead.items() if back <= self.now]:
            if self.rnd.random() < 0.5:
                with suppress(Fenced), transaction():
                    self.tick(self.leases[book], self.leases[book].tail + 1)
                    assert book not in self.expired
            before = self.leases[book].tail
            self.leases[book] = ledger.lease(book, self.leases[book].period, self.now)
            assert self.leases[book].tail >= before
            self.now = max(self.now, self.leases[book].tail)
            self.expired.discard(book)
            del self.dead[book]

    def newcomer(self) -> None:
        if len(self.cells) < 9:
            self.enroll(self.rnd.choice(list(self.leases)))

    def close(self) -> None:
        ledger.close_hours(self.now)

    def seal(self) -> None:
        """Some of what is owed, or all."""
        ledger.seal(self.now, self.rnd.choice([1, 30, 10_000]))

    def freeze(self) -> None:
        """As time goes by, rows of whole days go, where there are blocks of all of them."""
        book = self.rnd.choice(list(self.leases))
        ledger.seal(self.now, 10_000)
        freeze(book, (self.now // DAY - self.rnd.randrange(2)) * 24)

    def thaw(self) -> None:
        book, cell = self.rnd.choice(list(self.leases)), self.rnd.choice(list(self.cells))
        ledger.thaw(book, *self.stretch(cell))

    def forget(self) -> None:
        """Another process asks."""
        forget_all()

    def drop(self) -> None:
        """Blocks may go at any time, except where they are the truth."""
        with transaction():
            db.session.execute(delete(hour_blocks).where(~hour_blocks.c.frozen, hour_blocks.c.hour % 3 == 0))
            db.session.execute(delete(day_bases).where(day_bases.c.day % 2 == 0))

    def strips(self) -> None:
        book = self.rnd.choice(list(self.leases))
        start, end = sorted((self.moment(), self.moment()))
        assert spans_of(ledger.strips(book, start, end), end) == {
            cell: self.cells[cell].spans(start, end) for cell in sorted(self.members(book))
        }

    def planes(self) -> None:
        book, state = self.rnd.choice(list(self.leases)), self.rnd.choice(STATES)
        for read, unit in ((ledger.hour_planes, HOUR), (ledger.day_planes, DAY)):
            first, last = sorted((self.moment() // unit, self.moment() // unit + 1))
            ids, plane = read(book, first, last, state)
            for cell, column in zip(ids.tolist(), plane.T.tolist(), strict=True):
                edges = range(first * unit, last * unit + 1, unit)
                counted = [self.cells[cell].counted(*pair) for pair in pairwise(edges)]
                assert column == [getattr(seconds, str(state)) for seconds in counted]

    def questions(self) -> None:
        edges = sorted(self.moment() for _ in range(self.rnd.randrange(2, 7)))
        assert ledger.windows(edges) == by_pairs(self.cells, edges)
        start, end = sorted((self.moment(), self.moment()))
        asked = self.rnd.sample(list(self.cells), min(3, len(self.cells)))
        assert ledger.many_spans(asked, start, end) == {cell: self.cells[cell].spans(start, end) for cell in asked}
        for second in (*edges, start, end):
            expected = {cell: self.cells[cell].lasting(second) for cell in asked}
            assert ledger.states_at(second, [*asked, 77]) == expected | {77: (State.UNKNOWN, Source.NONE, None)}

    def moment(self) -> int:
        at = self.rnd.randrange(self.first - 5000, self.now + 200)
        whole = self.rnd.choice([1, 1, HOUR, DAY])
        return at // whole * whole

    def heat(self) -> None:
        start = self.now // HOUR * HOUR - 30 * HOUR
        found = ledger.heat(start, start + 32 * HOUR)
        for cell, dense in self.cells.items():
            hours = range(start, start + 32 * HOUR, HOUR)
            assert found[cell] == {hour: dense.counted(hour, hour + HOUR) for hour in hours}


LIKELY = {
    Story.rounds: 40,
    Story.outage: 4,
    Story.late_round: 8,
    Story.word: 20,
    Story.stored_words: 6,
    Story.passing_word: 6,
    Story.taken_back: 5,
    Story.replacement: 2,
    Story.death: 2,
    Story.silence_is_noticed: 3,
    Story.returns: 6,
    Story.newcomer: 1,
    Story.close: 6,
    Story.seal: 8,
    Story.freeze: 2,
    Story.thaw: 1,
    Story.forget: 2,
    Story.drop: 1,
    Story.strips: 6,
    Story.planes: 4,
    Story.questions: 12,
    Story.heat: 1,
}


@pytest.mark.parametrize("seed", range(6))
def test_any_history(app, seed):
    story = Story(seed)

    for happening in story.rnd.choices(list(LIKELY), list(LIKELY.values()), k=180):
        while not story.living():
            story.now += 1000
            story.returns()
        happening(story)
        if story.now > DAWN + 2 * DAY:
            break

    story.close()
    for _ in range(2):
        story.questions()
        story.strips()
        story.planes()
        story.heat()
        story.freeze()
    assert_tidy(story)


def changed_between(before: list[ledger.Span], after: list[ledger.Span]) -> list[ledger.Span]:
    """The parts of these spans of which the others, over the same time, say something else."""
    pairs = [(old, new) for old in before for new in after if old.start < new.end and new.start < old.end]
    return [
        old._replace(start=max(old.start, new.start), end=min(old.end, new.end))
        for old, new in pairs
        if (old.state, old.source) != (new.state, new.source)
    ]


def freeze(book: int, before: int) -> None:
    """What retention does with hours that have a block: their rows go."""
    with transaction():
        query = select(hour_blocks.c.hour).where(hour_blocks.c.book_id == book, hour_blocks.c.hour < before)
        gone = list(db.session.scalars(query))
        frozen = (hour_blocks.c.book_id == book) & hour_blocks.c.hour.in_(gone)
        db.session.execute(update(hour_blocks).where(frozen).values(frozen=True))
        for table in (changes, hours):
            db.session.execute(delete(table).where(table.c.book_id == book, table.c.hour.in_(gone)))


def spans_of(found: ledger.Strips, end: int) -> dict[int, list[ledger.Span]]:
    spans: dict[int, list[ledger.Span]] = {cell: [] for cell in found.ids.tolist()}
    pieces = list(zip(*(column.tolist() for column in found[1:]), strict=True))
    for (cell, start, state, source), following in zip_longest(pieces, pieces[1:]):
        until = following[1] if following and following[0] == cell else end
        spans[found.ids.tolist()[cell]].append(ledger.Span(State(state), start, until, Source(source)))
    return spans


def assert_tidy(story: Story) -> None:
    """Every row's prev is the state before it; no hour that everybody has passed is open."""
    for book in story.leases:
        ledger.thaw(book, 0, story.now)
    held: dict[int, int] = {}
    rows = select(changes.c.cell_id, changes.c.state, changes.c.prev).order_by(changes.c.hour, changes.c.off)
    for cell, state, prev in db.session.execute(rows):
        assert prev == held.get(cell, State.UNKNOWN)
        held[cell] = state
    for book, hour in open_hours().items():
        assert hour == (story.now if book in story.expired else story.leases[book].tail) // HOUR
