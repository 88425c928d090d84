"""The parts every room leans on: the database, its transactions, and the news that leaves after a commit."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from flask import Flask
from flask_login import LoginManager
from flask_sqlalchemy import SQLAlchemy
from flask_wtf.csrf import CSRFProtect
from sqlalchemy import Engine, MetaData, event
from sqlalchemy.orm import DeclarativeBase, registry

from webapp.lib.columns import UtcDateTime
from webapp.lib.engines import engine_options, refuse_the_dead

NAMING = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Every model's parent. `live_topics` of a row name the boards it is painted on."""

    registry = registry(metadata=MetaData(naming_convention=NAMING), type_annotation_map={datetime: UtcDateTime})


db = SQLAlchemy(model_class=Base)
login = LoginManager()
csrf = CSRFProtect()

#: Called with the set of topics after each commit that touched any (the live door adds itself when the app is built).
listeners: list[Callable[[set[str]], None]] = []


def attach(app: Flask) -> None:
    """The database, signing in, and forms that can only be sent from our own pages."""
    config = app.extensions["factory"]
    app.config.update(
        SQLALCHEMY_DATABASE_URI=config.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=engine_options(config.database_url),
        WTF_CSRF_TIME_LIMIT=None,  # a wall screen is open all shift: the proof lives as long as the session
        WTF_CSRF_HEADERS=["X-CSRF-Token", "X-CSRFToken"],
        WTF_CSRF_ENABLED=not config.testing,
    )
    db.init_app(app)
    login.init_app(app)
    csrf.init_app(app)


def touch(*topics: str) -> None:
    """Say that boards of these topics changed: beside a bulk UPDATE, where no model object shows it."""
    db.session.info.setdefault("topics", set()).update(topics)


@contextmanager
def transaction() -> Iterator[None]:
    """One act, one transaction: all of it is committed at the end, or none.

    Takes the write lock first on SQLite: a transaction that began by reading would fail at once, whatever the
    busy time-out, if another commits before it writes. Inside `held_open` it joins the transaction held there.
    """
    session = db.session
    if session.info.get("held"):
        yield
        return
    if session.info.get("writing"):
        raise RuntimeError("acts do not nest: one transaction per act")
    session.rollback()
    session.info["writing"] = True
    try:
        session.connection(execution_options={"write": True})
        yield
        session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        session.info.pop("writing", None)


@contextmanager
def held_open() -> Iterator[None]:
    """For a door that must store its answer in the same commit as the act (an Idempotency-Key, a double click)."""
    with transaction():
        db.session.info["held"] = True
        try:
            yield
        finally:
            db.session.info.pop("held", None)


@event.listens_for(db.session, "after_flush")
def _collect(session: Any, flush_context: Any) -> None:
    for row in (*session.new, *session.dirty, *session.deleted):
        touch(*getattr(row, "live_topics", ()))


@event.listens_for(db.session, "after_commit")
def _tell(session: Any) -> None:
    if session.in_nested_transaction():
        return
    topics = session.info.pop("topics", None)
    for listener in listeners if topics else ():
        try:
            listener(topics)
        except Exception:  # news is a courtesy: the commit stands, whoever could not be told
            logging.getLogger(__name__).warning("a listener failed", exc_info=True)


@event.listens_for(db.session, "after_soft_rollback")
def _forget(session: Any, previous: Any) -> None:
    if not session.in_nested_transaction():
        session.info.pop("topics", None)


@event.listens_for(Engine, "connect")
def _settle(connection: Any, record: Any) -> None:
    """SQLite as a store that keeps what it acknowledged: WAL, FULL, foreign keys, our own BEGIN."""
    if "sqlite" not in type(connection).__module__:
        return
    connection.isolation_level = None
    for pragma in (
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
        "busy_timeout = 8000",
        "cache_size = -32768",
    ):
        connection.execute(f"PRAGMA {pragma}")


event.listen(Engine, "checkout", refuse_the_dead)


@event.listens_for(Engine, "begin")
def _begin(connection: Any) -> None:
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get("write") else "BEGIN")
