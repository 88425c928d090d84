"""A cell that flaps is marked while it does, and the log says when that began and ended."""

from datetime import timedelta

from tests.world import NOW, make_cell, make_person
from webapp import cells, journal, ledger
from webapp.extensions import db, transaction
from webapp.lib.clock import epoch


def make_flapping(name="C01"):
    """It has turned at each of its samples for a quarter of an hour, up to NOW."""
    cell, start = make_cell(name), epoch(NOW) - 900
    lease = ledger.lease(cell.book_id, 5, start)
    with transaction():
        for slot in range(start, start + 900, 5):
            ledger.tick(lease, slot, {cell.id: ledger.State(1 + slot // 5 % 2)})
    return cell


def said_of(cell):
    db.session.rollback()
    return [entry.verb for entry in journal.recent(f"cell:{cell.id}") if "flap" in entry.verb][::-1]


def test_it_is_marked_once_and_counted_each_time(app):
    cell = make_flapping()
    assert cells.flapping() == {}

    for late in (0, 60):
        assert cells.watch_flapping(NOW + timedelta(seconds=late), 5) == 1

    assert cells.flapping() == {cell.id: cells.Flapping(NOW, 11)}
    assert said_of(cell) == ["began to flap"]


def test_it_ends_when_the_cell_has_calmed_down(app):
    cell = make_flapping()
    cells.watch_flapping(NOW, 5)

    assert cells.watch_flapping(NOW + timedelta(minutes=9), 5) == 0

    assert cells.flapping() == {}
    assert said_of(cell) == ["began to flap", "ceased to flap"]
    cells.watch_flapping(NOW + timedelta(minutes=10), 5)
    assert said_of(cell) == ["began to flap", "ceased to flap"]


def test_the_pages_say_so(app, client):
    calm, cell = make_cell("C02"), make_flapping()
    cells.watch_flapping(NOW, 5)
    make_person("root")
    client.sign_in("root")

    words = "Flapping: 12 changes a minute; look at its feed"
    assert words in client.get(f"/cells/{cell.id}").text
    assert client.get("/admin/cells").text.count(words) == 1
    assert "Flapping" not in client.get(f"/cells/{calm.id}").text
