"""GET /health, /api/health and /api/health/ready."""

from datetime import timedelta

from sqlalchemy.exc import OperationalError

from tests.api.programs import Program, assert_refused, free_cell, nobody
from tests.world import make_cell
from webapp import cells, ledger, people
from webapp.lib.clock import epoch, utcnow


def test_it_lives(app):
    for path in ("/health", "/api/health"):
        answer = app.test_client().get(path)

        assert (answer.status_code, answer.json) == (200, {"status": "ok"})


def test_a_factory_without_cells_is_fit_for_work(app):
    assert nobody(app).get("/health/ready").json == {
        "status": "ready",
        "database": "ok",
        "updates": "polled",
        "tick_age_seconds": None,
        "tick_age_allowed": 15,
        "feeds": {"answering": 0, "silent": 0},
    }


def test_it_is_ready_while_cells_are_sampled(app):
    now = epoch(utcnow())
    cell = free_cell("C01")
    make_cell("C02", now=utcnow())
    ledger.lease(cell.book_id, 5, now - 5)
    cells.take_samples(now - 5, 5, ())

    told = nobody(app).get("/health/ready")

    assert told.status_code == 200
    assert told.json["tick_age_seconds"] <= 15
    assert sum(told.json["feeds"].values()) == 2


def test_it_is_not_when_nothing_was_sampled_for_three_periods(app):
    make_cell("C01", now=utcnow() - timedelta(minutes=1))

    answer = nobody(app).get("/health/ready")

    details = assert_refused(answer, 503, "UNAVAILABLE")
    assert details["tick_age_seconds"] > details["tick_age_allowed"] == 15
    assert answer.headers["Retry-After"] == "5"


def test_it_is_not_without_a_database_but_lives(app, monkeypatch):
    def gone(*args):
        raise OperationalError("SELECT 1", {}, Exception("gone"))

    monkeypatch.setattr(cells, "standings", gone)

    assert_refused(nobody(app).get("/health/ready"), 503, "UNAVAILABLE")
    assert nobody(app).get("/health").status_code == 200


def test_a_proof_is_not_looked_up(app, monkeypatch):
    def gone(*args):
        raise OperationalError("SELECT 1", {}, Exception("gone"))

    monkeypatch.setattr(people, "caller_for_token", gone)

    assert Program(app, "df_any").get("/health").status_code == 200


def test_it_asks_for_no_proof(app):
    assert Program(app, "not a token").get("/health/ready").status_code == 200
