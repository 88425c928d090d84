"""Lanes and bars: which operation is drawn where, as what, and with which words. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from webapp.cells import Booking, Cell, Standing
from webapp.orders import Planned
from webapp.projects import Project
from webapp.screens.schedule.scale import Piece, Scale
from webapp.screens.schedule.spans import Shown

#: Pixels of a lane on the smallest picture: words that do not fit there are left out.
WIDE = 720
#: Pixels a letter takes, and what stands at both its sides.
LETTER, MARGIN = 6.9, 12
#: Per cent: the shortest operation can still be seen and pressed.
LEAST = 0.4
#: How running work is drawn on a machine that does not run.
STANDING = {"down": "stopped", "unknown": "lost"}
STATE_WORDS = {
    "done": "done",
    "running": "running",
    "planned": "planned",
    "waiting": "waiting for a machine",
    "failed": "failed",
    "stopped": "running, and its machine is down",
    "lost": "running, and its machine is silent",
}


#: A machine, and how it stands; None: it is retired.
Place = tuple[Cell, Standing | None]


@dataclass(frozen=True)
class Broken:
    """What is wrong with an operation. clash: stretches that two want."""

    words: str
    clash: tuple[tuple[datetime, datetime], ...] = ()


@dataclass(frozen=True)
class Bar:
    """start, end: what is drawn; past: how much of a running one is over; plan: where it was meant to be, where that
    is somewhere else. title, name: "" where they do not fit."""

    op: Planned
    kind: str
    start: datetime
    end: datetime
    at: Piece
    title: str = ""
    name: str = ""
    past: float = 0.0
    plan: Piece | None = None
    clash: tuple[Piece, ...] = ()
    broken: str = ""

    @property
    def state(self) -> str:
        return STATE_WORDS[self.kind]

    @property
    def short(self) -> str:
        return short(self.op.order_ref, self.op.idx)


@dataclass(frozen=True)
class Block:
    """Time a lane is taken by something else. kind: window, project, stop."""

    kind: str
    at: Piece
    start: datetime
    end: datetime
    label: str
    what: str = ""


@dataclass
class Lane:
    """idle: names its non-working time among the picture's paths; None: it works around the clock."""

    cell: Cell
    standing: Standing | None
    bars: list[Bar] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    idle: int | None = None

    @property
    def state(self) -> str:
        return self.standing.state if self.standing else "unknown"


@dataclass(frozen=True)
class Draft:
    """What is drawn, and by which clock."""

    span: Shown
    now: datetime
    broken: Mapping[str, Broken] = field(default_factory=dict)

    @property
    def scale(self) -> Scale:
        return Scale.of(self.span)


def lanes(
    draft: Draft, places: Sequence[Place], ops: Iterable[Planned], blocks: Mapping[int, list[Block]]
) -> list[Lane]:
    """A lane for each machine that takes operations, or that something is drawn on."""
    by_cell: dict[int | None, list[Planned]] = defaultdict(list)
    for op in ops:
        by_cell[op.cell_id].append(op)
    drawn = []
    for cell, standing in places:
        lane = Lane(cell, standing, blocks=blocks.get(cell.id, []))
        lane.bars.extend(bar for op in by_cell[cell.id] if (bar := _bar(draft, op, standing)))
        if lane.bars or lane.blocks or ("operation" in cell.takes and cell.in_service_to is None):
            drawn.append(lane)
    return drawn


def _bar(draft: Draft, op: Planned, standing: Standing | None) -> Bar | None:
    kind, start, end = _drawn(op, standing, draft.now)
    scale = draft.scale
    at = scale.piece(start, end)
    if at is None:
        return None
    wrong = draft.broken.get(op.ref)
    past = scale.at(draft.now) - at.x if kind == "running" else 0.0
    width = max(at.width, LEAST)
    return Bar(
        op=op,
        kind=kind,
        start=start,
        end=end,
        at=Piece(min(at.x, 100 - width), width),
        title=_fitting(short(op.order_ref, op.idx), width),
        name=_fitting(op.name, width, cut=True),
        past=round(max(0.0, past), 3),
        plan=_plan(op, scale, start, end),
        clash=tuple(piece for both in (wrong.clash if wrong else ()) if (piece := scale.piece(*both))),
        broken=wrong.words if wrong else "",
    )


def short(order_ref: str, idx: int) -> str:
    """1006·3, as a bar names an operation."""
    return f"{order_ref.removeprefix('WO-')}·{idx}"


def _drawn(op: Planned, standing: Standing | None, now: datetime) -> tuple[str, datetime, datetime]:
    """As what, from when and to when. What is over is drawn where it was, what runs as long as it will at least, and
    up to where its machine went down under it."""
    planned = op.starts or now, op.ends or now
    if op.started_at is None:
        return op.status, *planned
    if op.ended_at is not None:
        return op.status, op.started_at, max(op.ended_at, op.started_at + timedelta(seconds=1))
    expected = max(op.started_at + timedelta(seconds=op.seconds), now)
    if standing is None or standing.state not in STANDING:
        return "running", op.started_at, expected
    broke_off = standing.state == "down" and standing.since > op.started_at
    return STANDING[standing.state], op.started_at, standing.since if broke_off else expected


def _plan(op: Planned, scale: Scale, start: datetime, end: datetime) -> Piece | None:
    """Where it was meant to be, if work went otherwise."""
    if op.started_at is None or op.starts is None or op.ends is None or (op.starts, op.ends) == (start, end):
        return None
    return scale.piece(op.starts, op.ends)


def _fitting(words: str, width: float, cut: bool = False) -> str:
    """The words, if they fit into that many per cent; cut: as many of their letters as do. Without an ellipsis: what a
    bar shows must stand in what it is called."""
    room = int((width / 100 * WIDE - MARGIN) / LETTER)
    if len(words) <= room:
        return words
    return words[:room].rstrip() if cut and room >= 4 else ""


def windows(draft: Draft, booked: Iterable[Booking]) -> dict[int, list[Block]]:
    """Maintenance, by machine."""
    found = defaultdict(list)
    for one in booked:
        if at := draft.scale.piece(one.starts, one.ends):
            found[one.cell_id].append(Block("window", at, one.starts, one.ends, one.label or "Maintenance", one.what))
    return found


def stops(draft: Draft, places: Iterable[Place]) -> dict[int, list[Block]]:
    """Machines that are down now: nobody knows until when, so the hatch reaches a little beyond now."""
    beyond = draft.now + (draft.span.end - draft.span.start) / 6
    found = {}
    for cell, standing in places:
        down = standing is not None and standing.state == "down"
        at = draft.scale.piece(standing.since, beyond) if down and standing else None
        if at and standing:
            found[cell.id] = [Block("stop", at, standing.since, beyond, "Down, no end known")]
    return found


def held(draft: Draft, projects: Mapping[int, Project]) -> dict[int, list[Block]]:
    """Projects on machines: up to when they should end, where somebody said so, and to now at least."""
    found = {}
    for cell_id, project in projects.items():
        began = project.started_at or project.updated_at
        end = max(began + timedelta(minutes=project.expected_minutes or 0), draft.now)
        if at := draft.scale.piece(began, end):
            found[cell_id] = [Block("project", at, began, end, f"P-{project.id}", project.what)]
    return found


def joined(*parts: Mapping[int, list[Block]]) -> dict[int, list[Block]]:
    every: dict[int, list[Block]] = defaultdict(list)
    for part in parts:
        for cell_id, blocks in part.items():
            every[cell_id].extend(blocks)
    return every
