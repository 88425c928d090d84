"""What people and cells did in the story, act by act, in the order in which it happened."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from virtualfactory.behaviour import FAILURE, unfold
from webapp import cells, people, projects
from webapp.config import Network
from webapp.demo.machines import Machines
from webapp.demo.story import DAYS, MINUTE, NOW_FREE, NOW_MODES, NOW_TUNED, USUAL, Chapter, Story
from webapp.lib.clock import moment

Networks = tuple[Network, ...]
Act = Callable[[datetime], None]

#: How long a cell's word is good for while the story is told: cells are asked at its turning points only.
PATIENT = DAYS * 86_400


@dataclass(frozen=True)
class Stage:
    """What telling needs at hand. cells: number -> id; told: id of the project -> its chapter."""

    plan: Story
    machines: Machines
    networks: Networks
    period: int
    cells: dict[int, int]
    told: dict[int, Chapter] = field(default_factory=dict)

    def project_on(self, number: int) -> int:
        """The project that cell has now."""
        return max(project_id for project_id, chapter in self.told.items() if chapter.cell == number)


def play(stage: Stage) -> None:
    _look(stage, moment(stage.plan.start))
    for at, act in sorted(_acts(stage), key=lambda told: told[0]):
        act(moment(round(at)))


def arrive(stage: Stage) -> None:
    """The present: cells are asked as usual, everybody who waits is told why, and old jobs are dropped."""
    now = moment(stage.plan.now)
    _look(stage, now)
    projects.heed_cells(now)
    projects.dispatch_waiting(now, stage.period)
    cells.tell_stops(now, stage.networks)


def _acts(stage: Stage) -> Iterator[tuple[float, Act]]:
    for chapter in stage.plan.chapters:
        yield from _acts_of(stage, chapter)
    for number, (mode, why, since) in NOW_MODES.items():
        yield stage.plan.now - since * MINUTE, _set_mode(stage, number, mode, why)
    for number, (values, since) in NOW_TUNED.items():
        yield stage.plan.now - since * MINUTE, _tune(stage, number, values)


def _acts_of(stage: Stage, chapter: Chapter) -> Iterator[tuple[float, Act]]:
    yield chapter.created, lambda now: _begin(stage, chapter, now)
    if chapter.run is None or chapter.cell is None:
        return
    over = chapter.run.end <= stage.plan.now
    spans = [span for span in unfold(stage.plan.machines[chapter.cell], chapter.run) if span.start <= stage.plan.now]
    # Cells are asked where something went wrong, and where what they do now began: then "since when" is true.
    for span in spans:
        if span.state == "down" or (span is spans[-1] and not over):
            yield span.start, lambda now: _look(stage, now)
    if over:
        yield chapter.run.end, lambda now: _end(stage, chapter, now)


def _look(stage: Stage, now: datetime) -> None:
    stage.machines.now = now.timestamp()
    cells.take_samples(int(now.timestamp()), stage.period, stage.networks)


def _begin(stage: Stage, chapter: Chapter, now: datetime) -> None:
    """It is created; if the story wants it to run, it got its cell at once, and the cell takes it."""
    by = people.caller(people.user_named(chapter.engineer))
    project = projects.create(_spec(chapter), by, now, PATIENT)
    stage.told[project.id] = chapter
    if chapter.run and chapter.cell:
        if project.cell_id != stage.cells[chapter.cell] or project.fence is None:
            raise RuntimeError(f"the story wants {project.label} on C{chapter.cell:02}: {project.waiting_message}")
        stage.machines.now = now.timestamp()
        stage.machines.give(chapter.cell, project.id, project.fence, chapter.run)
        projects.start_dispatched(now, stage.networks)
    elif chapter.priority != USUAL:
        projects.set_priority(project.id, chapter.priority, people.caller(people.user_named("sam")), now)


def _spec(chapter: Chapter) -> projects.ProjectSpec:
    return projects.ProjectSpec(
        cad_model=chapter.cad_model,
        config=chapter.config,
        parameters=chapter.parameters,
        name=chapter.name,
        cell_kind=chapter.kind,
        tags=chapter.tags,
        expected_minutes=chapter.expected_minutes,
    )


def _end(stage: Stage, chapter: Chapter, now: datetime) -> None:
    project_id = next(id for id, told in stage.told.items() if told is chapter)
    cell_id, fence = stage.cells[chapter.cell or 0], projects.one(project_id).fence
    by = people.caller(people.user_named(chapter.ended_by)) if chapter.ended_by else people.Caller(cell_id=cell_id)
    assert chapter.run is not None
    if chapter.run.outcome == FAILURE:
        projects.fail(project_id, by, now, chapter.run.reason, fence=fence)
    else:
        projects.finish(project_id, by, now, fence=fence)
    if chapter.cell in NOW_FREE:
        _look(stage, now)


def _set_mode(stage: Stage, number: int, mode: str, why: str) -> Act:
    def act(now: datetime) -> None:
        cells.set_mode(stage.cells[number], mode, why, "sam", now)

    return act


def _tune(stage: Stage, number: int, values: dict[str, str]) -> Act:
    def act(now: datetime) -> None:
        project_id = stage.project_on(number)
        by = people.caller(people.user_named(stage.told[project_id].engineer))
        projects.revise(project_id, {"parameters": values}, by, now)
        stage.machines.now = now.timestamp()
        projects.offer_values(now, stage.networks)

    return act
