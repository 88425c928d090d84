"""Asking every cell what it does: all at once, first feed first. Plain values in and out, no database."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from webapp.cells.addresses import Networks
from webapp.cells.drivers import Line, Seen, Silent, all_at_once, driver
from webapp.cells.models import Cell

BROKEN: Seen | Silent = Silent("its answer could not be read")


@dataclass(frozen=True)
class Watched:
    """A cell as a round needs it, free of the session. addresses: of its pulled feeds, by rank; heartbeat: of its
    pushing one, in seconds, None where it has none."""

    cell_id: int
    book_id: int
    addresses: tuple[str, ...]
    heartbeat: int | None


def watched(cell: Cell) -> Watched:
    pushing = [feed.heartbeat for feed in cell.feeds if feed.kind == "push"]
    addresses = tuple(feed.address for feed in cell.feeds if feed.kind == "http")
    return Watched(cell.id, cell.book_id, addresses, pushing[0] if pushing else None)


def ask_all(cells: Sequence[Watched], networks: Networks, patience: float) -> dict[int, Seen | Silent]:
    """What each cell with a pulled feed answered within `patience` seconds; of several feeds the first that answers."""
    asked = [(cell.cell_id, address) for cell in cells for address in cell.addresses]
    answers = all_at_once([_read(address) for _, address in asked], networks, patience, BROKEN) if asked else []
    best: dict[int, Seen | Silent] = {}
    for (cell_id, _), answer in zip(asked, answers, strict=True):
        if not isinstance(best.setdefault(cell_id, answer), Seen) and isinstance(answer, Seen):
            best[cell_id] = answer
    return best


def _read(address: str) -> Callable[[Line], Awaitable[Seen | Silent]]:
    return lambda line: driver("http", address, line).read()
