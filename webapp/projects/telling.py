"""Who is told what: of cells that stand or call, and owners what became of their projects.

Nothing is sent where nobody needs to act or wants to know: not to who did it, not of what is acknowledged or over.
"""

from datetime import datetime
from zoneinfo import ZoneInfo

from webapp import cells, people
from webapp.cells import Alarm, Cell, Owed
from webapp.extensions import transaction
from webapp.lib.clock import epoch
from webapp.projects.models import Project
from webapp.projects.search import holders

#: Whose errand a stop is, step by step. With the first goes the engineer whose project stands.
STEPS = {1: ("operator",), 2: ("supervisor",), 3: ("admin", "head")}
LAST = 3
IS = {"down": "is down", "unknown": "is silent"}


def tell_people(now: datetime) -> None:
    """Whoever is owed a word of stops and calls. May run twice: a person is told once of each step."""
    for owed in cells.stops_owed(now):
        _tell_of(owed, now)


def _tell_of(owed: Owed, now: datetime) -> None:
    """Where a step reaches nobody, the next one is not waited for."""
    with transaction():
        alarm = cells.owed_still(owed)
        if alarm is None:
            return
        cell, step, reached = cells.one(alarm.cell_id), owed.told, False
        while step < owed.step or (step < LAST and not reached):
            step += 1
            reached = _tell_step(alarm, cell, step, now) or reached
        alarm.step, alarm.told_at = step, alarm.told_at or (now if reached else None)


def _tell_step(alarm: Alarm, cell: Cell, step: int, now: datetime) -> bool:
    """Whether anybody was told. The last step reaches its people whatever they wish, at any hour."""
    words, key, zone = _words(alarm, cell, step), f"{alarm.name}:{step}", quiet_zone()
    meant = {user.id: words for user in people.in_roles(STEPS[step]) if user.username != alarm.called_by}
    if step == 1 and (project := holders().get(cell.id)) and project.created_by.username != alarm.called_by:
        meant[project.created_by_id] = f"{words}. Your {project.label} {project.title} is on it"
    told = [
        people.tell(user_id, key, alarm.name, "stop", said, now, zone, urgent=step == LAST)
        for user_id, said in meant.items()
    ]
    return any(told)


def _words(alarm: Alarm, cell: Cell, step: int) -> str:
    if alarm.kind == "call":
        says = f"{alarm.called_by} calls for help at {cell.name}"
        again = f"Nobody has come to {cell.name}, where {alarm.called_by} called for help"
    else:
        says = f"{cell.name} {IS[alarm.state]}"
        again = f"{cell.name} {IS[alarm.state]} and nobody has come"
    return (again if step > 1 else says) + (f": {alarm.words}" if alarm.words else "")


def tell_owner(project: Project, kind: str, words: str, by: str, now: datetime) -> None:
    """What became of their project, unless they did it themselves. A move."""
    if project.created_by.username != by:
        key = f"{project.what}:{kind}:{epoch(now)}"
        text = f"{project.label} {project.title} {words}"
        people.tell(project.created_by_id, key, project.what, kind, text, now, quiet_zone())


def quiet_zone() -> ZoneInfo:
    """In which people's quiet hours are meant: the factory's own clock, since they belong to no site."""
    first = next(iter(cells.sites()), None)
    return ZoneInfo(first.zone if first else "UTC")
