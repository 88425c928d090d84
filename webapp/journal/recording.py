"""Writing down what happened, and reading it back."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import aliased

from webapp.extensions import db
from webapp.journal.kinds import DONE_TO_CELLS, KINDS
from webapp.journal.models import Entry


def record(verb: str, subject: str, by: str, at: datetime, **details: object) -> Entry:
    """Add an entry to the transaction under way. The door leaves the caller's address in the session's info."""
    entry = Entry(at=at, verb=verb, subject=subject, by=by, origin=db.session.info.get("origin"), details=details)
    db.session.add(entry)
    return entry


def recent(
    subject: str | None = None,
    *,
    by: str | None = None,
    kind: str | None = None,
    subjects: Sequence[str] | None = None,
    start: datetime | None = None,
    end: datetime | None = None,
    before: int | None = None,
    limit: int = 100,
) -> list[Entry]:
    """Entries, newest first. subject: one thing; kind: one of KINDS; subjects: only these (None: all);
    start <= at < end; before: an entry's id, to read on from there."""
    query = select(Entry).order_by(Entry.at.desc(), Entry.id.desc()).limit(limit)
    if subject is not None:
        query = query.where(Entry.subject == subject)
    if kind is not None:
        query = query.where(_of_kind(kind))
    if subjects is not None:
        query = query.where(Entry.subject.in_(subjects))
    if by is not None:
        query = query.where(Entry.by == by)
    if start is not None:
        query = query.where(Entry.at >= start)
    if end is not None:
        query = query.where(Entry.at < end)
    if before is not None:
        earlier = aliased(Entry)
        last = select(earlier.at).where(earlier.id == before).scalar_subquery()
        query = query.where(or_(Entry.at < last, and_(Entry.at == last, Entry.id < before)))
    return list(db.session.scalars(query))


def _of_kind(kind: str) -> ColumnElement[bool]:
    named = [Entry.subject.startswith(f"{name}:", autoescape=True) for name in KINDS.get(kind, (kind,))]
    done = [Entry.verb.endswith(f" {word}", autoescape=True) for word in DONE_TO_CELLS.get(kind, ())]
    return or_(*named, *done)


def walk(batch: int = 500, **filters: Any) -> Iterator[list[Entry]]:
    """All that recent() would find, however many, a batch at a time. What is written meanwhile is not among them."""
    before = None
    while found := recent(**{**filters, "before": before, "limit": batch}):
        before = found[-1].id
        for entry in found:
            db.session.expunge(entry)  # so that what was given away is not remembered here
        yield found
