"""What the cells say of their fourteen days, and the jobs their machines go on with."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from virtualfactory.behaviour import Span, at_work, past
from virtualfactory.kept import keep
from virtualfactory.machine import Job, Machine, Order
from webapp import cells, ledger, projects
from webapp.demo.playing import Stage
from webapp.demo.routing import HAND_SERVED
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
    _sample(stage, start, ledger.State.IDLE)


def remember(stage: Stage) -> None:
    """After the last page they bring in what they did all the while, from their own logs."""
    now = stage.plan.now
    _sample(stage, now - stage.period, ledger.State.UNKNOWN)
    for number, cell_id in stage.cells.items():
        *before, latest = _spans(stage, number)
        # The latest by itself: what a board shows counts from the change it hears of, not from the first page.
        changing = cells.ReadingItem(before[-1].state, moment(int(latest.start) - 1), before[-1].detail)
        cells.keep_readings(cell_id, [*_readings(before), changing], moment(now))
        cells.keep_readings(cell_id, _of_the_job(stage, number, *_readings([latest])), moment(now))


def _sample(stage: Stage, slot: int, state: ledger.State) -> None:
    """One round, without asking: what the cells report is believed up to its end."""
    all_cells = [cells.one(cell_id) for cell_id in stage.cells.values()]
    for book in {cell.book_id for cell in all_cells}:
        lease = ledger.lease(book, stage.period, slot)
        ledger.tick(lease, slot, {cell.id: state for cell in all_cells if cell.book_id == book})


def _spans(stage: Stage, number: int) -> list[Span]:
    someone, plan = stage.plan.machines[number], stage.plan
    return past(someone, plan.runs[number], plan.start + stage.period, plan.now)


def _readings(spans: Sequence[Span]) -> Iterator[cells.ReadingItem]:
    for span in spans:
        for at in range(int(span.start), int(span.end), AGAIN):
            yield cells.ReadingItem(span.state, moment(at), span.detail)


def _of_the_job(stage: Stage, number: int, *said: cells.ReadingItem) -> list[cells.ReadingItem]:
    """The newest reading names the job the cell has, and how far it is."""
    *before, last = said
    project_id = stage.project_on(number)
    if project_id is None:
        return [*said]
    _, progress = at_work(stage.plan.machines[number], stage.plan.runs[number][-1], stage.plan.now)
    fence = projects.one(project_id).fence
    return [*before, replace(last, project_id=project_id, fence=fence, progress=progress)]


def hand_over(stage: Stage, folder: Path) -> None:
    """The virtual factory finds each machine with its job where the story leaves it."""
    machines = {number: Machine(someone) for number, someone in stage.plan.machines.items()}
    for number, machine in machines.items():
        if project_id := stage.project_on(number):
            project = projects.one(project_id)
            order = Order(project_id, project.fence or 0, dict(project.given))
            machine.job = Job(order, stage.plan.runs[number][-1])
        elif number in HAND_SERVED:
            machine.cycle = stage.plan.runs[number][-1]
    keep(machines, folder)
