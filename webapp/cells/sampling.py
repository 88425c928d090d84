"""One round: ask every cell, then assert in the ledger what was said for the slot."""

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime
from weakref import WeakKeyDictionary

from sqlalchemy import Engine

from webapp import ledger
from webapp.cells.addresses import Networks
from webapp.cells.drivers import Seen, Silent
from webapp.cells.holding import Piece, assert_pieces, pieces_in, settle_owed, state_named
from webapp.cells.noting import note
from webapp.cells.places import in_service_at
from webapp.cells.restating import told_late
from webapp.cells.watching import Watched, ask_all, watched
from webapp.extensions import db, touch, transaction
from webapp.lib.clock import moment

log = logging.getLogger(__name__)

LONGEST_PATIENCE = 3.0
Answers = Mapping[int, Seen | Silent]
#: The right to tick a book, kept as long as the process: taking it anew each time would cost a transaction a slot.
leases: WeakKeyDictionary[Engine, dict[tuple[int, int], ledger.Lease]] = WeakKeyDictionary()


def take_samples(slot: int, period: int, networks: Networks, now: datetime | None = None) -> int:
    """Ask every cell in service and assert its answer for slot <= t < slot + period; returns how many answered.

    slot: the second this round stands for (epoch); history is stamped with it. A slot ahead of `now`, one long past,
    or one not after the last is refused: a clock that was moved must not rewrite what was seen.
    """
    if now is not None and not slot <= now.timestamp() < slot + 2 * period:
        log.warning("the slot %s was not sampled: the clock says %s", moment(slot), now)
        return 0
    cells = _not_sampled_yet([watched(cell) for cell in in_service_at(moment(slot))], slot)
    db.session.rollback()  # no connection is held while the network is
    if not cells:
        return 0
    answers = ask_all(cells, networks, _patience(period, now.timestamp() - slot if now else 0.0))
    _keep(cells, answers, slot, period)
    return sum(isinstance(answer, Seen) for answer in answers.values())


def _patience(period: int, late: float) -> float:
    """Seconds for the whole round, so that it ends within its own slot; a round begun late still asks."""
    return max(min(0.8 * period, LONGEST_PATIENCE) - late, 0.3 * period)


def _not_sampled_yet(cells: Sequence[Watched], slot: int) -> list[Watched]:
    """Those whose book was not ticked for this slot or a later one."""
    done = {book for book in {cell.book_id for cell in cells} if (ledger.newest(book) or slot) > slot}
    if done:
        log.warning("the slot %s is not after the last one in the books %s", moment(slot), sorted(done))
    return [cell for cell in cells if cell.book_id not in done]


def _keep(cells: Sequence[Watched], answers: Answers, slot: int, period: int) -> None:
    """One transaction; where somebody else took a lease, it is taken back once, for what is still to be ticked."""
    try:
        _keep_once(cells, answers, slot, period)
    except ledger.Fenced:
        leases.pop(db.engine, None)
        _keep_once(_not_sampled_yet(cells, slot), answers, slot, period)


def _keep_once(cells: Sequence[Watched], answers: Answers, slot: int, period: int) -> None:
    books: dict[int, list[Watched]] = {}
    for cell in cells:
        books.setdefault(cell.book_id, []).append(cell)
    before = {book: ledger.newest(book) for book in books}  # taking a lease moves the tail of one that expired
    held = {book: _lease(book, period, slot) for book in books}
    with transaction():
        silent = [cell for cell in cells if not isinstance(answers.get(cell.cell_id), Seen)]
        pieces = pieces_in(silent, slot, slot + period)
        asserted = {book: lease.tail for book, lease in held.items()}
        rounds = [(held[book], _states(of, answers, pieces, slot, slot + period)) for book, of in books.items()]
        ledger.tick_all(rounds, slot)
        for book, members in books.items():
            if slot < asserted[book]:
                told_late(book, None, slot, min(asserted[book], slot + period))
            _catch_up(members, before[book], slot)
        for cell in silent:
            if not _throughout(pieces.get(cell.cell_id, []), slot, slot + period):
                assert_pieces(cell, pieces.get(cell.cell_id, []))
        note(cells, answers, pieces, slot, period)
        touch("tick")


def _lease(book: int, period: int, slot: int) -> ledger.Lease:
    kept = leases.setdefault(db.engine, {})
    if (book, period) not in kept:
        kept[book, period] = ledger.lease(book, period, slot)
    return kept[book, period]


def _states(
    cells: Sequence[Watched], answers: Answers, pieces: Mapping[int, Sequence[Piece]], slot: int, end: int
) -> dict[int, ledger.State]:
    """The cells that were in one state all through the slot; of a pushing one it may hold several, or less."""
    states = {}
    for cell in cells:
        answer = answers.get(cell.cell_id)
        if isinstance(answer, Seen):
            states[cell.cell_id] = state_named(answer.state)
        elif word := _throughout(pieces.get(cell.cell_id, []), slot, end):
            states[cell.cell_id] = state_named(word)
    return states


def _throughout(pieces: Sequence[Piece], start: int, end: int) -> str | None:
    """The state that held all the time, if one did."""
    return pieces[0][0] if pieces and pieces[0][1:] == (start, end) else None


def _catch_up(cells: Sequence[Watched], before: int | None, slot: int) -> None:
    """Slots nobody sampled are unknown, except where a reading that was pushed still held."""
    if before is not None and before < slot:
        missed = pieces_in(cells, before, slot)
        for cell in cells:
            assert_pieces(cell, missed.get(cell.cell_id, []))
    settle_owed({cell.cell_id: cell for cell in cells}, slot)
