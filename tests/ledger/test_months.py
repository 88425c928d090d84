"""On PostgreSQL history lies in parts by month; nobody who asks or tells can see it."""

from datetime import UTC, datetime

import pytest
from flask_migrate import downgrade, upgrade
from sqlalchemy import event, text

from tests.ledger.dense import DAWN, DAY, HOUR, RUNNING, make_book, say, tick
from tests.ledger.test_concurrent import beside
from tests.test_migrations import untouched  # noqa: F401 - a fixture
from webapp import ledger
from webapp.extensions import db, held_open, transaction
from webapp.ledger.models import MONTHLY
from webapp.ledger.months import Month, months_of

JANUARY = 1_767_225_600  # 2026-01-01
MONTHS = [Month(2026, month) for month in (3, 4, 5)]


@pytest.fixture
def postgresql(app, database_kind):
    """Without any month at first, and at the end."""
    if database_kind != "postgresql":
        assert ledger.make_months(DAWN) == 0  # there is nothing of the kind
        yield None
        return
    _drop_months()
    yield app
    _drop_months()


def _drop_months() -> None:
    db.session.rollback()
    with transaction():
        for table in MONTHLY:
            for month in months_of(table.name):
                db.session.execute(text(f"DROP TABLE {month.part_of(table.name)}"))


def rows_in(table: str) -> int:
    return db.session.scalar(text(f"SELECT count(*) FROM {table}"))


@pytest.mark.parametrize(
    ("moment", "month"),
    [(0, (1970, 1)), (JANUARY - 1, (2025, 12)), (JANUARY, (2026, 1)), (JANUARY + 31 * DAY, (2026, 2))],
)
def test_the_month_of_a_second(moment, month):
    assert Month.of(moment) == month


def test_months_follow_one_another():
    assert Month(2025, 12).next == Month(2026, 1)
    assert Month(2026, 1).next.first_hour - Month(2026, 1).first_hour == 31 * 24
    assert datetime.fromtimestamp(Month(2028, 3).first_hour * HOUR, UTC) == datetime(2028, 3, 1, tzinfo=UTC)


def test_a_part_is_told_from_a_table():
    names = ("state_change_2026_03", "cell_hour_rest", "state_change", "cell_hour_of_2026", "users")

    assert [name for name in names if ledger.is_partition(name)] == ["state_change_2026_03", "cell_hour_rest"]


def test_months_are_made_ahead_and_once(postgresql):
    if postgresql:
        assert ledger.make_months(DAWN) == 6
        assert ledger.make_months(DAWN) == 0

        assert [months_of(table.name) for table in MONTHLY] == [MONTHS, MONTHS]


def test_of_a_long_past_too(postgresql):
    if postgresql:
        ledger.make_months(DAWN, since_s=JANUARY - DAY)

        assert months_of("cell_hour")[0] == (2025, 12)
        assert len(months_of("cell_hour")) == 6


def test_what_lay_in_the_rest_is_moved_when_its_month_is_made(postgresql):
    book = make_book(1, start=JANUARY)
    lease = ledger.lease(book, HOUR, JANUARY)
    for n in range(24 * 32):
        tick(lease, JANUARY + n * HOUR, {1: RUNNING} if n % 5 else {})
    while ledger.close_hours(lease.tail):
        pass
    say(book, 1, JANUARY + 20 * DAY, JANUARY + 40 * DAY, RUNNING)
    edges = [JANUARY, JANUARY + 7777, JANUARY + 20 * DAY + 5, JANUARY + 31 * DAY, lease.tail - 9]
    before = ledger.windows(edges), ledger.spans(1, edges[0], edges[-1])

    if postgresql:
        assert rows_in("state_change_rest") == rows_in("state_change") > 0
        ledger.make_months(lease.tail)
        assert rows_in("state_change_rest") == rows_in("cell_hour_rest") == 0
        assert rows_in("cell_hour_2026_01") > 0 < rows_in("cell_hour_2026_02")

    assert (ledger.windows(edges), ledger.spans(1, edges[0], edges[-1])) == before
    tick(lease, lease.tail, {1: RUNNING})
    say(book, 1, JANUARY + DAY, JANUARY + 2 * DAY, RUNNING)
    assert ledger.window(JANUARY, JANUARY + 2 * DAY)[1].running > DAY


def test_who_holds_the_rest_is_not_waited_for_long(postgresql):
    """A month that could not be made now is made an hour later; nothing is half done."""
    make_book(1, start=DAWN)
    if not postgresql:
        return
    with db.engine.connect() as other:
        other.execute(text("SELECT count(*) FROM state_change_rest"))
        began = datetime.now(UTC)
        made = ledger.make_months(DAWN)
        assert (datetime.now(UTC) - began).total_seconds() < 5
    assert made == 3  # of the other table
    assert months_of("state_change") == []

    assert ledger.make_months(DAWN) == 3
    assert rows_in("cell_hour_2026_03") == 1


def test_an_error_that_is_not_a_lock_is_told(postgresql):
    if not postgresql:
        return
    with transaction():
        db.session.execute(text("CREATE TABLE state_change_2026_03 (hour int)"))
    try:
        with pytest.raises(Exception, match="already exists"):
            ledger.make_months(DAWN)
    finally:
        with transaction():
            db.session.execute(text("DROP TABLE state_change_2026_03"))


def test_nothing_is_made_within_a_door_s_transaction(postgresql):
    with held_open():
        assert ledger.make_months(DAWN) == 0


def test_a_reader_on_the_way_sees_its_moment(postgresql):
    """Between its statements the rows it reads move to another table."""
    book = make_book(1, start=DAWN)
    lease = ledger.lease(book, HOUR, DAWN)
    for n in range(30):
        tick(lease, DAWN + n * HOUR, {1: RUNNING})
    ledger.close_hours(lease.tail)
    edges, locked, read = [DAWN + 30, DAWN + 25 * HOUR + 30, DAWN + 29 * HOUR], [], []
    before = ledger.windows(edges)
    db.session.rollback()

    def move(connection, cursor, statement, *_):
        if "LOCK" in statement:
            locked.append(statement)
        elif locked and "FROM progress" in statement and not read:
            read.append(statement)
            beside(postgresql, lambda: ledger.make_months(DAWN))

    if postgresql:
        event.listen(db.engine, "after_cursor_execute", move)
        try:
            assert ledger.windows(edges) == before
        finally:
            event.remove(db.engine, "after_cursor_execute", move)
        assert read
        assert rows_in("cell_hour_rest") > 0
        assert ledger.make_months(DAWN) == 6
        assert ledger.windows(edges) == before


@pytest.mark.usefixtures("untouched")
def test_tables_with_history_are_divided_and_joined_again():
    upgrade(revision="f608192c5d54")
    with transaction():
        _old_history()
    kept = _all_rows()

    upgrade()
    assert _all_rows() == kept
    if db.engine.dialect.name == "postgresql":
        assert rows_in("state_change_rest") == 0
        assert months_of("state_change") == [(2025, 12), (2026, 1), (2026, 2), (2026, 3)]
    db.session.rollback()

    downgrade(revision="f608192c5d54")
    assert _all_rows() == kept
    db.session.rollback()


def _old_history() -> None:
    hours = [JANUARY // HOUR + n for n in (-1, 0, 1, 60 * 24)]
    for n, hour in enumerate(hours):
        changed = {"h": hour, "o": n, "s": n % 5, "p": (n + 4) % 5}
        db.session.execute(text("INSERT INTO state_change VALUES (:h, 1, 7, :o, :s, 2, :p)"), changed)


def _all_rows() -> list[tuple[int, ...]]:
    rows = db.session.execute(text("SELECT * FROM state_change ORDER BY hour")).all()
    db.session.rollback()
    return [tuple(row) for row in rows]
