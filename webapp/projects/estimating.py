"""When what runs will end and what waits will start: from what cells said, what people expect and what was learned.

Pure: values and a clock in, values out.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from webapp.projects.rules import Ask, Scene

#: From here on a run's own progress tells more than other runs do.
TELLING = 0.1
#: How far a run may be off that somebody's word or its own progress speaks for.
SPREAD = 0.25


@dataclass(frozen=True)
class Prediction:
    """To the minute. known False: nothing to learn from, or no cell it could get; then all times are None.

    end lies between low_end and high_end in four of five cases, as earlier runs went.
    """

    start: datetime | None = None
    end: datetime | None = None
    low_end: datetime | None = None
    high_end: datetime | None = None
    known: bool = False


UNKNOWN = Prediction()


@dataclass(frozen=True)
class Length:
    """How long a run takes, in seconds: the tenth percentile, the median, the ninetieth."""

    low: float
    mid: float
    high: float


@dataclass(frozen=True)
class Run:
    """A project that has its cell; started_at: None while it is being handed over."""

    project_id: int
    cell_id: int
    started_at: datetime | None
    expected_minutes: int | None
    progress: float | None = None
    progress_at: datetime | None = None


@dataclass(frozen=True)
class Wish:
    """A waiting project: what it asks, and how long its owner says it takes."""

    project_id: int
    ask: Ask
    expected_minutes: int | None = None


@dataclass(frozen=True)
class Free:
    """From when on a cell is free: at the earliest, probably, at the latest."""

    low: datetime
    mid: datetime
    high: datetime


@dataclass(frozen=True)
class Paces:
    """What was learned, by cell. A cell nothing was learned of is taken for an average one."""

    by_cell: Mapping[int, Length]

    def length(self, cell_id: int, expected_minutes: int | None) -> Length | None:
        """Its owner's word, with the spread of earlier runs there; else the cell's pace; else that of all cells."""
        learned = self.by_cell.get(cell_id) or self._average()
        if expected_minutes is None:
            return learned
        mid = 60.0 * expected_minutes
        if learned is None or not learned.mid:
            return Length(mid * (1 - SPREAD), mid, mid * (1 + SPREAD))
        return Length(mid * learned.low / learned.mid, mid, mid * learned.high / learned.mid)

    def _average(self) -> Length | None:
        known = self.by_cell.values()
        if not known:
            return None
        return Length(median(p.low for p in known), median(p.mid for p in known), median(p.high for p in known))


def predict(
    runs: Iterable[Run], wishes: Sequence[Wish], scene: Scene, paces: Paces, now: datetime
) -> dict[int, Prediction]:
    """project id -> Prediction. wishes: in the order of the queue; each takes the fit cell that is free first."""
    found: dict[int, Prediction] = {}
    free = {cell_id: Free(at, at, at) for cell_id, at in _free_from(scene, now).items()}
    for run in runs:
        ends = ends_of(run, paces, now)
        found[run.project_id] = _prediction(run.started_at or now, ends) if ends else UNKNOWN
        if ends and _takes_work(scene, run.cell_id):
            free[run.cell_id] = ends
    for wish in wishes:
        found[wish.project_id] = _queue(wish, free, scene, paces)
    return found


def ends_of(run: Run, paces: Paces, now: datetime) -> Free | None:
    """When a run is over. What its cell says of its progress decides from a tenth on: at this rate. Before that, its
    length as `Paces` knows it; one that is longer at work than that may end at any moment: now."""
    started = run.started_at or now
    by_progress = _at_this_rate(run)
    length = by_progress or paces.length(run.cell_id, run.expected_minutes)
    if length is None:
        return None
    ends = [started + timedelta(seconds=seconds) for seconds in (length.low, length.mid, length.high)]
    return Free(*(max(end, now) for end in ends))


def next_free(ask: Ask, runs: Iterable[Run], scene: Scene, paces: Paces, now: datetime) -> tuple[int, datetime] | None:
    """Of the cells that could take it, which is free first, and when. (Others may be ahead for it.)"""
    suited = scene.suited(ask)
    ends = {run.cell_id: ends_of(run, paces, now) for run in runs if run.cell_id in suited}
    known = [(end.mid, cell_id) for cell_id, end in ends.items() if end and _takes_work(scene, cell_id)]
    known += [(at, cell_id) for cell_id, at in _free_from(scene, now).items() if cell_id in suited - set(ends)]
    at, cell_id = min(known, default=(now, 0))
    return (cell_id, to_the_minute(at)) if cell_id else None


def _at_this_rate(run: Run) -> Length | None:
    if run.started_at is None or run.progress is None or run.progress_at is None or run.progress < TELLING:
        return None
    done = (run.progress_at - run.started_at).total_seconds()
    rest = done / run.progress - done
    return Length(done + rest * (1 - SPREAD), done + rest, done + rest * (1 + SPREAD))


def _queue(wish: Wish, free: dict[int, Free], scene: Scene, paces: Paces) -> Prediction:
    """It takes the fit cell that is free first, and keeps it for as long as it needs."""
    suited = scene.suited(wish.ask)
    first = min(((at.mid, cell_id) for cell_id, at in free.items() if cell_id in suited), default=None)
    if first is None:
        return UNKNOWN
    start, cell_id = free[first[1]], first[1]
    length = paces.length(cell_id, wish.expected_minutes)
    if length is None:
        del free[cell_id]
        return Prediction(start=to_the_minute(start.mid), known=True)
    low, mid, high = (timedelta(seconds=seconds) for seconds in (length.low, length.mid, length.high))
    free[cell_id] = Free(start.low + low, start.mid + mid, start.high + high)
    return _prediction(start.mid, free[cell_id])


def _prediction(start: datetime, ends: Free) -> Prediction:
    start, end, low, high = (to_the_minute(at) for at in (start, ends.mid, ends.low, ends.high))
    return Prediction(start, end, low, high, known=True)


def to_the_minute(at: datetime) -> datetime:
    """The full minute at or after it: seconds would promise too much, and change with every look."""
    whole = at.replace(second=0, microsecond=0)
    return whole if whole == at else whole + timedelta(minutes=1)


def _free_from(scene: Scene, now: datetime) -> dict[int, datetime]:
    """Cells that nothing holds, and those that somebody has booked for just now: free when that time is over."""
    able = [cell for cell in scene.cells.values() if _takes_work(scene, cell.cell_id)]
    idle = {cell.cell_id: now for cell in able if not (cell.taken or cell.own_work)}
    return idle | {cell.cell_id: cell.booked_until for cell in able if cell.booked_in == 0 and cell.booked_until}


def _takes_work(scene: Scene, cell_id: int) -> bool:
    """It will take the next one, once it is free."""
    cell = scene.cells.get(cell_id)
    return bool(cell and cell.mode == "open" and cell.state in ("running", "setup", "idle"))
