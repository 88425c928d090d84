"""What happened: append-only. And the answers already given, so that a repeated request gets the same one."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from webapp.extensions import Base


class Entry(Base):
    """Who did what to which thing, when, from where; `details` holds before and after."""

    __tablename__ = "journal_entries"
    __table_args__ = (Index("ix_journal_subject", "subject", "id"), Index("ix_journal_by", "by", "id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    verb: Mapped[str] = mapped_column(String(60))  # "created project", "finished project", "signed in", ...
    subject: Mapped[str] = mapped_column(String(60))  # "project:7", "cell:3", "user:2"
    by: Mapped[str] = mapped_column(String(80))  # a username, "cell:C01", or "the factory"
    origin: Mapped[str | None] = mapped_column(String(60))  # the address a request came from
    details: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


class Answer(Base):
    """The first answer to a request that carried a key; kept 24 h."""

    __tablename__ = "answers"
    __table_args__ = (UniqueConstraint("owner", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    owner: Mapped[str] = mapped_column(String(80))  # "user:3" or "cell:4": another person's key is another key
    key: Mapped[str] = mapped_column(String(200))
    asked: Mapped[str] = mapped_column(String(64))  # SHA-256 of method, path and body
    status: Mapped[int]
    headers: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    body: Mapped[bytes] = mapped_column(LargeBinary)
    at: Mapped[datetime] = mapped_column(index=True)
