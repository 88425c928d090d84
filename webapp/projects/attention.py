"""What needs somebody now, and the act that helps."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from webapp import cells
from webapp.cells import Cell, Standing
from webapp.projects.models import Project
from webapp.projects.search import holders

URGENCY = ("down", "unknown", "silent", "maintenance")
SAYS = {"down": "Stopped", "unknown": "No status received", "maintenance": "In maintenance"}


@dataclass(frozen=True)
class Attention:
    """Something wrong: the cell, its state, why, what it holds up, since when, and the act that helps.

    state: a cell's state, or "silent" where a cell does not say whether it started. act: the verb of that act
    (people/roles.py), "" where there is nothing to do but to look; help: the same as a button says it.
    """

    cell: Cell
    state: str
    why: str
    project: Project | None
    since: datetime
    act: str
    help: str

    @property
    def painted(self) -> tuple[object, ...]:
        """All of it that is shown, but for how long it has lasted."""
        told = (self.cell.id, self.cell.name, self.state, self.why, self.since, self.help)
        return (*told, *painted_project(self.project))


def attention(now: datetime, period: int) -> list[Attention]:
    """By urgency, then by the cell's name: a row keeps its place while it is there. period: between two samples."""
    return needing(cells.standings(now, period), holders())


def needing(standings: Mapping[int, Standing], held: Mapping[int, Project]) -> list[Attention]:
    """The same, for whoever knows already where the cells stand and what holds them."""
    found = [
        item
        for cell_id, standing in standings.items()
        if (item := _silent(standing, held.get(cell_id)) or _unwell(standing, held.get(cell_id)))
    ]
    return sorted(found, key=lambda item: (URGENCY.index(item.state), item.cell.name))


def _silent(standing: Standing, project: Project | None) -> Attention | None:
    if project is None or project.waiting_code != "cell_silent" or standing.claim is None:
        return None
    says, reason = project.waiting_message or "", project.waiting
    help = reason.help if reason else ""
    return Attention(standing.cell, "silent", says, project, standing.claim.opened, "release cell", help)


def _unwell(standing: Standing, project: Project | None) -> Attention | None:
    if standing.state not in SAYS:
        return None
    why = (standing.fault if standing.state == "unknown" else standing.detail) or SAYS[standing.state]
    return Attention(standing.cell, standing.state, why, project, standing.since, *_helps(standing))


def _helps(standing: Standing) -> tuple[str, str]:
    """The act and its words."""
    if standing.state == "down":
        return "give reason", "Give a reason"
    if standing.state == "maintenance" and standing.cell.mode == "closed":
        return "set cell mode", "Open again"
    return "", "Open cell"


def painted_project(project: Project | None) -> tuple[object, ...]:
    """What any board shows of it, but for its progress."""
    return (project.id, project.name, project.created_by.full_name, project.offer) if project else ()
