"""Tables of accounts that were added up beforehand. All of it is derived: it may be dropped, and is made again.

`book_id` is in every key and every statement, as in the ledger. hour: hours since 1970, UTC.
"""

from sqlalchemy import BigInteger, Index, Integer, LargeBinary, SmallInteger, String, Table
from sqlalchemy.orm import Mapped, mapped_column

from webapp.extensions import Base


class AccountBook(Base):
    """How far a book is added up: everything before known_to (an hour). round grows with each step, so that of two
    who add up at the same time one finds itself outdated. edition: what its blocks count, and of which seconds
    (overlay.EDITION); those of another one are not believed."""

    __tablename__ = "account_book"

    book_id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    round: Mapped[int] = mapped_column(default=0)
    known_to: Mapped[int]
    edition: Mapped[str] = mapped_column(String(16))


class AccountBlock(Base):
    """Accounts of a book's cells over `hours` hours from `hour` on; not to be believed where a Stale row touches it."""

    __tablename__ = "account_block"

    book_id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    hours: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    hour: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    data: Mapped[bytes] = mapped_column(LargeBinary)


class Stale(Base):
    """start <= t < end (epoch seconds) of a book may read differently than it was added up. Who changes the past
    leaves a row in the same transaction; whoever adds up anew takes it away."""

    __tablename__ = "account_stale"
    __table_args__ = (Index("ix_account_stale_book_id", "book_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    book_id: Mapped[int]
    start: Mapped[int] = mapped_column(BigInteger)
    end: Mapped[int] = mapped_column(BigInteger)


class DirectoryVersion(Base):
    """What the list of cells is called at present: another word after each change of a cell or site."""

    __tablename__ = "directory_version"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    word: Mapped[str] = mapped_column(String(32))


def _table(model: type[Base]) -> Table:
    table = model.__table__
    assert isinstance(table, Table)
    return table


account_books, blocks, stale, directory_versions = map(_table, (AccountBook, AccountBlock, Stale, DirectoryVersion))
