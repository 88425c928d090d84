"""What needs somebody now, and the act that helps."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from webapp import cells
from webapp.cells import Alarm, Cell, Standing
from webapp.projects.models import Project
from webapp.projects.search import holders

URGENCY = ("down", "unknown", "call", "silent", "maintenance")
SAYS = {"down": "Stopped", "unknown": "No status received", "maintenance": "In maintenance"}


@dataclass(frozen=True)
class Attention:
    """Something wrong: the cell, its state, why, what it holds up, since when, and the act that helps.

    state: a cell's state, "call" where somebody there called for help, or "silent" where a cell does not say whether
    it started. taken_by: who said that they go there. act: the verb of that act
    (people/roles.py), "" where there is nothing to do but to look; help: the same as a button says it.
    """

    cell: Cell
    state: str
    why: str
    project: Project | None
    since: datetime
    act: str
    help: str
    taken_by: str = ""

    @property
    def painted(self) -> tuple[object, ...]:
        """All of it that is shown, but for how long it has lasted."""
        told = (self.cell.id, self.cell.name, self.state, self.why, self.since, self.help, self.taken_by)
        return (*told, *painted_project(self.project))


def attention(now: datetime, period: int) -> list[Attention]:
    """By urgency, then by the cell's name: a row keeps its place while it is there. period: between two samples."""
    return needing(cells.standings(now, period), holders(), cells.open_stops(now))


def needing(
    standings: Mapping[int, Standing], held: Mapping[int, Project], alarms: Mapping[int, Alarm]
) -> list[Attention]:
    """The same, for whoever knows already where the cells stand, what holds them and what is open there."""
    found = [_item(standing, held.get(cell_id), alarms.get(cell_id)) for cell_id, standing in standings.items()]
    return sorted(filter(None, found), key=lambda item: (URGENCY.index(item.state), item.cell.name))


def _item(standing: Standing, project: Project | None, alarm: Alarm | None) -> Attention | None:
    return _silent(standing, project) or _unwell(standing, project, alarm) or _called(standing, project, alarm)


def _silent(standing: Standing, project: Project | None) -> Attention | None:
    if project is None or project.waiting_code != "cell_silent" or standing.claim is None:
        return None
    says, reason = project.waiting_message or "", project.waiting
    help = reason.help if reason else ""
    return Attention(standing.cell, "silent", says, project, standing.claim.opened, "", help)


def _unwell(standing: Standing, project: Project | None, alarm: Alarm | None) -> Attention | None:
    if standing.state not in SAYS:
        return None
    why = (standing.fault if standing.state == "unknown" else standing.detail) or SAYS[standing.state]
    act, help = _helps(standing, alarm)
    return Attention(standing.cell, standing.state, why, project, standing.since, act, help, _taken(alarm))


def _called(standing: Standing, project: Project | None, alarm: Alarm | None) -> Attention | None:
    if alarm is None or alarm.kind != "call":
        return None
    why = f"{alarm.called_by}: {alarm.words}" if alarm.words else f"{alarm.called_by} calls for help"
    act, help = _helps(standing, alarm)
    return Attention(standing.cell, "call", why, project, alarm.detected_at, act, help, _taken(alarm))


def _taken(alarm: Alarm | None) -> str:
    return alarm.acknowledged_by if alarm else ""


def _helps(standing: Standing, alarm: Alarm | None) -> tuple[str, str]:
    """The act and its words: first somebody goes there, then they say why it stood."""
    if alarm and alarm.acknowledged_at is None:
        return "acknowledge stop", "Acknowledge"
    if standing.state == "down":
        return "give reason", "Give a reason"
    if standing.state == "maintenance" and standing.cell.mode == "closed":
        return "set cell mode", "Open again"
    if alarm and alarm.kind == "call":
        return "call for help", "End the call"
    return ("call for help", "Call for help") if standing.state == "unknown" else ("", "Open cell")


def painted_project(project: Project | None) -> tuple[object, ...]:
    """What any board shows of it, but for its progress."""
    return (project.id, project.name, project.created_by.full_name, project.offer) if project else ()
