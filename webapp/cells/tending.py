"""A person is at work on a cell: it takes no work, and is in maintenance whatever its feed can tell.

While it lasts this is a fact of the cell's row, laid over what the feed says, which goes on being kept. Only once it is
over is it written into the history, by whoever did it and knows from when to when: a window that somebody forgot to
end would else go on erasing what the feed saw, and nothing could bring that back.
"""

from datetime import datetime

from webapp import ledger
from webapp.cells.claiming import claim_on
from webapp.cells.models import Cell
from webapp.cells.places import one
from webapp.cells.restating import told_late
from webapp.extensions import db, touch
from webapp.lib.clock import epoch, whole
from webapp.lib.refusal import WrongState


def tend(cell_id: int, now: datetime) -> Cell:
    """From now on it is in maintenance, and no claim is made. Refused while something holds it."""
    cell = one(cell_id)
    # Read anew under its lock: of two who begin at once the second sees the first, and no claim slips in between.
    db.session.refresh(cell, with_for_update={"of": Cell, "key_share": True})
    if cell.in_service_to:
        raise WrongState(f"{cell.name} is out of service")
    if cell.tended_since:
        raise WrongState(f"{cell.name} is being maintained already")
    cell.tended_since = whole(now)
    if held := claim_on(cell_id):
        raise WrongState(f"{cell.name} holds {held.what.replace(':', ' ')}: end that first", what=held.what)
    return cell


def leave(cell_id: int) -> Cell:
    """Nobody is at work on it any more. Whether that was maintenance is another question: see tended()."""
    cell = one(cell_id)
    cell.tended_since = None
    return cell


def tended(cell: Cell, start: datetime, end: datetime) -> None:
    """It was in maintenance for start <= t < end, says the person who did it: a feed ranks below that."""
    begins, ends = epoch(start), epoch(end)
    if begins >= ends:
        return
    ledger.assign(cell.book_id, cell.id, begins, ends, ledger.State.MAINTENANCE, ledger.Source.PERSON)
    told_late(cell.book_id, cell.id, begins, ends)
    touch("floor", "board", f"cell:{cell.id}")
