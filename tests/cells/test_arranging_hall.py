"""Drawing the hall plan of a site."""

import pytest

from tests.world import NOW, make_cell, make_site
from webapp import cells, extensions, journal
from webapp.cells import HallMark, HallPlan, Spot
from webapp.lib.refusal import Invalid, NotFound, Stale


@pytest.fixture
def three(app):
    return [make_cell(name) for name in ("C01", "C02", "C03")]


def first_site():
    return cells.sites()[0].id


def arrange(places, marks=(), seen=None, site=None, by="root"):
    """places: {cell: (column, row)}, as people say them."""
    site = site or first_site()
    spots = {cell.id: Spot(row, column) for cell, (column, row) in places.items()}
    return cells.arrange_hall(site, spots, marks, seen or cells.hall_plan(site).version, by, NOW)


def drawn(site=None):
    plan = cells.hall_plan(site or first_site())
    return {cell: (spot.column, spot.row) for cell, spot in plan.places.items()}


def complaints(refused):
    return {name: says[0] for name, says in refused.value.details["fields"].items()}


def test_a_site_has_no_plan_until_a_cell_is_placed(three):
    assert cells.hall_plans() == {}

    arrange({three[0]: (2, 1)})

    assert cells.hall_plans()[first_site()].places == {three[0].id: Spot(1, 2)}


def test_the_whole_plan_is_saved_at_once(three):
    one, two, other = three
    arrange({one: (1, 1), two: (2, 1)}, [HallMark("bay", 1, 1, "Milling")])

    arrange({one: (2, 1), two: (1, 1), other: (4, 3)}, [HallMark("across", 3, 0, "Main aisle")])

    assert drawn() == {one.id: (2, 1), two.id: (1, 1), other.id: (4, 3)}
    assert cells.hall_plan(first_site()).marks == [HallMark("across", 3, 0, "Main aisle")]


def test_who_is_not_named_has_no_place(three):
    arrange({three[0]: (1, 1), three[1]: (2, 1)})

    arrange({three[1]: (2, 1)})

    assert drawn() == {three[1].id: (2, 1)}


def test_it_is_in_the_log_in_words(three):
    arrange({three[0]: (4, 2)}, [HallMark("bay", 2, 1, "Milling")])

    entry = journal.recent(f"site:{first_site()}")[0]
    assert entry.verb == "arranged hall"
    assert entry.details["changed"] == ["C01 to column 4, row 2", "bay Milling drawn"]


def test_nothing_new_is_no_entry(three):
    arrange({three[0]: (4, 2)})
    arrange({three[0]: (4, 2)})

    assert len([entry for entry in journal.recent(f"site:{first_site()}") if entry.verb == "arranged hall"]) == 1


def test_two_cells_cannot_stand_in_one_place(three):
    with pytest.raises(Invalid) as refused:
        arrange({three[0]: (1, 1), three[1]: (1, 1)})

    assert complaints(refused) == {f"place-{three[1].id}": "is where C01 stands"}
    assert drawn() == {}


@pytest.mark.parametrize("place", [(0, 1), (31, 1), (1, 41), (1, -1)])
def test_a_place_lies_on_the_plan(three, place):
    with pytest.raises(Invalid) as refused:
        arrange({three[0]: place})

    assert "columns 1 to 30 and rows 1 to 40" in complaints(refused)[f"place-{three[0].id}"]


@pytest.mark.parametrize(
    ("mark", "says"),
    [
        (HallMark("wall", 1, 1, "x"), "must be one of"),
        (HallMark("bay", 1, 1, ""), "must have a name"),
        (HallMark("bay", 1, 0, "x"), "a row and a column"),
        (HallMark("across", 0, 0, ""), "must have a row"),
        (HallMark("along", 1, 2, ""), "must have a column"),
        (HallMark("across", 1, 0, "x" * 41), "up to 40 characters"),
    ],
)
def test_a_mark_has_what_its_kind_needs(three, mark, says):
    with pytest.raises(Invalid) as refused:
        arrange({}, [mark])

    assert says in complaints(refused)["mark-0"]


def test_a_mark_stands_once(three):
    with pytest.raises(Invalid) as refused:
        arrange({}, [HallMark("across", 2, 0, "A"), HallMark("across", 2, 0, "B")])

    assert complaints(refused) == {"mark-1": "stands in the list twice"}


def test_a_cell_of_another_site_has_no_place_here(three):
    elsewhere = make_cell("X01", site_id=make_site("Hall 2").id)

    with pytest.raises(Invalid) as refused:
        arrange({elsewhere: (1, 1)})

    assert complaints(refused) == {f"place-{elsewhere.id}": "is no cell of this site"}


def test_who_drew_over_an_older_plan_is_told_what_changed(three):
    seen = cells.hall_plan(first_site()).version
    arrange({three[0]: (1, 1)}, by="ruth")
    arrange({three[0]: (2, 1)}, by="sam")

    with pytest.raises(Stale) as refused:
        arrange({three[1]: (5, 5)}, seen=seen)

    details = refused.value.details
    assert details["changed_by"] == "sam"
    told = [words.partition(": ")[2] for words in details["changed"]]
    assert told == ["C01 to column 2, row 1", "C01 to column 1, row 1"]
    assert drawn() == {three[0].id: (2, 1)}
    arrange({three[1]: (5, 5)}, seen=details["version"])
    assert drawn() == {three[1].id: (5, 5)}


def test_a_retired_cell_leaves_its_place(three):
    arrange({three[0]: (1, 1)})
    cells.retire_cell(three[0].id, "root", NOW)

    assert drawn() == {}
    arrange({three[1]: (1, 1)})
    assert drawn() == {three[1].id: (1, 1)}


def test_a_cell_that_moves_to_another_site_stands_nowhere_until_it_is_placed(three):
    arrange({three[0]: (1, 1)})
    second = make_site("Hall 2").id
    cells.change_cell(three[0].id, cells.CellDetails("C01", "mill", site_id=second, driver="push"), "root", NOW)

    assert drawn() == {} == drawn(second)
    arrange({three[0]: (3, 1)}, site=second)
    assert drawn(second) == {three[0].id: (3, 1)}


def test_there_is_no_plan_of_no_site(three):
    with pytest.raises(NotFound):
        arrange({}, site=2**30, seen="x")


def test_the_floor_hears_of_it(three, monkeypatch):
    heard = []
    monkeypatch.setattr(extensions, "listeners", [heard.append])

    arrange({three[0]: (1, 1)})

    assert "floor" in set().union(*heard)


def test_a_plan_to_begin_with_follows_the_bays(app):
    for n in range(6):
        make_cell(f"C{n}", location="Bay 2" if n < 5 else "Bay 1")
    make_cell("C9")

    plan = cells.suggested_plan(cells.all_cells())

    assert list(plan.places.values()) == [(1, 1), (2, 1), (2, 2), (2, 3), (2, 4), (3, 1), (4, 1)]
    assert plan.marks == [HallMark("bay", 1, 1, "Bay 1"), HallMark("bay", 2, 1, "Bay 2")]


def test_a_version_tells_plans_apart():
    one = HallPlan({1: Spot(1, 1)})

    assert one.version == HallPlan({1: Spot(1, 1)}).version
    assert one.version != HallPlan({1: Spot(1, 2)}).version
    assert one.version != HallPlan({1: Spot(1, 1)}, [HallMark("along", 0, 2, "")]).version
