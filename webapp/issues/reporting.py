"""Saying that something is wrong: the cell, what it is doing, and, if one likes, words and photos."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from webapp import cells
from webapp.cells import Cell
from webapp.extensions import db, transaction
from webapp.issues.models import Issue, Link
from webapp.issues.saying import read_photos, read_severity, read_words
from webapp.issues.stepping import step
from webapp.lib.refusal import Invalid, NotFound

#: Unless its reporter says more; a list of issues needs a line for each.
SAYS = {"stopped": "Stopped", "care": "Running, needs care", "info": "For information"}


@dataclass(frozen=True)
class IssueSpec:
    """severity: one of SEVERITIES. cell_id: None where it is about no cell, and then it needs words. photos: files
    as they were sent. about: names such as "order:2", besides what holds the cell."""

    severity: str
    cell_id: int | None = None
    words: str = ""
    photos: Sequence[bytes] = ()
    about: Sequence[str] = ()


def report_issue(spec: IssueSpec, by: str, now: datetime) -> Issue:
    """Raises Invalid naming the fields of the spec, TooLarge for a photo of more than ten megabytes."""
    severity, words, photos = read_severity(spec.severity), read_words(spec.words), read_photos(spec.photos)
    if spec.cell_id is None and not words:
        raise Invalid(words="must say where and what, since it is of no cell")
    with transaction():
        cell = _cell(spec.cell_id) if spec.cell_id is not None else None
        issue = Issue(cell=cell, severity=severity, words=words, reported_by=by, reported_at=now, changed_at=now)
        issue.links = [Link(what=what) for what in _about(cell, spec.about)]
        db.session.add(issue)
        db.session.flush()
        step(issue, "reported", by, now, words, photos, severity=severity)
    return issue


def _cell(cell_id: int) -> Cell:
    try:
        cell = cells.one(cell_id)
    except NotFound:
        raise Invalid(cell_id="must be a cell of this factory") from None
    if cell.in_service_to:
        raise Invalid(cell_id=f"must be in service: {cell.name} is not")
    return cell


def _about(cell: Cell | None, more: Sequence[str]) -> list[str]:
    """What holds the cell at this moment first; each once."""
    claim = cells.claim_on(cell.id) if cell else None
    return list(dict.fromkeys([*([claim.what] if claim else []), *more]))
