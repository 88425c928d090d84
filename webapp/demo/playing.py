"""What people did in the story, act by act, in the order in which it happened."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from webapp import cells, people, projects
from webapp.demo.story import DAYS, MINUTE, NOW_MODES, NOW_TUNED, USUAL, Chapter, Story
from webapp.lib.clock import moment

Act = Callable[[datetime], None]

#: How long a cell's word is good for while the story is told: cells speak once, when it begins.
PATIENT = DAYS * 86_400


@dataclass(frozen=True)
class Stage:
    """What telling needs at hand. cells: number -> id; told: id of the project -> its chapter; period: of sampling."""

    plan: Story
    cells: dict[int, int]
    period: int
    told: dict[int, Chapter] = field(default_factory=dict)

    def project_of(self, chapter: Chapter) -> int:
        return next(project_id for project_id, told in self.told.items() if told is chapter)

    def project_on(self, number: int) -> int | None:
        """The project that runs on that cell at the end."""
        had = [(chapter.created, id) for id, chapter in self.told.items() if chapter.cell == number]
        latest = max(had)[1] if had else None
        run = self.told[latest].run if latest else None
        return latest if run and run.end > self.plan.now else None


def play(stage: Stage, more: Iterable[tuple[float, Act]] = ()) -> None:
    """more: what others did beside the engineers, and when."""
    for at, act in sorted([*_acts(stage), *more], key=lambda told: told[0]):
        act(moment(round(at)))


def _acts(stage: Stage) -> Iterator[tuple[float, Act]]:
    for chapter in stage.plan.chapters:
        yield chapter.created, _beginning(stage, chapter)
        if chapter.run and chapter.run.end <= stage.plan.now:
            yield chapter.run.end, _ending(stage, chapter)
    for number, (mode, why, since) in NOW_MODES.items():
        yield stage.plan.now - since * MINUTE, _setting(stage.cells[number], mode, why)
    for number, (values, since) in NOW_TUNED.items():
        yield stage.plan.now - since * MINUTE, _tuning(stage, number, values)


def _beginning(stage: Stage, chapter: Chapter) -> Act:
    """It is created; where the story wants it to run it got its cell at once, and the cell took it."""

    def act(now: datetime) -> None:
        project = projects.create(spec_of(chapter), person(chapter.engineer), now, PATIENT)
        stage.told[project.id] = chapter
        if chapter.cell and project.cell_id != stage.cells[chapter.cell]:
            raise RuntimeError(f"the story wants {project.label} on C{chapter.cell:02}: {project.waiting_message}")
        if chapter.cell:
            projects.confirm_start(project.id, project.cell_id or 0, project.fence or 0, now)
        elif chapter.priority != USUAL:
            projects.set_priority(project.id, chapter.priority, person("sam"), now)

    return act


def spec_of(chapter: Chapter) -> projects.ProjectSpec:
    return projects.ProjectSpec(
        cad_model=chapter.cad_model,
        config=chapter.config,
        parameters=chapter.parameters,
        name=chapter.name,
        cell_kind=chapter.kind,
        tags=chapter.tags,
        expected_minutes=chapter.expected_minutes,
    )


def _ending(stage: Stage, chapter: Chapter) -> Act:
    def act(now: datetime) -> None:
        project_id = stage.project_of(chapter)
        cell = people.Caller(cell_id=stage.cells[chapter.cell or 0])
        by, fence = person(chapter.ended_by) if chapter.ended_by else cell, projects.one(project_id).fence
        if chapter.failure:
            projects.fail(project_id, by, now, chapter.failure, fence=fence)
        else:
            projects.finish(project_id, by, now, fence=fence)

    return act


def _setting(cell_id: int, mode: str, why: str) -> Act:
    def act(now: datetime) -> None:
        cells.set_mode(cell_id, mode, why, "sam", now)

    return act


def _tuning(stage: Stage, number: int, values: dict[str, str]) -> Act:
    """The values are offered to the cell once it lives."""

    def act(now: datetime) -> None:
        project_id = stage.project_on(number)
        if project_id:
            projects.revise(project_id, {"parameters": values}, person(stage.told[project_id].engineer), now)

    return act


def person(username: str) -> people.Caller:
    return people.caller(people.user_named(username))
