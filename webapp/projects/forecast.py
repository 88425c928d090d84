"""What can be foretold: for each project that runs or waits, for the queue, and for one that is only being typed."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from webapp import upkeep
from webapp.extensions import db
from webapp.people import Caller
from webapp.projects.dispatch import all_turns
from webapp.projects.estimating import Length, Paces, Prediction, Run, Wish, next_free, predict
from webapp.projects.models import Pace, Project
from webapp.projects.reasons import Reason
from webapp.projects.rules import Ask, Candidate, Scene
from webapp.projects.scene import look
from webapp.projects.spec import LONGEST_RUN, ProjectSpec
from webapp.projects.turns import Turn, ahead_of, in_order, leave_to

#: Seconds between two samples, unless the caller says; only how soon a silent cell is unknown hangs on it.
PERIOD = 5
NEWCOMER = 2**62  # a number behind all others, for a project that has none yet


@dataclass(frozen=True)
class QueueItem:
    """position: from 1. cell_id: the cell it is being handed to, if it has one; reason: None while that goes well."""

    project: Project
    position: int
    reason: Reason | None
    prediction: Prediction
    waited: timedelta
    cell_id: int | None = None


@dataclass(frozen=True)
class Outlook:
    """What would happen to a project created now. cell: the one it would get, None: it would wait.

    why: a sentence. next_free: of the cells that could take it, the one that is free first, at next_free_at.
    """

    cell: Candidate | None
    position: int | None
    ahead: int
    why: str
    reason: Reason | None
    next_free: Candidate | None
    next_free_at: datetime | None
    prediction: Prediction

    @property
    def start(self) -> datetime | None:
        return self.prediction.start

    @property
    def end(self) -> datetime | None:
        return self.prediction.end


def forecast(now: datetime, period: int = PERIOD) -> dict[int, Prediction]:
    """project id -> Prediction, of every project that runs or waits."""
    return forecast_in(look(now, period), now)


def forecast_in(scene: Scene, now: datetime) -> dict[int, Prediction]:
    """The same, for whoever has the scene already."""
    return predict(_runs(), _wishes(in_order(all_turns())), scene, learned(), now)


def expected_ends(now: datetime, period: int = PERIOD) -> dict[int, datetime]:
    """cell id -> when the project that has it will probably be done, where anything is known of that."""
    runs = _runs()
    known = forecast(now, period) if runs else {}
    ends = {run.cell_id: known[run.project_id].end for run in runs if run.project_id in known}
    return {cell_id: end for cell_id, end in ends.items() if end}


def queue(now: datetime, period: int = PERIOD) -> list[QueueItem]:
    """What has no cell yet or is being handed over, in order: first those that have their cell already."""
    return queue_with(forecast(now, period), now)


def queue_with(predictions: dict[int, Prediction], now: datetime) -> list[QueueItem]:
    """The same, for whoever has the forecast already."""
    projects = list(db.session.scalars(select(Project).where(Project.status == "created")))
    handed = sorted((p for p in projects if p.cell_id is not None), key=lambda p: p.id)
    waiting = {p.id: p for p in projects if p.cell_id is None}
    turns = in_order(Turn(p.id, p.priority, p.created_at, p.ask) for p in waiting.values())
    ordered = [*handed, *(waiting[turn.project_id] for turn in turns)]
    return [
        QueueItem(p, n, p.waiting, predictions.get(p.id, Prediction()), now - p.created_at, p.cell_id)
        for n, p in enumerate(ordered, 1)
    ]


def foresee(spec: ProjectSpec, by: Caller, now: datetime, period: int) -> Outlook:
    """Where a project would go if it were created now: what the form shows before anybody presses Create.

    The spec may be half typed: what could not be accepted is taken for what is nearest.
    """
    mine = Turn(NEWCOMER, min(max(spec.priority, 0), 9), now, spec.ask)
    scene, runs, paces = look(now, period), _runs(), learned()
    ahead = ahead_of(mine, all_turns())
    left = Scene(scene.cells.values())
    leave_to(ahead, left)
    cell = left.find(spec.ask).best
    ask = Ask(requested=cell.cell_id) if cell else spec.ask
    line = [*_wishes(ahead), Wish(NEWCOMER, ask, _believable(spec.expected_minutes))]
    prediction = predict(runs, line, scene, paces, now)[NEWCOMER]
    if cell is not None:
        why = " ".join(filter(None, ("It fits and has been idle longest.", _warning(cell, prediction, now))))
        return Outlook(cell, None, len(ahead), why, None, None, None, prediction)
    reason, free = left.find(spec.ask).reason, next_free(spec.ask, runs, scene, paces, now)
    next_cell, at = (scene.cells[free[0]], free[1]) if free else (None, None)
    return Outlook(None, len(ahead) + 1, len(ahead), f"{reason.message}.", reason, next_cell, at, prediction)


def _warning(cell: Candidate, prediction: Prediction, now: datetime) -> str:
    """What maintenance would like to be known of work on that cell until then."""
    says = upkeep.before_work(upkeep.fitness(now).get(cell.cell_id), now, prediction.end).warning
    return f"{says}." if says else ""


def _believable(minutes: int | None) -> int | None:
    return None if minutes is None else min(max(minutes, 1), LONGEST_RUN)


def _runs() -> list[Run]:
    columns = (
        Project.id,
        Project.cell_id,
        Project.started_at,
        Project.expected_minutes,
        Project.progress,
        Project.progress_at,
    )
    going_on = Project.status.in_(("created", "running"))
    rows = db.session.execute(select(*columns).where(going_on, Project.cell_id.is_not(None)).order_by(Project.id))
    return [Run(*row) for row in rows]  # type: ignore[arg-type]


def _wishes(turns: list[Turn]) -> list[Wish]:
    expected = _expected()
    return [Wish(turn.project_id, turn.ask, expected.get(turn.project_id)) for turn in turns]


def _expected() -> dict[int, int | None]:
    rows = select(Project.id, Project.expected_minutes).where(Project.status == "created", Project.cell_id.is_(None))
    return dict(db.session.execute(rows).all())


def learned() -> Paces:
    return Paces({pace.cell_id: Length(pace.low, pace.median, pace.high) for pace in db.session.scalars(select(Pace))})
