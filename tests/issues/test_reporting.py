"""Reporting an issue: what it needs, what it is about, and that its photos are kept once."""

import pytest

from tests.issues.conftest import make_issue, steps
from tests.issues.shots import PLACE, exif, jpeg, png
from tests.world import NOW, make_cell
from webapp import cells, issues, journal
from webapp.extensions import db, transaction
from webapp.issues import Photo
from webapp.lib.refusal import Invalid, NotFound, TooLarge


def photos_of(issue):
    return [photo for step in issues.one_issue(issue.id).steps for photo in step.photos]


def test_a_cell_and_what_it_is_doing_are_enough(cell):
    made = make_issue(cell.id, "care", by="ada")

    found = issues.one_issue(made.id)
    assert (found.cell.name, found.severity, found.words, found.owner) == ("C09", "care", "", "")
    assert (found.reported_by, found.reported_at, found.is_open) == ("ada", NOW, True)
    assert steps(made.id) == ["reported"]


def test_the_log_tells_it(cell):
    made = make_issue(cell.id, words="Spindle overload E-417", photos=[jpeg()])

    [entry] = journal.recent(made.what)
    assert (entry.verb, entry.by, entry.at) == ("reported issue", "ada", NOW)
    assert entry.details == {"cell": "C09", "severity": "stopped", "words": "Spindle overload E-417", "photos": 1}


def test_it_is_about_what_holds_the_cell_at_that_moment(cell):
    with transaction():
        cells.claim(db.session.merge(cell), "operation:7", NOW)

    made = make_issue(cell.id, about=["order:2", "operation:7"])
    later = make_issue(make_cell("C10").id)

    assert [link.what for link in issues.one_issue(made.id).links] == ["operation:7", "order:2"]
    assert issues.issues_about(["order:2"]) == [issues.one_issue(made.id)]
    assert issues.one_issue(later.id).links == []


def test_it_may_be_of_no_cell_and_then_it_says_where(app):
    assert make_issue(words="The crane in hall 2 drips").cell is None
    with pytest.raises(Invalid) as no:
        make_issue(words=" ")
    assert list(no.value.details["fields"]) == ["words"]


def test_photos_are_kept_without_their_place_and_once(cell):
    made = make_issue(cell.id, photos=[jpeg(extra=exif(6)), png(), jpeg(extra=exif(6))])

    one, two = photos_of(made)
    assert (one.kind, two.kind, one.width, one.height) == ("image/jpeg", "image/png", 40, 30)
    assert PLACE not in issues.one_photo(made.id, one.id, whole=True).data


def test_the_same_photo_may_belong_to_two_issues(cell):
    first, second = make_issue(cell.id, photos=[jpeg()]), make_issue(cell.id, photos=[jpeg()])

    [photo] = photos_of(first)
    assert len(photos_of(second)) == 1
    with pytest.raises(NotFound):
        issues.one_photo(second.id, photo.id)


REFUSED = [
    ({"severity": "awful"}, "severity"),
    ({"cell_id": 77}, "cell_id"),
    ({"cell_id": 2**40}, "cell_id"),
    ({"words": "x" * 1001}, "words"),
    ({"words": "bell \a"}, "words"),
    ({"photos": [b"GIF89a"]}, "photo"),
    ({"photos": [jpeg()] * 5}, "photo"),
]


@pytest.mark.parametrize(("given", "field"), REFUSED)
def test_what_cannot_be_read_is_refused_by_name_and_nothing_is_kept(cell, given, field):
    with pytest.raises(Invalid) as no:
        make_issue(**{"cell_id": cell.id, **given})

    assert list(no.value.details["fields"]) == [field]
    assert issues.open_issues() == []
    assert db.session.query(Photo).count() == 0


def test_a_photo_that_is_too_large_is_another_matter(cell):
    with pytest.raises(TooLarge):
        make_issue(cell.id, photos=[b"\xff\xd8\xff" + bytes(issues.MOST_BYTES)])


def test_a_cell_out_of_service_has_no_new_issues(cell):
    cells.retire_cell(cell.id, "root", NOW)

    with pytest.raises(Invalid):
        make_issue(cell.id)


def test_lines_stay_and_blanks_go(cell):
    assert make_issue(cell.id, words="  Gauge at 11 bar  \r\n\r\nnozzle whistles\n").words == (
        "Gauge at 11 bar\n\nnozzle whistles"
    )
