"""The live edge: leases, ticks, and samplers that fell silent.

Everything before a sampler's tail is asserted for its cells, everything after it is unknown: nothing is extended while
a cell stays as it is, and a crash leaves nothing to repair.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import compress
from operator import is_not
from typing import Any

from sqlalchemy import func, select, update

from webapp.extensions import db, transaction
from webapp.ledger.appending import Change, Step, advance, append, insert_into, of_sampler, took
from webapp.ledger.assigning import assign
from webapp.ledger.books import SAMPLER, open_hour_of
from webapp.ledger.models import heads, samplers
from webapp.ledger.states import HOUR, UNSAID, Said, Source, State

_FED = tuple(Said(state, Source.FEED) for state in State)


class Fenced(Exception):
    """Another process holds the lease now, or what this one remembers was not committed: take a lease again."""


@dataclass
class Lease:
    """The right to tick a book, as the process that samples it remembers it.

    begins: cells that were enrolled ahead of the tail, and where they begin. fed: of what the feeds say, the states.
    """

    book: int
    epoch: int
    period: int
    tail: int
    heads: dict[int, Said] = field(default_factory=dict)
    begins: dict[int, int] = field(default_factory=dict)
    fed: dict[int, State] = field(default_factory=dict)

    def learn(self) -> None:
        """Read the cells that it does not know yet."""
        for row in _heads(self.book):
            if row.cell_id not in self.heads:
                self.keep(row.cell_id, Said(row.state, row.source))
            if row.start > self.tail:
                self.begins[row.cell_id] = row.start

    def keep(self, cell_id: int, said: Said) -> None:
        self.heads[cell_id] = said
        if said.source == Source.FEED:
            self.fed[cell_id] = State(said.state)
        else:
            self.fed.pop(cell_id, None)


Round = tuple[Lease, Mapping[int, State]]


def lease(book: int, period: int, now_s: int) -> Lease:
    """Take the book's sampler over; whoever held it is fenced off. period: seconds that one sample asserts."""
    with transaction():
        held = _locked_sampler(book)
        tail = max(held.tail, now_s, _edge(book)) if held.expired else held.tail
        taken = {"epoch": held.epoch + 1, "period": period, "tail": tail, "expired": False}
        db.session.execute(of_sampler(update(samplers), book).values(**taken))
        taken_over = Lease(book, held.epoch + 1, period, tail)
        taken_over.learn()
        return taken_over


def _locked_sampler(book: int) -> Any:
    """One that never sampled is like one that expired."""
    unborn = {"book_id": book, "sampler_id": SAMPLER, "epoch": 0, "period": 0, "tail": 0, "expired": True}
    db.session.execute(insert_into(samplers).values(**unborn).on_conflict_do_nothing())
    return db.session.execute(of_sampler(select(samplers), book).with_for_update()).one()


def _edge(book: int) -> int:
    """Where a returning sampler may go on: behind what was assigned while it was away, in an hour that is open."""
    open_hour = open_hour_of(book, closing=True)
    newest = select(func.max(heads.c.anchor)).where(heads.c.book_id == book, heads.c.sampler_id == SAMPLER)
    return max(open_hour * HOUR, db.session.scalar(newest) or 0)


def _heads(book: int) -> Sequence[Any]:
    query = select(heads.c.cell_id, heads.c.state, heads.c.source, heads.c.start).order_by(heads.c.cell_id)
    return db.session.execute(query.where(heads.c.book_id == book, heads.c.sampler_id == SAMPLER)).all()


def tick(lease: Lease, slot: int, states: Mapping[int, State]) -> None:
    """One round: what each cell was in for slot <= t < slot + period. A cell left out is unknown for that time.

    What lies before the tail came late and is assigned; slots left out since the tail are unknown. Raises Fenced.
    """
    tick_all([(lease, states)], slot)


def tick_all(rounds: Sequence[Round], slot: int) -> None:
    """The round of several books, for the price of little more than one."""
    late = [(lease, states, min(lease.tail, slot + lease.period)) for lease, states in rounds if slot < lease.tail]
    ahead = [(lease, states, slot + lease.period) for lease, states in rounds if slot + lease.period > lease.tail]
    _advance([(lease, {}, slot) for lease, *_ in ahead if slot > lease.tail])
    _advance(ahead)
    for lease, states, end in late:
        _tell_late(lease, states, slot, end)


def _tell_late(lease: Lease, states: Mapping[int, State], slot: int, end: int) -> None:
    _hold(lease)
    for cell_id, state in sorted(states.items()):
        assign(lease.book, cell_id, slot, end, state, Source.FEED)


def _hold(lease: Lease) -> None:
    held = of_sampler(select(samplers.c.epoch, samplers.c.tail), lease.book).with_for_update()
    if db.session.execute(held).one() != (lease.epoch, lease.tail):
        raise Fenced


def _advance(rounds: Sequence[tuple[Lease, Mapping[int, State], int]]) -> None:
    """Each lease from its tail to an end, its cells in these states; of a cell left out nothing is said."""
    steps = [
        Step(lease.book, lease.epoch, lease.tail, end, list(_changes(lease, states, end)))
        for lease, states, end in rounds
    ]
    if steps and not advance(steps):
        raise Fenced
    for (lease, _, end), step in zip(rounds, steps, strict=True):
        lease.tail = end
        for cell_id, _, said, _ in step.changes:
            lease.keep(cell_id, said)


def _changes(lease: Lease, states: Mapping[int, State], end: int) -> Iterator[Change]:
    turning = _turning(lease, states)
    if not lease.heads.keys() >= set(turning):  # cells that were enrolled since the lease
        lease.learn()
        turning = _turning(lease, states)
    for cell_id in sorted(turning):
        state, before = states.get(cell_id), lease.heads[cell_id]
        said = UNSAID if state is None else _FED[state]
        at = max(lease.tail, lease.begins.get(cell_id, 0))
        if said != before and at < end:
            yield Change(cell_id, at, said, before.state)


def _turning(lease: Lease, states: Mapping[int, State]) -> list[int]:
    """Cells that may not go on as they were. Nearly all do: for those there is one comparison, and no look where they
    are told in the order in which they are remembered, as a round's mostly are."""
    known = lease.fed.values() if list(states) == list(lease.fed) else map(lease.fed.get, states)
    turning = list(compress(states, map(is_not, states.values(), known)))
    if len(states) < len(lease.heads):
        turning += lease.heads.keys() - states.keys()
    return turning


def expire(now_s: int, grace_s: int) -> int:
    """Samplers silent for longer than grace_s: their cells are unknown from the tail on. Returns how many there were.

    Else they would hold back the closing of hours, and what is stored and forwarded later.
    """
    silent = select(samplers.c.book_id, samplers.c.tail).where(samplers.c.expired.is_(False))
    found = db.session.execute(silent.where(samplers.c.tail < now_s - grace_s)).all()
    return sum(_expire(*row) for row in found)


def _expire(book: int, tail: int) -> bool:
    """False if it ticked after all."""
    with transaction():
        still = of_sampler(update(samplers), book).where(samplers.c.tail == tail, samplers.c.expired.is_(False))
        if not took(still.values(expired=True, epoch=samplers.c.epoch + 1)):
            return False
        open_hour_of(book, closing=True)
        known = [row for row in _heads(book) if (row.state, row.source) != UNSAID]
        append(book, [Change(row.cell_id, tail, UNSAID, row.state) for row in known])
    return True
