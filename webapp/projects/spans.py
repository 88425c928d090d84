"""Where a project's time went: waiting, being handed over, then what its cell did while it held it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from webapp import cells
from webapp.cells import Claim
from webapp.extensions import db
from webapp.lib.clock import epoch
from webapp.lib.window import Window
from webapp.projects.models import Project


@dataclass(frozen=True)
class Phase:
    """state: waiting, held (being handed over, or idle under its claim) or another state of its cell.

    start <= t < end; cell_id: None while it waited.
    """

    state: str
    start: datetime
    end: datetime
    cell_id: int | None = None

    @property
    def seconds(self) -> int:
        return epoch(self.end) - epoch(self.start)


def spans_of(project: Project, now: datetime) -> list[Phase]:
    """Without a gap from its creation to its end, or to now. A cell that refused it held it for a while; then it
    waited again."""
    end = project.ended_at or now
    phases: list[Phase] = []
    reached = project.created_at
    for claim in _claims(project):
        phases.append(Phase("waiting", reached, claim.opened))
        mine = claim.id == project.claim_id
        reached = end if mine else min(claim.closed or end, end)
        phases += _held(project, claim, reached, now) if mine else [_handed(claim, reached)]
    phases.append(Phase("waiting", reached, end))
    return [phase for phase in phases if phase.seconds > 0]


def _claims(project: Project) -> list[Claim]:
    query = select(Claim).where(Claim.what == project.what).order_by(Claim.opened, Claim.id)
    return list(db.session.scalars(query))


def _handed(claim: Claim, end: datetime) -> Phase:
    return Phase("held", claim.opened, end, claim.cell_id)


def _held(project: Project, claim: Claim, end: datetime, now: datetime) -> list[Phase]:
    started = project.started_at
    if started is None:
        return [_handed(claim, end)]
    return [_handed(claim, started), *_states(claim.cell_id, started, end, now)]


def _states(cell_id: int, start: datetime, end: datetime, now: datetime) -> list[Phase]:
    if epoch(start) >= epoch(end):
        return []
    spans = cells.timeline(cell_id, Window(start, end), now)
    return [Phase("held" if s.state == "idle" else s.state, s.start, s.end, cell_id) for s in spans]
