"""Where every cell stands now, and the floor as a board paints it."""

import hashlib
from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from webapp import ledger
from webapp.cells.claiming import open_claims
from webapp.cells.models import Cell, Claim, Sighting
from webapp.cells.places import all_cells
from webapp.extensions import db
from webapp.lib.clock import moment

PERIODS_KEPT = 3


@dataclass(frozen=True)
class Standing:
    """What is known of a cell at this moment.

    state: the last one it gave, for three periods after it fell silent; then unknown. seen: up to when it is known to
    have answered; None: never. fault: why its last answer could not be used. silent: it gave none when asked last.
    """

    cell: Cell
    state: str
    since: datetime
    detail: str
    job: dict[str, Any] | None
    seen: datetime | None
    claim: Claim | None
    fault: str = ""
    silent: bool = False

    @property
    def heard_last(self) -> datetime | None:
        """Since when nothing is heard of it, while the state it gave last still stands; else None."""
        return self.seen if self.silent and self.state != "unknown" else None

    @property
    def shown(self) -> str:
        """The state's word on a board: held is idle with work in the machine."""
        return "held" if self.state == "idle" and self.claim else self.state


@dataclass(frozen=True)
class Tile:
    cell: Cell
    standing: Standing

    @property
    def what(self) -> str | None:
        """Who holds it: "project:7"."""
        return self.standing.claim.what if self.standing.claim else None


@dataclass(frozen=True)
class Floor:
    """version: of all that is painted except as_of; as_of: up to when every cell was asked; period: seconds."""

    version: str
    as_of: datetime
    period: int
    tiles: list[Tile]

    @property
    def tally(self) -> Counter[str]:
        """How many cells show each state."""
        return Counter(tile.standing.shown for tile in self.tiles)


def standings(now: datetime, period: int) -> dict[int, Standing]:
    """Every cell that is not retired, by id."""
    cells, claims = all_cells(), open_claims()
    sightings = {row.cell_id: row for row in db.session.scalars(select(Sighting))}
    tails = _tails(cells, now)
    kept = timedelta(seconds=PERIODS_KEPT * period)
    found = (_standing(c, sightings[c.id], claims.get(c.id), tails[c.book_id], now, kept) for c in cells)
    return {standing.cell.id: _tended(standing) for standing in found}


def _tended(standing: Standing) -> Standing:
    """A person at work on it knows better than its feed, which may be switched off."""
    since = standing.cell.tended_since
    if since is None or standing.state == "maintenance":
        return standing
    return replace(standing, state="maintenance", since=since, detail="", fault="", silent=False)


def _tails(cells: list[Cell], now: datetime) -> dict[int, datetime | None]:
    """Up to when each book's cells were asked; a clock that was moved cannot put that ahead of now."""
    tails = {book: ledger.newest(book) for book in {cell.book_id for cell in cells}}
    return {book: None if tail is None else min(moment(tail), now) for book, tail in tails.items()}


def _standing(
    cell: Cell, sighting: Sighting, claim: Claim | None, tail: datetime | None, now: datetime, kept: timedelta
) -> Standing:
    seen = None if sighting.never else sighting.silent_since or tail
    if seen is None or now - seen > kept:
        return Standing(cell, "unknown", seen or cell.in_service_from, "", sighting.job, seen, claim, sighting.fault)
    said = (sighting.state, sighting.since, sighting.detail, sighting.job)
    return Standing(cell, *said, seen, claim, sighting.fault, silent=sighting.silent_since is not None)


def floor(now: datetime, period: int) -> Floor:
    """Every cell's tile, by name."""
    tiles = [Tile(standing.cell, standing) for standing in standings(now, period).values()]
    return Floor(_version(tiles), as_of(now), period, tiles)


def as_of(now: datetime) -> datetime:
    """Up to when every cell was asked: the oldest of the books' ends. Before the first round, since when one is due."""
    cells = all_cells()
    if not cells:
        return now
    begun = min(cell.in_service_from for cell in cells)
    return min(tail or min(begun, now) for tail in _tails(cells, now).values())


def _version(tiles: list[Tile]) -> str:
    painted = [_painted(tile) for tile in tiles]
    return hashlib.sha256(repr(painted).encode()).hexdigest()[:16]


def _painted(tile: Tile) -> tuple[object, ...]:
    cell, standing = tile.cell, tile.standing
    place = (cell.id, cell.name, cell.kind, cell.location, cell.mode, cell.mode_why)
    silent = standing.heard_last or (standing.state == "unknown" and standing.seen)
    return (*place, standing.state, standing.since, standing.detail, standing.fault, standing.job, tile.what, silent)
