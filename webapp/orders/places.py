"""What lies around operations: their neighbours in the order, and what others hold of the machine."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from webapp import cells
from webapp.cells import Booking
from webapp.extensions import db
from webapp.lib.clock import whole
from webapp.orders.models import Operation
from webapp.orders.rules import Around, Span, Step, Taken

FOR_EVER = datetime(9999, 12, 31, tzinfo=UTC)
OPERATION = "operation:"


@dataclass(frozen=True)
class Place:
    """Time on a machine."""

    cell_id: int
    span: Span


def place_of(operation: Operation) -> Place | None:
    """Where it is planned; None: nowhere yet."""
    if operation.cell_id is None or operation.starts is None or operation.ends is None:
        return None
    return Place(operation.cell_id, Span(operation.starts, operation.ends))


def around(operation: Operation, cell_id: int | None, now: datetime) -> Around:
    """What the rules see of the world for this operation on that machine. None: on none, so that no lane binds it."""
    now = whole(now)
    lanes = lanes_of([cell_id] if cell_id else [], now)
    lane = [taken for taken in lanes.get(cell_id or 0, ()) if taken.what != operation.what]
    return surrounded(operation, lane, {}, now)


def arounds(places: Mapping[Operation, Place], now: datetime) -> list[Around]:
    """The same for several, each as it will be when all of them lie where they are to. now: as the rules take it."""
    since = min([now, *(place.span.start for place in places.values())])
    lanes = lanes_of({place.cell_id for place in places.values()}, since)
    moving, becomes = {operation.what for operation in places}, {op.id: place.span for op, place in places.items()}
    for cell_id, lane in lanes.items():
        arriving = [_taken_by(op, place.span) for op, place in places.items() if place.cell_id == cell_id]
        stays = [taken for taken in lane if taken.what not in moving]
        lanes[cell_id] = sorted([*stays, *arriving], key=_by_time)
    return [
        surrounded(op, [taken for taken in lanes[place.cell_id] if taken.what != op.what], becomes, now)
        for op, place in places.items()
    ]


def surrounded(operation: Operation, lane: Iterable[Taken], becomes: Mapping[int, Span], now: datetime) -> Around:
    """becomes: operation id -> where it will lie, for those of the order that move as well."""
    before: list[Step] = []
    after: list[Step] = []
    for other in operation.order.operations:
        span = becomes.get(other.id) or other.reach(now)
        if span and other is not operation:
            step = Step(other.ref, other.idx, other.name, span.start, span.end)
            (before if other.idx < operation.idx else after).append(step)
    previous = max(before, key=lambda step: (step.end, step.idx), default=None)
    following = min(after, key=lambda step: (step.start, step.idx), default=None)
    return Around(now, previous, following, tuple(lane))


def lanes_of(cell_ids: Collection[int], since: datetime) -> dict[int, list[Taken]]:
    """What is booked on each of these machines beyond that moment, by start."""
    lanes: dict[int, list[Taken]] = {cell_id: [] for cell_id in cell_ids}
    if not lanes:
        return lanes
    found = cells.bookings(since - timedelta(seconds=1), FOR_EVER, list(lanes))
    refs = _refs(found)
    for row in found:
        lanes[row.cell_id].append(Taken(row.starts, row.ends, row.kind, row.what, row.label, refs.get(row.what, "")))
    return {cell_id: sorted(lane, key=_by_time) for cell_id, lane in lanes.items()}


def _by_time(taken: Taken) -> tuple[datetime, datetime, str]:
    """Two that begin at one moment come in the same order whoever asks: a rule speaks of the first that is met."""
    return taken.start, taken.end, taken.what


def _refs(found: Sequence[Booking]) -> dict[str, str]:
    """what -> the operation's own name."""
    ids = [int(row.what.removeprefix(OPERATION)) for row in found if row.what.startswith(OPERATION)]
    refs: dict[str, str] = {}
    for low in range(0, len(ids), 5000):
        named = select(Operation.id, Operation.ref).where(Operation.id.in_(ids[low : low + 5000]))
        refs |= {f"{OPERATION}{id}": ref for id, ref in db.session.execute(named)}
    return refs


def _taken_by(operation: Operation, span: Span) -> Taken:
    return Taken(span.start, span.end, "operation", operation.what, operation.label, operation.ref)
