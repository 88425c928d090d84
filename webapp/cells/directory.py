"""Every cell as columns, kept in the process: who asks for a thousand of them reads one short row, not a thousand."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple
from uuid import uuid4
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Engine, select
from sqlalchemy.dialects import postgresql, sqlite

from webapp.cells.account_models import directory_versions
from webapp.cells.models import Cell, Site
from webapp.extensions import db
from webapp.lib.clock import epoch

#: In service with no end that anybody knows.
NEVER = 2**40


class Entry(NamedTuple):
    """A cell as lists of cells name it."""

    id: int
    name: str
    kind: str
    site: str


@dataclass(frozen=True, eq=False)
class Directory:
    """The cells by name, retired ones too. begins, ends: seconds, in service for begins <= t < ends."""

    entries: list[Entry]
    ids: NDArray[np.int32]
    books: NDArray[np.int32]
    begins: NDArray[np.int64]
    ends: NDArray[np.int64]

    def in_service(self, start: int, end: int) -> NDArray[np.intp]:
        """Places in the columns of those that were in service for some of start <= t < end."""
        return np.flatnonzero((self.begins < end) & (self.ends > start))

    def of_book(self, book: int) -> NDArray[np.intp]:
        """Places in the columns of a book's cells, by id."""
        return self._by_book.get(book, np.zeros(0, np.intp))

    @cached_property
    def _by_book(self) -> dict[int, NDArray[np.intp]]:
        by_id = np.argsort(self.ids)
        books = self.books[by_id]
        return {int(book): by_id[books == book] for book in np.unique(books)}


_known: WeakKeyDictionary[Engine, tuple[str, Directory]] = WeakKeyDictionary()


def directory() -> Directory:
    """As of now: read anew when a cell or site has changed since."""
    word = directory_word()
    kept = _known.get(db.engine)
    if kept and kept[0] == word:
        return kept[1]
    found = _read()
    if word is not None:
        _known[db.engine] = word, found
    return found


def directory_word() -> str | None:
    """Another one after each change of a cell or site; None: nobody has said one yet."""
    return db.session.scalar(_WORD)


def directory_changed() -> None:
    """Whoever adds or changes a cell or a site says so in the same transaction. The word is never used again."""
    insert: Any = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}[db.engine.dialect.name]
    row = insert(directory_versions).values(id=1, word=uuid4().hex)
    db.session.execute(row.on_conflict_do_update(index_elements=["id"], set_={"word": row.excluded.word}))


def _read() -> Directory:
    rows = db.session.execute(_CELLS).all()
    number = np.array([(row.id, row.book_id) for row in rows], np.int32).reshape(-1, 2)
    ends = [NEVER if row.in_service_to is None else epoch(row.in_service_to) for row in rows]
    return Directory(
        [Entry(row.id, row.name, row.kind, row.site) for row in rows],
        number[:, 0],
        number[:, 1],
        np.array([epoch(row.in_service_from) for row in rows], np.int64),
        np.array(ends, np.int64),
    )


_WORD = select(directory_versions.c.word)
_CELLS = (
    select(Cell.id, Cell.name, Cell.kind, Site.name.label("site"), Cell.book_id)
    .add_columns(Cell.in_service_from, Cell.in_service_to)
    .join(Site, Site.id == Cell.site_id)
    .order_by(Cell.name)
)
