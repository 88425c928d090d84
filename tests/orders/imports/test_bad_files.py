"""What cannot be used is refused, by its row or as a whole, and nothing is half written."""

from datetime import timedelta

import pytest

from tests.orders.imports.files import bring, finished, offered, refused, said_of, text
from tests.world import NOW, make_site
from webapp import cells, orders
from webapp.extensions import db
from webapp.lib import turns
from webapp.lib.refusal import Invalid, NotFound, WrongState
from webapp.orders.imports import working
from webapp.orders.imports.spool import Spool

DAY = "2026-03-05"
GOOD = f"WO-1,Housing,10,1,Cut,M1,{DAY} 08:00,{DAY} 09:00"


@pytest.fixture(autouse=True)
def site(app):
    return make_site()


@pytest.mark.parametrize(
    ("row", "what"),
    [
        ("WO-1,Housing,10,2", "it has 4 fields"),
        (f",Housing,10,2,Cut,M1,{DAY} 08:00,{DAY} 09:00", "nothing cannot be the name of an order"),
        (f"WO/1,Housing,10,2,Cut,M1,{DAY} 08:00,{DAY} 09:00", "WO/1 cannot be the name of an order"),
        (f"new,Housing,10,2,Cut,M1,{DAY} 08:00,{DAY} 09:00", "new cannot be the name of an order: it must be a number"),
        (f"WO-1,Housing,10,2,,M1,{DAY} 08:00,{DAY} 09:00", "it names no operation"),
        (f"WO-1,Housing,ten,2,Cut,M1,{DAY} 08:00,{DAY} 09:00", "ten is no quantity"),
        (f"WO-1,Housing,0,2,Cut,M1,{DAY} 08:00,{DAY} 09:00", "0 is no quantity"),
        (f"WO-1,Housing,10,-1,Cut,M1,{DAY} 08:00,{DAY} 09:00", "-1 is no step number"),
        (f"WO-1,Housing,10,,Cut,M1,{DAY} 08:00,{DAY} 09:00", "it has no step number"),
        (f"WO-1,Housing,10,2,Cut,M1,{DAY} 09:00,{DAY} 08:00", "before it begins"),
        (f"WO-1,Housing,10,2,Cut,M1,{DAY} 09:00,{DAY} 09:00", "when it begins"),
        (f"WO-1,Housing,10,2,Cut,M1,{DAY} 09:00,2027-04-09 09:00", "it lasts 400 days"),
        (f"WO-1,Housing,10,2,Cut,M1,{DAY} 09:00,", "it has one end only"),
        (f"WO-1,Housing,10,2,Cut,,{DAY} 08:00,{DAY} 09:00", "it has a time and no machine"),
        ("WO-1,Housing,10,2,Cut,M1,24:00.0,43:00.0", "24:00.0 is no time"),
        ("WO-1,Housing,10,2,Cut,M1,2026-02-30 08:00,2026-03-01 08:00", "2026-02-30 08:00 is no time"),
        ("WO-1,Housing,10,2,Cut,M1,03/04/2026 08:00,03/04/2026 09:00", "does not say which is the day"),
        ("WO-1,Housing,10,2,Cut,M1,1970-01-01 08:00,1970-01-01 09:00", "lies outside of what is read"),
        (f"WO-1,{'x' * 201},10,2,Cut,M1,{DAY} 08:00,{DAY} 09:00", "its product has 201 characters"),
        (f"WO-1,{'x' * 9000},10,2,Cut,M1,{DAY} 08:00,{DAY} 09:00", "product has 9,000 characters"),
        (f"WO-1,a\0b,10,2,Cut,M1,{DAY} 08:00,{DAY} 09:00", "NUL"),
        (f"WO-1,a\x1bb,10,2,Cut,M1,{DAY} 08:00,{DAY} 09:00", "cannot be shown"),
        ('WO-1,"Housing,10,2', "its quotes do not close"),
    ],
)
def test_a_bad_row_is_refused_by_its_number_and_the_good_ones_go_in(tmp_path, row, what):
    job = bring(text(GOOD, row, GOOD.replace("WO-1", "WO-2")), tmp_path)

    assert (job.status, job.good, job.refused) == ("done", 2, 1)
    assert what in refused(job, tmp_path)[3]
    assert len(said_of("WO-1")[3]) == 1


def test_the_list_of_refused_rows_is_safe_in_a_spreadsheet(tmp_path):
    job = bring(text(GOOD.replace(f"{DAY} 08:00", "=HYPERLINK(1)")), tmp_path)

    assert refused(job, tmp_path) == {2: "'=HYPERLINK(1) is no time"}


@pytest.mark.parametrize(("dates", "start"), [("day", "2026-04-03"), ("month", "2026-03-04")])
def test_which_is_the_day_and_which_the_month_is_told_not_guessed(tmp_path, dates, start):
    bring(text("W,,1,1,Cut,M1,03/04/2026 2:30 PM,03/04/2026 3:00 PM"), tmp_path, dates=dates)

    assert said_of("W")[3][0][3] == f"{start[5:]}T14:30"


def test_statuses_that_contradict_their_times(tmp_path):
    header = "order,step,operation,machine,start,end,status"
    rows = [f"W,1,Cut,M1,{DAY} 08:00,{DAY} 09:00,done", f"W,2,Cut,M1,{DAY} 08:00,{DAY} 09:00,asleep"]
    rows += [f"W,3,Cut,M1,{DAY} 08:00,{DAY} 09:00,Cancelled"]

    job = bring(text(*rows, header=header), tmp_path)

    assert {row: what[:20] for row, what in refused(job, tmp_path).items()} == {
        2: "it is over, and ends",
        3: "asleep is no status",
    }


def test_two_things_under_one_number_are_both_refused_whatever_their_sequence(tmp_path):
    rows = [GOOD, GOOD.replace("Cut", "Mill"), GOOD.replace(",1,", ",2,")]
    for shuffled in (rows, rows[::-1]):
        job = bring(text(*shuffled), tmp_path)
        assert sorted(refused(job, tmp_path)) == sorted(shuffled.index(row) + 2 for row in rows[:2])
    assert [op[0] for op in said_of("WO-1")[3]] == [1]


def test_an_operation_of_two_orders(tmp_path):
    header = "order,operation id,step,operation,machine,start,end"
    rows = [f"{order},OP-1,1,Cut,M1,{DAY} 08:00,{DAY} 09:00" for order in ("A", "B")]

    job = bring(text(*rows, f"C,OP-3,1,Cut,M1,{DAY} 08:00,{DAY} 09:00", header=header), tmp_path)
    again = bring(text(f"D,OP-3,1,Cut,M1,{DAY} 08:00,{DAY} 09:00", header=header), tmp_path)

    assert refused(job, tmp_path) == {2: "OP-1 stands in several orders", 3: "OP-1 stands in several orders"}
    assert again.remarks == [["D", "OP-3 is an operation of another order"]]
    assert said_of("D")[3] == []


def test_an_order_of_too_many_operations(tmp_path):
    rows = [f"W,,1,{n},Cut,M1,{DAY} 08:00,{DAY} 09:00" for n in range(1, 202)]

    job = bring(text(GOOD, *rows), tmp_path)

    assert (job.good, job.refused) == (1, 201)
    assert refused(job, tmp_path)[3] == "W has more than 200 operations"


def test_what_contradicts_itself_is_dropped_in_pieces_and_none_is_left_alone(tmp_path, monkeypatch):
    job = _contradicting(5, tmp_path)
    pieces = _pieces(monkeypatch, lambda: None, 3)

    told = finished(job.id, tmp_path)

    assert (pieces, told.status, told.refused, told.good) == ([4, 4, 2], "done", 10, 1)


def test_it_is_called_off_while_it_is_judged(tmp_path, monkeypatch):
    job = _contradicting(5, tmp_path)
    pieces = _pieces(monkeypatch, lambda: orders.cancel_import(job.id, "pat", NOW), 3)

    assert (finished(job.id, tmp_path).status, pieces) == ("cancelled", [4])


def test_a_row_to_drop_is_found_by_its_number(tmp_path):
    spool = Spool(tmp_path)

    plan = spool.base.execute("EXPLAIN QUERY PLAN DELETE FROM row WHERE line = 7").fetchall()

    spool.close()
    assert "INDEX row_line" in plan[0][-1]


def _contradicting(n, folder):
    """So many orders, each of two rows that are two things under one number; and one that is good."""
    pairs = [GOOD.replace("WO-1", f"W-{k}").replace("Cut", name) for k in range(n) for name in ("Cut", "Mill")]
    job = offered(text(GOOD, *pairs), folder)
    return orders.begin_import(job.id, "pat", NOW, folder)


def _pieces(monkeypatch, then, at_once):
    """How many rows are dropped at a time; then: what happens after each."""
    pieces, drop = [], Spool.drop

    def watched(spool, refused):
        pieces.append(len(refused))
        drop(spool, refused)
        then()

    monkeypatch.setattr(Spool, "drop", watched)
    monkeypatch.setattr(working, "AT_ONCE", at_once)
    return pieces


def test_rows_that_add_up_to_more_than_there_can_be(tmp_path):
    rows = [f"WO-2,2,Mill,M1,2026-03-0{day} 08:00,2026-03-0{day} 09:00,1000000000" for day in (1, 2, 3)]
    header = "order,step,operation,machine,start,end,completed"

    job = bring(text(f"WO-1,1,Cut,M1,{DAY} 08:00,{DAY} 09:00,", *rows, header=header), tmp_path)

    assert (job.status, job.good, sorted(refused(job, tmp_path))) == ("done", 1, [3, 4, 5])
    assert refused(job, tmp_path)[3] == "rows 3, 4, 5 add up to a quantity done of 3,000,000,000"


def test_a_file_at_which_workers_die_is_given_up_and_the_next_is_brought_in(tmp_path, monkeypatch):
    bad, good = (offered(text(GOOD.replace("WO-1", ref)), tmp_path).id for ref in ("WO-1", "WO-2"))
    for import_id in (bad, good):
        orders.begin_import(import_id, "pat", NOW, tmp_path)
    monkeypatch.setattr(working, "write_orders", _dies)
    for tries in range(turns.MOST_LOST):
        with pytest.raises(KeyboardInterrupt):
            orders.go_on_importing(tmp_path, lambda late=tries: NOW + timedelta(minutes=2 * late))
        db.session.rollback()
    monkeypatch.undo()

    finished(good, tmp_path, NOW + timedelta(hours=9))

    given_up = orders.one_import(bad)
    assert (given_up.status, given_up.problem) == ("refused", turns.GIVEN_UP)
    assert (orders.one_import(good).status, said_of("WO-2")[2]) == ("done", "planned")


def _dies(*_):
    raise KeyboardInterrupt


@pytest.mark.parametrize(("most_bad", "status"), [(None, "done"), (50, "done"), (49, "refused")])
def test_half_of_its_rows_are_wrong(tmp_path, most_bad, status):
    rows = [GOOD.replace("WO-1", f"W-{n}") if n % 2 else f"W-{n},x,1,1,Cut,M1,24:00.0,43:00.0" for n in range(40)]

    job = bring(text(*rows), tmp_path, most_bad=most_bad)

    assert (job.status, job.refused, len(refused(job, tmp_path))) == (status, 20, 20)
    assert len(orders.orders_page(orders.OrderFilters(), limit=100).orders) == (20 if status == "done" else 0)


@pytest.mark.parametrize("content", [text(), text("x,y,z")])
def test_not_one_good_row(tmp_path, content):
    job = bring(content, tmp_path)

    assert job.status == "refused"
    assert job.problem in ("It has no rows, only the names of its columns", "Not one of its rows can be used")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (text(GOOD).encode("utf-16"), "UTF-16"),
        ("order,operation,ma\xfchle\n".encode("latin-1"), "not UTF-8"),
        (b"\x89PNG\r\n\x1a\n" + bytes(90), "not UTF-8"),
        (b"order,operation\nW,Cut\n", "must name its columns"),
        (b"order,order,operation\n", "two columns called order"),
        (b"PK\x03\x04" + bytes(200), "no .xlsx workbook"),
        (b"\xd0\xcf\x11\xe0" + bytes(200), "an old .xls, or locked by a password"),
        (b'[{"id": 1', "no JSON"),
        (b"[" * 5000, "no JSON"),
        (b'{"rows": []}', "no list of orders"),
        (b'[{"name": "x"}]', "no list of orders"),
        (b'[["WO-1", "Cut"]]', "no list of orders"),
        (b"\n\n", "empty"),
    ],
)
def test_a_file_that_cannot_be_read_is_not_kept(tmp_path, content, says):
    with pytest.raises(Invalid) as no:
        offered(content, tmp_path)

    assert says in no.value.message
    assert (list(tmp_path.iterdir()), orders.recent_imports()) == ([], [])


def test_a_listing_with_something_else_in_it(tmp_path):
    good = {
        "id": "OP-1",
        "index": 1,
        "name": "Cut",
        "machineId": "M1",
        "start": f"{DAY}T08:00Z",
        "end": f"{DAY}T09:00Z",
    }
    listing = [
        {"id": "A", "operations": [good, {**good, "id": "OP-2", "index": 2, "name": ["Cut"]}]},
        {"id": "B", "operations": "none"},
        {"id": "C", "operations": [{"id": "OP-9", "index": True, "name": "x"}]},
    ]

    job = bring(listing, tmp_path)

    assert refused(job, tmp_path) == {
        3: "its operation is neither text nor a number",
        4: "the operations of B are no list of objects",
        5: "its step is neither text nor a number",
    }


def test_columns_that_are_not_there(tmp_path):
    job = offered(text(GOOD), tmp_path)
    for columns, wrong in [
        ({"order": "order"}, "column_name"),
        ({"order": "order", "name": "other"}, "column_name"),
        ({"order": "order", "name": "operation", "qty": "operation"}, "column_qty"),
    ]:
        with pytest.raises(Invalid) as no:
            orders.settle_import(job.id, orders.ImportRules(columns=columns), tmp_path)
        assert wrong in no.value.details["fields"]


@pytest.mark.parametrize(
    ("rules", "field"),
    [
        ({"zone": "Europe/Atlantis"}, "zone"),
        ({"dates": "year"}, "dates"),
        ({"unit": "fortnights"}, "unit"),
        ({"most_bad": 101}, "most_bad"),
        ({"site_id": 99}, "site_id"),
        ({"machines": {"M1": ["M/1", "mill"]}}, "machines"),
    ],
)
def test_rules_that_cannot_be(tmp_path, rules, field):
    job = offered(text(GOOD), tmp_path)

    with pytest.raises(Invalid) as no:
        orders.settle_import(job.id, orders.ImportRules(**{**job.rules, **rules}), tmp_path)

    assert list(no.value.details["fields"]) == [field]


def test_one_that_is_begun_is_read_as_it_was_settled(tmp_path):
    job = bring(text(GOOD), tmp_path)

    with pytest.raises(Invalid, match="The file is gone"):
        orders.settle_import(job.id, job.settled, tmp_path)
    with pytest.raises(WrongState):
        orders.cancel_import(job.id, "pat", NOW)
    with pytest.raises(NotFound):
        orders.one_import(99)


def test_nothing_is_made_of_rows_that_are_refused(tmp_path):
    bring(text("WO-1,Housing,10,1,Cut,M1,24:00.0,43:00.0"), tmp_path)

    assert (cells.all_cells(), db.session.query(orders.WorkOrder).count()) == ([], 0)
