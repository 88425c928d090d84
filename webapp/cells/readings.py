"""Readings that machines push: late, repeated and shuffled ones are welcome."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, insert, select

from webapp import ledger
from webapp.cells.claiming import claim_on
from webapp.cells.drivers.answers import plain
from webapp.cells.drivers.base import STATE_WORDS
from webapp.cells.drivers.push import HEARTBEATS, held
from webapp.cells.holding import assert_pieces
from webapp.cells.items import Around, ReadingItem, read_item, refusal_of
from webapp.cells.lost_time.explaining import known_exactly_from
from webapp.cells.models import Cell, Feed, Reading, Remark, Sighting
from webapp.cells.places import one
from webapp.cells.restatements import over_until, record_late
from webapp.cells.watching import watched
from webapp.extensions import db, transaction
from webapp.lib.clock import epoch, moment
from webapp.lib.refusal import Conflict, Invalid, Refusal, WrongState

MOST = 5000
HOUR = 3600


@dataclass(frozen=True)
class Refused:
    """index: its place in the batch; no: what a door says, alone or in a list."""

    index: int
    no: Refusal

    @property
    def code(self) -> str:
        return self.no.code

    @property
    def message(self) -> str:
        """In one sentence, the fields included."""
        fields = self.no.details.get("fields")
        if not isinstance(fields, dict):
            return self.no.message
        return "; ".join(f"{name} {says[0]}" for name, says in fields.items())


@dataclass
class Kept:
    kept: int = 0
    repeated: int = 0
    refused: list[Refused] = field(default_factory=list)


def keep_readings(
    cell_id: int, readings: Sequence[object], now: datetime, keep: timedelta = timedelta(days=90)
) -> Kept:
    """Keep what a cell pushed and put it where it belongs in its history; a bad item is refused, not its batch.

    readings: ReadingItems, or objects as JSON gives them; at most MOST. keep: how far back history can be told.
    """
    if not 1 <= len(readings) <= MOST:
        raise Invalid(readings=f"must be 1 to {MOST} at a time")
    with transaction():
        cell, feed = one(cell_id), _pushing_feed(cell_id)
        around = Around(cell, claim_on(cell_id), now, keep, known_exactly_from(cell))
        answer, good = _sorted_out(readings, around)
        hold = timedelta(seconds=HEARTBEATS * feed.heartbeat)
        known = _known(cell_id, good, hold)
        fresh = _not_repeated(good, known, answer)
        if fresh:
            _store(cell, fresh, known, hold, now)
            _hear(cell, fresh, hold, now)
    answer.refused.sort(key=lambda refused: refused.index)
    return answer


def _pushing_feed(cell_id: int) -> Feed:
    """Locked: of two batches of one cell the second must see the first."""
    query = select(Feed).where(Feed.cell_id == cell_id, Feed.kind == "push").order_by(Feed.rank).limit(1)
    feed = db.session.scalar(query.with_for_update(of=Feed))
    if feed is None:
        raise WrongState("This cell has no feed that it pushes to; an administrator can give it one")
    return feed


def _sorted_out(readings: Sequence[object], around: Around) -> tuple[Kept, list[tuple[int, datetime, ReadingItem]]]:
    """(what is refused, the rest as (index, at, item))."""
    answer, good = Kept(), []
    for index, raw in enumerate(readings):
        try:
            item = read_item(raw)
        except Invalid as unreadable:
            answer.refused.append(Refused(index, unreadable))
            continue
        at = item.at or around.now
        if no := refusal_of(item, at, around):
            answer.refused.append(Refused(index, no))
        else:
            good.append((index, at, item))
    return answer, good


def _known(cell_id: int, good: Sequence[tuple[int, datetime, ReadingItem]], hold: timedelta) -> dict[datetime, str]:
    """What was reported before, as far as the new ones can touch it: {at: state}."""
    if not good:
        return {}
    first, last = min(at for _, at, _ in good), max(at for _, at, _ in good)
    query = select(Reading.at, Reading.state).where(Reading.cell_id == cell_id, Reading.at >= first)
    return {row.at: row.state for row in db.session.execute(query.where(Reading.at <= last + hold))}


def _not_repeated(
    good: Sequence[tuple[int, datetime, ReadingItem]], known: Mapping[datetime, str], answer: Kept
) -> dict[datetime, ReadingItem]:
    """The new ones, oldest first; a moment has one state, whoever says it twice."""
    fresh: dict[datetime, ReadingItem] = {}
    for index, at, item in good:
        given = fresh[at].state if at in fresh else known.get(at)
        if given is None:
            fresh[at] = item
            answer.kept += 1
        elif STATE_WORDS[given] == STATE_WORDS[item.state]:
            answer.repeated += 1
        else:
            answer.refused.append(Refused(index, Conflict(f"This moment was reported before, as {given}")))
    return dict(sorted(fresh.items()))


def _store(
    cell: Cell, fresh: Mapping[datetime, ReadingItem], known: Mapping[datetime, str], hold: timedelta, now: datetime
) -> None:
    """Keep the rows, and assert them up to now; what lies beyond the sampled time is owed to the next tick."""
    until = epoch(now)
    sampled = min(ledger.newest(cell.book_id) or until, until)
    marks = [(epoch(at), STATE_WORDS[fresh[at].state] if at in fresh else None) for at in sorted({*known, *fresh})]
    heartbeat = int(hold.total_seconds()) // HEARTBEATS
    pieces = held([mark for mark in marks if mark[0] < until], heartbeat, marks[0][0], until)
    _tell_of_what_was_over(cell, assert_pieces(watched(cell), pieces), now)
    rows = [
        {
            "cell_id": cell.id,
            "at": at,
            "state": STATE_WORDS[item.state],
            "detail": plain(item.detail),
            "received_at": now,
            "owed": epoch(at + hold) > sampled,
        }
        for at, item in fresh.items()
    ]
    db.session.execute(insert(Reading), rows)


def _tell_of_what_was_over(cell: Cell, was: Sequence[ledger.Span], now: datetime) -> None:
    """Figures of a shift or a day that was over were read by somebody; these are not the ones any more.

    was: what reads differently now. Nobody read any figure of time that nothing had looked at when it was told, nor
    of what a cell brings with it when it is added.
    """
    if not was or _brought_along(cell, moment(was[0].start), now):
        return
    start, end = was[0].start, min(was[-1].end, _seen_until(cell))
    if start < end and start < (over := epoch(over_until(cell, now))):
        record_late(cell.id, moment(start), moment(min(end, over)), cell.name, now)


def _seen_until(cell: Cell) -> int:
    """Closed, or asked by a sampler: after a stop it asks of now, and hours that nothing watched are open behind it."""
    closed, asked = ledger.open_hours().get(cell.book_id, 0), ledger.newest(cell.book_id) or 0
    return max(closed * HOUR, asked if asked // HOUR <= closed + 1 else 0)


def _brought_along(cell: Cell, since: datetime, now: datetime) -> bool:
    """It tells of the time before it was added, on the day it was: of that time it had no figures yet."""
    return since < cell.created_at and now - cell.created_at < timedelta(days=1)


def _hear(cell: Cell, fresh: Mapping[datetime, ReadingItem], hold: timedelta, now: datetime) -> None:
    """Boards show the newest; what it says of a job is for the projects to heed."""
    sighting = db.session.get_one(Sighting, cell.id)
    job = _job(sighting.job, fresh.values())
    at, item = list(fresh.items())[-1]
    asked_first = any(feed.kind == "http" for feed in cell.feeds) and sighting.silent_since is None
    if asked_first or at + hold <= now or at < _newest(cell.id):
        sighting.name_job(job)
    else:
        sighting.hear(STATE_WORDS[item.state], plain(item.detail), job, at, timedelta(0))


def _job(before: dict[str, Any] | None, items: Iterable[ReadingItem]) -> dict[str, Any] | None:
    """An outcome stays until a newer job is named: a plain reading after it must not wipe it out."""
    for item in items:
        said = item.job
        if said and not (before and before["fence"] == said["fence"] and before["outcome"]):
            before = said
    return before


def _newest(cell_id: int) -> datetime:
    return db.session.scalars(select(func.max(Reading.at)).where(Reading.cell_id == cell_id)).one()


def forget_readings(now: datetime, keep: timedelta) -> None:
    """Drop what is older than the history it explains; the history itself stays."""
    with transaction():
        for kind in (Reading, Remark):
            db.session.execute(delete(kind).where(kind.at < now - keep))
