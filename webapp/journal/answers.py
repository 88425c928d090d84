"""Answers already given: the same key and request get the first answer again, for a day."""

import hashlib
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from webapp.extensions import db, transaction
from webapp.journal.models import Answer
from webapp.lib.refusal import KeyReused

KEPT = timedelta(hours=24)


def digest(*parts: bytes) -> str:
    """What was asked, as one SHA-256; parts are framed by their lengths so that they cannot run into each other."""
    framed = b"".join(len(part).to_bytes(8, "big") + part for part in parts)
    return hashlib.sha256(framed).hexdigest()


def reserve_answer(owner: str, key: str, asked: str, now: datetime) -> Answer | None:
    """A row to put this request's answer in, or None when one was given before (see `answer_to`).

    To be called first thing in the transaction that does the act: on PostgreSQL the unique index makes a second
    request wait here until the first one commits; on SQLite the write lock does.
    """
    row = Answer(owner=owner, key=key, asked=asked, status=0, body=b"", at=now)
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError:
        return None
    return row


def answer_to(owner: str, key: str, asked: str) -> Answer | None:
    """The answer given before; raises KeyReused where the key came with another request."""
    row = db.session.scalar(select(Answer).where(Answer.owner == owner, Answer.key == key))
    if row is not None and row.asked != asked:
        raise KeyReused("This Idempotency-Key was used with another request; send a new key")
    return row


def forget_answers(now: datetime) -> None:
    """Drop what is older than a day."""
    with transaction():
        db.session.execute(delete(Answer).where(Answer.at < now - KEPT))
