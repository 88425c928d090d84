"""Adding accounts up beforehand, the newest first: people ask for these. All of it may be dropped at any moment."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, cast

import numpy as np
from sqlalchemy import CursorResult, bindparam, delete, insert, update
from sqlalchemy.exc import IntegrityError

from webapp import ledger
from webapp.cells.account_blocks import (
    HOUR,
    Block,
    Stretch,
    above,
    merged,
    pack,
    touches,
    unpack,
    within,
    without,
)
from webapp.cells.account_models import account_books, blocks, stale
from webapp.cells.accounts import BLOCKS, Frontier, begin_of, frontier
from webapp.cells.directory import Directory, directory
from webapp.cells.facts import counted
from webapp.cells.overlay import COUNTED, EDITION
from webapp.extensions import db, transaction
from webapp.lib.clock import epoch

DAY = 24
#: Hours are left alone until they have been over for so long: what holds since a moment in them may still be on its way
#: to being kept.
MARGIN = 120


def derive_accounts(now: datetime, most: int = 30) -> int:
    """Add up what is over and not added up yet, at most so many days of a book; returns how many.

    Each day is a small transaction of its own, so that nobody waits long, and it may be stopped after any of them.
    """
    left = most
    for book, open_hour in ledger.open_hours().items():
        over = min(open_hour, (epoch(now) - MARGIN) // HOUR)
        while left and _step(book, over):
            left -= 1
    return most - left


def _step(book: int, over: int) -> bool:
    """The newest day of which something is to do. False where nothing is, or somebody else was at it."""
    seen, known = frontier(book), directory()  # in this order: what comes after the first has a row of its own
    if not len(known.of_book(book)):
        return False
    # Where only sums of states are left, what was added up stays: from them it could not be made again.
    todo = _todo(seen, max(begin_of(known, book), ledger.exact_from(book).own) // HOUR, over)
    day = _newest_day(todo)
    made = _hours(known, book, *day)
    db.session.rollback()  # nothing is held while nothing is written
    if todo or seen.stale:
        return _keep(book, seen, over, made, without(todo, day)) and bool(todo)
    return False


def _todo(seen: Frontier, begin: int, open_hour: int) -> list[Stretch]:
    """Hours, ascending: those not believed any more, and those over since."""
    hours = [(start // HOUR, -(-end // HOUR)) for start, end in seen.stale.values()]
    return within(merged([*hours, (seen.known_to, open_hour)]), begin, open_hour)


def _newest_day(todo: Sequence[Stretch]) -> Stretch:
    """As much of the last stretch as lies in one day (UTC)."""
    start, end = todo[-1] if todo else (0, 0)
    return max(start, (end - 1) // DAY * DAY), end


def _hours(known: Directory, book: int, first: int, last: int) -> dict[Block, bytes]:
    if first >= last:
        return {}
    ids = known.ids[known.of_book(book)]
    found = counted(known, book, [[hour * HOUR for hour in range(first, last + 1)]])
    return {Block(1, first + n): pack(ids, found[:, n], 1) for n in range(last - first)}


def _keep(book: int, seen: Frontier, over: int, made: dict[Block, bytes], left: Sequence[Stretch]) -> bool:
    """Instead of what was there. False where somebody else kept something meanwhile: it may be newer than this."""
    with transaction():
        if not _is_next(book, seen, max(over, seen.known_to)):
            return False
        if seen.edition != EDITION:  # of an earlier release, which counted other things
            db.session.execute(delete(blocks).where(blocks.c.book_id == book))
        _replace_stale(book, seen, left)
        _replace_blocks(book, made)
        for block in above(*_span(made)) if made else ():
            if not touches(left, block.hour, block.end):
                _add_up(book, block)
    return True


def _span(made: Iterable[Block]) -> Stretch:
    return min(block.hour for block in made), max(block.end for block in made)


def _is_next(book: int, seen: Frontier, known_to: int) -> bool:
    row = {"book_id": book, "round": seen.round + 1, "known_to": known_to, "edition": EDITION}
    if seen.round:
        mine = (account_books.c.book_id == book) & (account_books.c.round == seen.round)
        done = cast(CursorResult[Any], db.session.execute(update(account_books).where(mine).values(row)))
        return done.rowcount == 1
    try:
        with db.session.begin_nested():
            db.session.execute(insert(account_books), [row])
    except IntegrityError:
        return False
    return True


def _replace_stale(book: int, seen: Frontier, left: Sequence[Stretch]) -> None:
    """What is left to do instead of all that was seen; what came since stays as it is."""
    if seen.stale:
        db.session.execute(_SETTLE, [{"b": book, "n": id} for id in seen.stale])
    if left:
        rows = [{"book_id": book, "start": start * HOUR, "end": end * HOUR} for start, end in left]
        db.session.execute(insert(stale), rows)


def _replace_blocks(book: int, made: Mapping[Block, bytes]) -> None:
    gone = [*made, *(above(*_span(made)) if made else ())]
    if gone:
        db.session.execute(_DROP, [{"b": book, "l": block.hours, "h": block.hour} for block in gone])
        _insert(book, made)


def _insert(book: int, made: Mapping[Block, bytes]) -> None:
    rows = [{"book_id": book, "hours": b.hours, "hour": b.hour, "data": data} for b, data in made.items()]
    db.session.execute(insert(blocks), rows)


def _add_up(book: int, block: Block) -> None:
    """Of its parts, once all of them are there."""
    parts = {"book": book, "hours": block.parts[0].hours, "of": [part.hour for part in block.parts]}
    found = [unpack(data, block.parts[0].hours) for _, data in db.session.execute(BLOCKS, parts)]
    if len(found) < len(block.parts):
        return
    ids = max((of for of, _, _ in found), key=len)
    total = np.zeros((len(COUNTED), len(ids)), np.int64)
    for of, some, seconds in found:
        total[np.ix_(some, np.searchsorted(ids, of))] += seconds
    _insert(book, {block: pack(ids, total, block.hours)})


_SETTLE = delete(stale).where(stale.c.book_id == bindparam("b"), stale.c.id == bindparam("n"))
_DROP = delete(blocks).where(
    blocks.c.book_id == bindparam("b"), blocks.c.hours == bindparam("l"), blocks.c.hour == bindparam("h")
)
