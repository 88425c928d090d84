"""What is said to engines that spread or pack the tables; and the sentence where they are not there."""

import pytest
from sqlalchemy import inspect, text

from webapp import ledger
from webapp.extensions import Base, db
from webapp.ledger.distributing import BY_BOOK
from webapp.lib.refusal import WrongState


def run(app, *words):
    return app.test_cli_runner().invoke(args=["ledger", "distribute", *words])


def test_every_table_of_a_book_goes_with_it(app):
    from webapp.ledger import models

    own = {t.name for t in Base.metadata.sorted_tables if t.name in vars(models).values() or _is_of(models, t)}

    assert own == {"book", "cell_head", *BY_BOOK}


def _is_of(models, table):
    return any(getattr(thing, "__table__", None) is table for thing in vars(models).values())


def test_each_key_holds_what_its_table_is_distributed_by(app):
    """Citus refuses any other; the one that does not is changed first."""
    without = [
        name for name in BY_BOOK if "book_id" not in inspect(db.engine).get_pk_constraint(name)["constrained_columns"]
    ]

    assert without == ["corrected"]
    assert "corrected" in ledger.ddl("citus")[0]


def test_heads_come_first_and_all_others_lie_with_them(app):
    said = ledger.ddl("citus")

    assert said.index("SELECT create_distributed_table('cell_head', 'book_id')") == 2
    assert all("colocate_with := 'cell_head'" in line for line in said[3:])
    assert len(said) == 3 + len(BY_BOOK)


@pytest.mark.parametrize("engine", ledger.ENGINES)
def test_where_the_engine_is_not_there_it_says_what_would_be_needed(app, engine, database_kind):
    words = "SQLite" if database_kind == "sqlite" else f"CREATE EXTENSION {engine}"
    for how in ([], ["--apply"]):
        told = run(app, "--engine", engine, *how)

        assert told.exit_code == 1
        assert words in told.output
        assert ("create_" in told.output) == (not how)
    with pytest.raises(WrongState):
        ledger.distribute(engine)


def test_an_engine_nobody_knows_is_a_wrong_word(app):
    assert run(app, "--engine", "abacus").exit_code == 2


def test_what_plain_postgresql_understands_of_it_is_right(app, database_kind):
    """All but the engine's own functions and settings, undone afterwards."""
    if database_kind != "postgresql":
        return
    for engine in ledger.ENGINES:
        with db.engine.connect() as connection:
            for statement in ledger.ddl(engine):
                if not statement.startswith("SELECT") and "timescaledb" not in statement:
                    connection.execute(text(statement))
            connection.rollback()
