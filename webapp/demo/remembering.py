"""What the cells did for fourteen days, into the ledger: as if every sample had been taken."""

from virtualfactory.behaviour import past
from webapp import cells, ledger
from webapp.demo.playing import Stage
from webapp.extensions import transaction


def remember(stage: Stage) -> None:
    for number, someone in stage.plan.machines.items():
        cell = cells.one(stage.cells[number])
        book, cell_id = cell.book_id, cell.id
        with transaction():
            for span in past(someone, stage.plan.runs[number], stage.plan.start, stage.plan.now):
                state = ledger.State[span.state.upper()]
                ledger.assign(book, cell_id, int(span.start), int(span.end), state, ledger.Source.FEED)
    ledger.close_hours(stage.plan.now)
