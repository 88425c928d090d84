"""What is too old to be kept row by row: its blocks become the truth. Years later only whole days of it are known.

cell_day stays for ever, so windows from midnight to midnight (UTC) stay exact for ever.
"""

from collections.abc import Callable, Sequence
from time import monotonic, sleep

from sqlalchemy import delete, exists, func, insert, select, update

from webapp.extensions import db, transaction
from webapp.ledger.blocks import unpack_hour
from webapp.ledger.books import open_hour_of, open_hours
from webapp.ledger.edges import corrected_in
from webapp.ledger.models import changes, corrected, day_blocks, hour_blocks, hours, progress
from webapp.ledger.months import drop_months
from webapp.ledger.pacing import Pace
from webapp.ledger.states import DAY, KNOWN
from webapp.ledger.thawing import thaw

#: No writer waits longer than this for a step, and no call takes longer than that: the rest is for the next one.
WITHIN_MS, LONGEST_S = 200, 120.0
HOURS = 24


def forget(
    now_s: int,
    rows_days: int,
    blocks_days: int,
    within_ms: int = WITHIN_MS,
    longest_s: float = LONGEST_S,
    pause: Callable[[float], None] = sleep,
) -> int:
    """Freeze what is older than rows_days and sealed; drop the blocks of what is older than blocks_days.

    Both counted in whole days, UTC. Returns how many hours lost their rows or their blocks.
    """
    frozen_to, kept_from = ((now_s // DAY - days) * HOURS for days in (rows_days, max(rows_days, blocks_days)))
    drop_months(frozen_to)
    pace = Pace.of(within_ms, longest_s, pause)
    done = sum(_freeze_all(book, frozen_to, pace) for book in open_hours())
    return done + sum(_drop_all(book, kept_from, pace) for book in open_hours())


def _freeze_all(book: int, before: int, pace: Pace) -> int:
    done = 0
    while not pace.over and (ripe := _ripe(book, 0, before, pace.size)):
        lacking = _lacking(book, ripe)
        for day in lacking:
            _have_sealed_again(book, day)
        frozen, spent = _freeze(book, [hour for hour in ripe if hour // HOURS not in lacking])
        done += frozen
        pace.took(spent)
    return done


def _ripe(book: int, first: int, before: int, most: int) -> list[int]:
    """Hours that have a block that holds, in a day that has its own, oldest first."""
    hour, day = hour_blocks.c.hour, hour_blocks.c.hour // HOURS
    of_day = (day_blocks.c.book_id == book) & (day_blocks.c.day == day) & (day_blocks.c.hours == HOURS)
    sealed = select(func.count()).where(of_day).scalar_subquery() == len(KNOWN)
    query = select(hour).where(hour_blocks.c.book_id == book, hour_blocks.c.frozen.is_(False), hour >= first)
    query = query.where(hour < before, sealed, ~corrected_in(book, day * HOURS, day * HOURS + HOURS - 1))
    return list(db.session.scalars(query.order_by(hour).limit(most)))


def _lacking(book: int, ripe: Sequence[int]) -> list[int]:
    """Days of which a block does not have all cells: one was enrolled with a past since it was packed."""
    return sorted({hour // HOURS for hour in ripe if not _says_all(book, hour)})


def _says_all(book: int, hour: int) -> bool:
    cells = select(func.count()).where(hours.c.hour == hour, hours.c.book_id == book)
    packed = select(hour_blocks.c.data).where(hour_blocks.c.book_id == book, hour_blocks.c.hour == hour)
    data = db.session.scalar(packed.execution_options(in_binary=True))
    return data is not None and len(unpack_hour(data).ids) == db.session.scalar(cells)


def _have_sealed_again(book: int, day: int) -> None:
    """A day of which something counts as corrected has no frozen hour: its sums come from rows until it is sealed."""
    thaw(book, day * DAY, day * DAY + 1)
    with transaction():
        told = {"book_id": book, "first_hour": day * HOURS, "last_hour": day * HOURS + HOURS - 1}
        db.session.execute(insert(corrected).values(told))


def _freeze(book: int, ripe: Sequence[int]) -> tuple[int, float]:
    """(how many hours, for how many seconds it held others up)"""
    if not ripe:
        return 0, 0.0
    with transaction():
        open_hour_of(book, closing=True)  # from here on nobody assigns
        began = monotonic()
        still = [hour for hour in _ripe(book, ripe[0], ripe[-1] + 1, len(ripe)) if _says_all(book, hour)]
        own = (hour_blocks.c.book_id == book) & hour_blocks.c.hour.in_(still)
        db.session.execute(update(hour_blocks).where(own).values(frozen=True))
        _delete_rows(book, still)
    return len(still), monotonic() - began


def _delete_rows(book: int, of: Sequence[int]) -> None:
    for table in (changes, hours):
        db.session.execute(delete(table).where(table.c.hour.in_(of), table.c.book_id == book))


def _drop_all(book: int, kept_from: int, pace: Pace) -> int:
    """As far as every hour with a block is frozen."""
    done = 0
    while not pace.over and (oldest := _oldest(book, kept_from)) is not None:
        until = min(kept_from, oldest // HOURS * HOURS + (pace.size + HOURS - 1) // HOURS * HOURS)
        dropped, spent = _drop(book, until)
        if not dropped:
            break
        done += dropped
        pace.took(spent)
    return done


def _oldest(book: int, before: int) -> int | None:
    hour = hour_blocks.c.hour
    oldest: int | None = db.session.scalar(select(func.min(hour)).where(hour_blocks.c.book_id == book, hour < before))
    return oldest


def _drop(book: int, until: int) -> tuple[int, float]:
    """Of the time before that hour, a midnight, only whole days are known from now on. (blocks dropped, seconds)"""
    with transaction():
        open_hour_of(book, closing=True)
        began = monotonic()
        old = (hour_blocks.c.book_id == book) & (hour_blocks.c.hour < until)
        if db.session.scalar(select(exists().where(old, hour_blocks.c.frozen.is_(False)))):
            return 0, 0.0
        gone = db.session.scalars(delete(hour_blocks).where(old).returning(hour_blocks.c.hour)).all()
        days = (day_blocks.c.book_id == book) & (day_blocks.c.day < until // HOURS)
        db.session.execute(delete(day_blocks).where(days))
        _delete_rows(book, gone)  # of cells that were enrolled with such a past since
        mine = progress.c.book_id == book
        db.session.execute(update(progress).where(mine, progress.c.kept_from_hour < until).values(kept_from_hour=until))
    return len(gone), monotonic() - began
