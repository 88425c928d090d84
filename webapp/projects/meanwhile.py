"""What happened since somebody last looked: cells that stood, runs that failed or ended, waits that grew long."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from webapp import cells, journal
from webapp.cells import Alarm
from webapp.journal import Entry
from webapp.lib.clock import epoch
from webapp.lib.window import Window
from webapp.projects.forecast import QueueItem

#: Further back is read in the log.
FURTHEST = timedelta(days=7)
#: A wait of which somebody wants to know.
LONG_WAIT = timedelta(hours=1)
#: Worst first.
KINDS = ("down", "unknown", "call", "failed", "stood", "refused", "waits", "finished")


@dataclass(frozen=True)
class Happening:
    """kind: one of KINDS; stood: it is over. state: the glyph beside it, a state of a cell or a status of a project."""

    kind: str
    state: str
    at: datetime
    title: str
    note: str = ""
    cell_id: int | None = None
    project_id: int | None = None


def meanwhile(since: datetime, now: datetime, queue: Iterable[QueueItem], but_by: str = "") -> list[Happening]:
    """Worst first, then the newest. queue: as it is now; but_by: whose own acts are no news."""
    if epoch(since) >= epoch(now):
        return []
    window = Window(max(since, now - FURTHEST), now)
    names = {cell.id: cell.name for cell in cells.all_cells(retired=True)}
    found = [*_stood(window, names), *_ended(window, names, but_by), *_waits(window, queue)]
    return sorted(sorted(found, key=lambda one: one.at, reverse=True), key=lambda one: KINDS.index(one.kind))


def _stood(window: Window, names: dict[int, str]) -> Iterator[Happening]:
    """A line for each cell and kind, however often: what goes on, else how often and how long it was."""
    begun = [alarm for alarm in cells.stops_of(window, limit=1000) if alarm.detected_at >= window.start]
    for _, group in groupby(sorted(begun, key=_sort), key=_sort):
        alarms = sorted(group, key=lambda alarm: alarm.detected_at)
        going_on = [alarm for alarm in alarms if alarm.repaired_at is None]
        yield _goes_on(going_on[0], names) if going_on else _was(alarms, names)


def _sort(alarm: Alarm) -> tuple[int, str, str]:
    return alarm.cell_id, alarm.kind, alarm.state


def _goes_on(alarm: Alarm, names: dict[int, str]) -> Happening:
    state, name = alarm.state or "call", names[alarm.cell_id]
    title = f"{name} is {state}" if alarm.kind == "stop" else f"{alarm.called_by} calls for help at {name}"
    taken = f"{alarm.acknowledged_by} went there" if alarm.acknowledged_by else "nobody has taken it"
    return Happening(state, state, alarm.detected_at, title, _and(alarm.words, taken), alarm.cell_id)


def _was(alarms: list[Alarm], names: dict[int, str]) -> Happening:
    last = alarms[-1]
    lasted = sum(((alarm.repaired_at or alarm.detected_at) - alarm.detected_at for alarm in alarms), timedelta())
    minutes = round(lasted.total_seconds() / 60)
    often = "" if len(alarms) == 1 else f" {len(alarms)} times"
    long = f"{minutes} min{' in all' if often else ''}" if minutes else "less than a minute"
    was = f"was {last.state}{often}" if last.kind == "stop" else f"called for help{often}"
    note = _and(last.words, long) if last.kind == "stop" else last.words
    return Happening(
        "stood", last.state or "call", last.detected_at, f"{names[last.cell_id]} {was}", note, last.cell_id
    )


#: verb -> (kind, glyph, title): c is the cell, p the project.
ENDED = {
    "failed project": ("failed", "failure", "{p} failed on {c}"),
    "cell refused project": ("refused", "created", "{c} refused {p}"),
    "cell silent about project": ("refused", "unknown", "{c} does not say whether it started {p}"),
    "finished project": ("finished", "finished", "{p} finished on {c}"),
}


def _ended(window: Window, names: dict[int, str], but_by: str) -> Iterator[Happening]:
    for entry in journal.recent(kind="project", start=window.start, end=window.end, limit=1000):
        if entry.verb in ENDED and entry.by != but_by:
            yield _told(entry, names)


def _told(entry: Entry, names: dict[int, str]) -> Happening:
    kind, state, title = ENDED[entry.verb]
    number, cell_id = int(entry.subject.partition(":")[2]), entry.details.get("cell_id") or 0
    cell = entry.details.get("cell") or names.get(cell_id, "its cell")
    note = entry.details.get("why") or entry.details.get("reason") or ""
    by = "" if entry.by == "the factory" else entry.by
    return Happening(
        kind, state, entry.at, title.format(p=f"P-{number}", c=cell), _and(str(note), by), cell_id or None, number
    )


def _waits(window: Window, queue: Iterable[QueueItem]) -> Iterator[Happening]:
    """What waited longer than anybody should, and did not yet when they looked."""
    for item in queue:
        long_at = item.project.created_at + LONG_WAIT
        if window.start <= long_at < window.end:
            why = item.reason.message if item.reason else ""
            title = f"{item.project.label} waits longer than an hour"
            yield Happening("waits", "created", long_at, title, why, None, item.project.id)


def _and(*words: str) -> str:
    return " · ".join(word for word in words if word)
