"""The whole floor as it was: what each cell did, since when, who held it, and what was said of it."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter

from sqlalchemy import and_, func, select
from sqlalchemy.orm import aliased

from webapp import ledger
from webapp.cells.evidence import Hold, divide
from webapp.cells.history import Interval, Said, Word, changes_of, intervals_of
from webapp.cells.lost_time.explaining import notes
from webapp.cells.lost_time.models import IntervalNote
from webapp.cells.models import Cell, Claim, Reading, Remark
from webapp.cells.reporting import in_service
from webapp.extensions import db
from webapp.lib.clock import epoch, moment
from webapp.lib.window import Window


@dataclass(frozen=True)
class Rewound:
    """start <= t < end in one state, in one hand.

    since: from when it had been in this state; None: for longer than is looked back, or than changes are kept.
    what: who held it, "project:5". corrected: a person changed what the cell had said of this time.
    """

    state: str
    start: datetime
    end: datetime
    since: datetime | None
    what: str | None
    words: str
    corrected: bool

    @property
    def shown(self) -> str:
        """The state's word on a board: held is idle with work in the machine."""
        return "held" if self.state == "idle" and self.what else self.state


def rewind(window: Window, now: datetime) -> list[tuple[Cell, list[Rewound]]]:
    """Every cell that was in service for some of the window, by name: oldest first, without gaps, cut at now and to
    its time in service. What nobody asserted is unknown."""
    cells = in_service(window)
    lasted = ledger.states_at(epoch(window.start), [cell.id for cell in cells])
    spans = ledger.many_spans([cell.id for cell in cells], epoch(window.start), epoch(window.end))
    said = _Told(window, [cell.id for cell in cells])
    found = []
    for cell in cells:
        if part := window.cut(cell.in_service_from, min(cell.in_service_to or now, now)):
            mine = [s for s in spans[cell.id] if s.start < epoch(part.end) and s.end > epoch(part.start)]
            begun = lasted[cell.id].since if part.start == window.start else epoch(part.start)
            found.append((cell, list(_rewound(cell, part, mine, said, begun))))
    return found


def _rewound(
    cell: Cell, part: Window, spans: Sequence[ledger.Span], said: "_Told", begun: int | None
) -> Iterator[Rewound]:
    """begun: since when the first of them had lasted."""
    cut = [
        span._replace(start=max(span.start, epoch(part.start)), end=min(span.end, epoch(part.end))) for span in spans
    ]
    first = None if begun is None else moment(begun)
    state: str | None = None
    since: datetime | None = None
    for n, stretch in enumerate(divide(cell, said.intervals(cell.id, cut), None, said.holds[cell.id])):
        if stretch.state != state:
            state, since = stretch.state, stretch.start if n else first
        shown = max(since, cell.in_service_from) if since else None
        corrected = stretch.source == str(ledger.Source.PERSON)
        yield Rewound(stretch.state, stretch.start, stretch.end, shown, stretch.what, stretch.reason, corrected)


class _Told:
    """What the rows say of these cells in this window: each kind is asked for once, for all of them."""

    def __init__(self, window: Window, cell_ids: Collection[int]) -> None:
        self.words = _by_cell([*_words(Reading, window, cell_ids), *_words(Remark, window, cell_ids)])
        self.changes = changes_of(cell_ids, window)
        self.notes: dict[int, list[IntervalNote]] = defaultdict(list)
        for note in notes(cell_ids, window):
            self.notes[note.cell_id].append(note)
        self.holds = _holds(window, cell_ids)

    def intervals(self, cell_id: int, spans: Iterable[ledger.Span]) -> Iterator[Interval]:
        return intervals_of(spans, self.words[cell_id], self.changes[cell_id], self.notes[cell_id])


def _by_cell(rows: Iterable[Reading | Remark]) -> dict[int, list[Word]]:
    found: dict[int, list[Word]] = defaultdict(list)
    for row in sorted(rows, key=attrgetter("at")):
        found[row.cell_id].append(Word(row.at, row.state, row.detail))
    return found


def _words(kind: type[Said], window: Window, cell_ids: Collection[int]) -> list[Said]:
    """Those within the window, and of each cell the last before it."""
    earlier = aliased(kind)
    last = select(func.max(earlier.at)).where(earlier.cell_id == Cell.id, earlier.at <= window.start).scalar_subquery()
    before = select(kind).join(Cell, and_(Cell.id == kind.cell_id, kind.at == last)).where(Cell.id.in_(cell_ids))
    found = list(db.session.scalars(before))
    within = select(kind).where(kind.cell_id.in_(cell_ids), kind.at > window.start, kind.at < window.end)
    return found + list(db.session.scalars(within))


def _holds(window: Window, cell_ids: Collection[int]) -> dict[int, list[Hold]]:
    """In whole seconds, oldest first. A cell is in one hand at a time: of earlier claims only the last can reach in."""
    earlier = aliased(Claim)
    newest = select(func.max(earlier.opened)).where(earlier.cell_id == Cell.id, earlier.opened <= window.start)
    over = (Claim.closed.is_(None)) | (Claim.closed > window.start)
    before = select(Claim).join(Cell, and_(Cell.id == Claim.cell_id, Claim.opened == newest.scalar_subquery()))
    within = select(Claim).where(Claim.opened > window.start, Claim.opened < window.end)
    claims = [
        *db.session.scalars(before.where(Cell.id.in_(cell_ids), over)),
        *db.session.scalars(within.where(Claim.cell_id.in_(cell_ids)).order_by(Claim.opened)),
    ]
    found: dict[int, list[Hold]] = defaultdict(list)
    for claim in claims:
        end = moment(epoch(claim.closed or window.end))
        found[claim.cell_id].append(
            Hold(moment(epoch(claim.opened)), max(end, moment(epoch(claim.opened))), claim.what)
        )
    return found
