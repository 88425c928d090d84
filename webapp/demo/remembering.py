"""What the cells say of their fourteen days, and the jobs their machines go on with."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from virtualfactory.behaviour import Span, at_work, past
from virtualfactory.kept import keep
from virtualfactory.machine import Job, Machine, Order
from webapp import cells, projects
from webapp.demo.playing import Stage
from webapp.lib.clock import moment

#: Seconds within which the cells report again while the story is told.
HEARTBEAT = 3600
#: A reading holds for three heartbeats; a longer state is reported again well before that.
AGAIN = 75 * 60


def speak(stage: Stage) -> None:
    """Before the first page every cell says that it is there, or nothing could be handed to it."""
    start = stage.plan.start
    for cell_id in stage.cells.values():
        cells.keep_readings(cell_id, [cells.ReadingItem("idle", moment(start))], moment(start))
    cells.take_samples(start, stage.period, ())


def remember(stage: Stage) -> None:
    """After the last page they bring in what they did all the while, from their own logs."""
    now = stage.plan.now
    cells.take_samples(now - stage.period, stage.period, ())
    for number, cell_id in stage.cells.items():
        said = [reading for span in _spans(stage, number) for reading in _readings(span)]
        # The newest by itself: what a board shows counts from the change it hears of, not from the first page.
        for readings in (said[:-1], [_of_the_job(stage, number, said[-1])]):
            cells.keep_readings(cell_id, readings, moment(now))


def _spans(stage: Stage, number: int) -> list[Span]:
    someone, plan = stage.plan.machines[number], stage.plan
    return past(someone, plan.runs[number], plan.start + stage.period, plan.now)


def _readings(span: Span) -> Iterator[cells.ReadingItem]:
    for at in range(int(span.start), int(span.end), AGAIN):
        yield cells.ReadingItem(span.state, moment(at), span.detail)


def _of_the_job(stage: Stage, number: int, last: cells.ReadingItem) -> cells.ReadingItem:
    """The newest reading names the job the cell has, and how far it is."""
    project_id = stage.project_on(number)
    if project_id is None:
        return last
    _, progress = at_work(stage.plan.machines[number], stage.plan.runs[number][-1], stage.plan.now)
    fence = projects.one(project_id).fence
    return replace(last, project_id=project_id, fence=fence, progress=progress)


def hand_over(stage: Stage, folder: Path) -> None:
    """The virtual factory finds each machine with its job where the story leaves it."""
    machines = {number: Machine(someone) for number, someone in stage.plan.machines.items()}
    for number, machine in machines.items():
        if project_id := stage.project_on(number):
            project = projects.one(project_id)
            order = Order(project_id, project.fence or 0, dict(project.given))
            machine.job = Job(order, stage.plan.runs[number][-1])
    keep(machines, folder)
