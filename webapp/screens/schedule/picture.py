"""The schedule as it is painted, polled and pushed: the same for all who look at those hours."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from webapp import cells, journal, orders, projects
from webapp.cells import Marks, Standing
from webapp.lib.clock import epoch
from webapp.lib.regions import Picture
from webapp.lib.settings import settings
from webapp.orders import Planned
from webapp.screens.schedule.layout import Bar, Block, Draft, Lane, Place, held, joined, lanes, stops, windows
from webapp.screens.schedule.scale import Scale, idle_path, line_path, ticks
from webapp.screens.schedule.spans import Shown, shown
from webapp.screens.schedule.wrong import broken
from webapp.screens.times import site_zone

#: Of those that wait for a place, as many as are told at once.
MOST_OPEN = 30


@dataclass(frozen=True)
class Paths:
    """What many lanes share: the lines, and each calendar's time off."""

    lines: str
    idle: tuple[str, ...]


def view(subject: str, now: datetime) -> Picture:
    """What the picture and the table are painted from."""
    span = shown(subject, now, site_zone())
    standings = cells.standings(now, settings().sample_every)
    as_of, now = cells.as_of(now), now.replace(second=0, microsecond=0)  # the browser moves the seconds
    ops = orders.plan(span.start, span.end)
    draft = Draft(span, now, broken(span, now))
    places = _places(standings, ops)
    drawn, paths = _idle(draft, lanes(draft, places, ops, _blocks(draft, places)))
    marks = list(ticks(span))
    return {
        "span": span,
        "lanes": drawn,
        "ticks": marks,
        "paths": Paths(line_path(marks), paths),
        "wrong": [bar for lane in drawn for bar in lane.bars if bar.broken],
        "count": {"ops": len(ops), "orders": len({op.order_id for op in ops})},
        "now_at": Scale.of(span).at(now) if span.start <= now < span.end else None,
        "past": Scale.of(span).at(now),
        "version": _version(span, drawn, paths),
        "as_of": as_of,
        "period": settings().sample_every,
        "now": now,
    }


def waiting(_: str, now: datetime) -> Picture:
    """What the list of operations without a place is painted from."""
    found = orders.unplaced(MOST_OPEN + 1)
    names = {cell.id: cell.name for cell in cells.all_cells(retired=True)}
    named = [(op, names.get(op.cell_id or 0)) for op in found]
    return {
        "open": found[:MOST_OPEN],
        "more_open": len(found) > MOST_OPEN,
        "names": names,
        "version": journal.digest(repr(named).encode())[:16],
        "as_of": cells.as_of(now),
    }


def _places(standings: dict[int, Standing], ops: Sequence[Planned]) -> list[Place]:
    """By name; retired machines too, where something was done on them."""
    found: list[Place] = [(standing.cell, standing) for standing in standings.values()]
    if {op.cell_id for op in ops} - set(standings):
        found += [(cell, None) for cell in cells.all_cells(retired=True) if cell.id not in standings]
    return sorted(found, key=lambda place: place[0].name)


def _blocks(draft: Draft, places: Sequence[Place]) -> dict[int, list[Block]]:
    kept = windows(draft, cells.bookings(draft.span.start, draft.span.end, kind="maintenance"))
    return joined(kept, stops(draft, places), held(draft, projects.holders()))


def _idle(draft: Draft, drawn: list[Lane]) -> tuple[list[Lane], tuple[str, ...]]:
    """Each lane with the number of its time off; those that share a calendar share the path."""
    every = cells.calendar_marks([lane.cell.id for lane in drawn], epoch(draft.span.start), epoch(draft.span.end))
    known: dict[int, Marks] = {id(marks): marks for marks in every.values() if marks is not None}
    paths = {key: idle_path(marks, draft.scale) for key, marks in known.items()}
    numbers = {path: n for n, path in enumerate(dict.fromkeys(path for path in paths.values() if path))}
    for lane in drawn:
        lane.idle = numbers.get(paths.get(id(every.get(lane.cell.id)), ""))
    return drawn, tuple(numbers)


def _version(span: Shown, drawn: Iterable[Lane], paths: tuple[str, ...]) -> str:
    """Of all that is painted but what the clock alone moves on: the browser moves that itself."""
    told = [(lane.cell.id, lane.cell.name, lane.cell.kind, lane.state, lane.idle, _told(lane)) for lane in drawn]
    return journal.digest(repr((span.subject, span.start, told, paths)).encode())[:16]


def _told(lane: Lane) -> list[object]:
    return [*map(_bar, lane.bars), *((block.kind, block.start, block.label, block.what) for block in lane.blocks)]


def _bar(bar: Bar) -> tuple[object, ...]:
    end = bar.end if bar.op.started_at is None else bar.op.ended_at
    return (bar.op, bar.kind, bar.start, end, bar.broken, bar.clash)
