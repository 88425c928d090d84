"""Issues as people keep them on their pages: three taps, one owner, photos, and the end."""

import io
import re

import pytest
from sqlalchemy import insert

from tests.issues.conftest import make_issue
from tests.issues.shots import PLACE, exif, jpeg, png
from tests.screens.desk import complained_of, leads_to, sits, tree, values, words
from tests.world import idle_cell, make_person, make_running, person
from webapp import cells, issues, orders
from webapp.extensions import db, transaction
from webapp.lib.clock import utcnow
from webapp.people import User


@pytest.fixture
def cell(app):
    return idle_cell("C09")


@pytest.fixture
def oli(client, cell):
    sits(client, "oli")
    return client


def issue_on(cell_id, severity="stopped", **given):
    return make_issue(cell_id, severity, now=utcnow(), **given)


def file_of(data, name="photo.jpg"):
    return io.BytesIO(data), name


def photos_in(page):
    return re.findall(r'<img src="([^"]+)"', page.text)


def test_an_operator_lands_on_the_issues(app, client):
    make_person("oli")

    assert client.sign_in("oli").location == "/issues"


def test_three_taps(client, cell):
    sits(client, "ada")

    answer = client.post("/issues", data={"cell_id": cell.id, "severity": "care"})

    assert leads_to(answer, "/issues")
    [made] = issues.open_issues()
    assert (made.cell.name, made.severity, made.reported_by) == ("C09", "care", "ada")
    page = client.get("/issues")
    assert "Issue No." in words(page)
    assert "Running, needs care" in words(page)


def test_words_a_photo_and_what_it_stops(oli, cell):
    project = make_running()
    typed = {"cell_id": cell.id, "severity": "stopped", "words": "Spindle overload E-417"}

    oli.post("/issues", data={**typed, "photo": [file_of(jpeg(extra=exif(6))), file_of(png(), "two.png")]})

    [made] = issues.open_issues()
    listed, page = oli.get("/issues"), oli.get(f"/issues/{made.id}")
    assert f"stops P-{project.id}" in words(listed)
    assert "Spindle overload E-417" in words(listed)
    assert f"/projects/{project.id}" in page.text
    assert len(photos_in(page)) == 4 // 2


def test_a_form_sent_twice_reports_once(oli, cell):
    typed = {**values(oli.get("/issues/new")), "cell_id": cell.id, "severity": "info"}
    typed.pop("photo")

    for _ in range(2):
        assert leads_to(oli.post("/issues", data=typed), "/issues")
    assert len(issues.open_issues()) == 1


def test_the_cell_may_be_chosen_before(oli, cell):
    page = oli.get(f"/issues/new?cell={cell.id}")

    [chosen] = [e for e in tree(page) if e.tag == "input" and e.attrs.get("name") == "cell_id" and "checked" in e.attrs]
    assert chosen.attrs["value"] == str(cell.id)


REFUSED = [
    ({}, ["report-severity"]),
    ({"severity": "awful", "cell_id": "none", "words": "x"}, ["report-severity"]),
    ({"severity": "care"}, ["report-cell"]),
    ({"severity": "care", "cell_id": "C09"}, ["report-cell"]),
    ({"severity": "care", "cell_id": "9" * 40}, ["report-cell"]),
    ({"severity": "care", "cell_id": "none"}, ["report-words"]),
    ({"severity": "care", "cell_id": "none", "words": "x" * 1001}, ["report-words"]),
]


@pytest.mark.parametrize(("typed", "fields"), REFUSED)
def test_what_cannot_be_accepted_is_said_at_its_field(oli, typed, fields):
    page = oli.post("/issues", data=typed)

    assert page.status_code == 422
    assert complained_of(page) == fields
    assert issues.open_issues() == []


def test_what_is_no_photo_is_refused_and_the_words_are_kept(oli, cell):
    typed = {"cell_id": cell.id, "severity": "care", "words": "Gauge at 11 bar"}

    page = oli.post("/issues", data={**typed, "photo": file_of(b"<svg onload=alert(1)>", "photo.jpg")})

    assert (page.status_code, complained_of(page)) == (422, ["report-photo"])
    assert "Gauge at 11 bar" in page.text
    assert "must be a photo: JPEG, PNG or WebP" in words(page)


def test_more_than_ten_megabytes_is_too_large(oli, cell):
    big = b"\xff\xd8\xff" + bytes(issues.MOST_BYTES)

    page = oli.post("/issues", data={"cell_id": cell.id, "severity": "care", "photo": file_of(big)})

    assert page.status_code == 413
    assert "A photo may have 10 MB" in words(page)


def test_and_so_is_a_form_of_more_than_four_such(oli, cell):
    big = file_of(bytes(5 * issues.MOST_BYTES))

    assert oli.post("/issues", data={"cell_id": cell.id, "severity": "care", "photo": big}).status_code == 413


def test_a_photo_is_served_as_a_photo_and_nothing_else(oli, cell):
    made = issue_on(cell.id, photos=[jpeg(extra=exif(6))])
    [path] = photos_in(oli.get(f"/issues/{made.id}"))

    answer = oli.get(path)

    assert (answer.status_code, answer.mimetype) == (200, "image/jpeg")
    assert PLACE not in answer.data
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert (
        answer.headers["Content-Disposition"] == f'inline; filename="issue-{made.id}-photo-{path.split("/")[-1]}.jpg"'
    )
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    again = oli.get(path, headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_a_photo_is_of_its_issue_and_for_who_may_see_issues(app, client, cell):
    one, two = issue_on(cell.id, photos=[jpeg()]), issue_on(cell.id)
    sits(client, "ada")
    [path] = photos_in(client.get(f"/issues/{one.id}"))

    assert client.get(path.replace(f"/{one.id}/", f"/{two.id}/")).status_code == 404
    assert client.get("/issues/1/photos/99999999999999999999").status_code == 404
    assert app.test_client().get(path).location.startswith("/login")


def test_one_takes_it_and_the_other_is_told_who_has_it(oli, cell):
    made = issue_on(cell.id)
    assert "no owner" in words(oli.get("/issues"))

    assert leads_to(oli.post(f"/issues/{made.id}/owner", data={"to": "/issues"}), "/issues")
    assert leads_to(oli.post(f"/issues/{made.id}/owner"), f"/issues/{made.id}")

    sits(oli, "sam")
    page = oli.post(f"/issues/{made.id}/owner")
    assert page.status_code == 409
    assert "oli has issue" in words(page)


def test_handing_over_and_letting_go(oli, cell):
    made = issue_on(cell.id)
    person("sam")
    oli.post(f"/issues/{made.id}/owner")

    assert oli.post(f"/issues/{made.id}/handover", data={"to": "sam", "seen": ""}).status_code == 409
    oli.post(f"/issues/{made.id}/handover", data={"to": "sam", "seen": "oli"})
    assert "Sam Okafor" in words(oli.get(f"/issues/{made.id}"))
    refused = oli.post(f"/issues/{made.id}/handover", data={"to": "ada", "seen": "sam"})
    assert (refused.status_code, complained_of(refused)) == (422, ["handing-to"])
    oli.post(f"/issues/{made.id}/owner/end", data={"seen": "sam"})
    assert issues.one_issue(made.id).owner == ""


def test_it_is_handed_to_the_last_of_very_many_people(oli, cell):
    made, sam = issue_on(cell.id), person("sam")
    like_sam = {"roles": ["engineer"], "password_hash": "-", "created_at": utcnow()}
    with transaction():
        db.session.execute(insert(User), [{"username": f"a{n}", **like_sam} for n in range(1001)])

    answer = oli.post(f"/issues/{made.id}/handover", data={"to": "sam", "seen": ""}, follow_redirects=True)

    assert f"Issue No. {made.id} is with {sam.user.full_name} now" in words(answer)


def test_a_note_by_whoever_reported_it(client, cell):
    made = issue_on(cell.id, "care")
    sits(client, "ada")
    typed = {**values(client.get(f"/issues/{made.id}")), "words": "It stands now", "severity": "stopped"}

    for _ in range(2):
        answer = client.post(f"/issues/{made.id}/notes", data={**typed, "photo": file_of(png())})

    assert leads_to(answer, f"/issues/{made.id}")
    page = client.get(f"/issues/{made.id}")
    assert "It stands now" in words(page)
    assert len(issues.one_issue(made.id).steps) == 2
    nothing = client.post(f"/issues/{made.id}/notes", data={"words": "", "severity": "stopped"})
    assert (nothing.status_code, complained_of(nothing)) == (422, ["note-words"])


def test_closing_says_what_was_done_and_reopening_that_it_was_not(oli, cell):
    made = issue_on(cell.id, "care", words="Assist gas low")

    refused = oli.post(f"/issues/{made.id}/closure", data={"done": " "})
    assert (refused.status_code, complained_of(refused)) == (422, ["closing-done"])
    oli.post(f"/issues/{made.id}/closure", data={"done": "New bottle"})
    assert oli.post(f"/issues/{made.id}/closure", data={"done": "New bottle"}).status_code == 409

    closed = words(oli.get("/issues?s=closed"))
    assert "Closed today, 1" in closed
    assert "New bottle" in closed
    oli.post(f"/issues/{made.id}/closure/end", data={"words": "Empty again"})
    assert "Opened again Oli Varga Empty again" in words(oli.get(f"/issues/{made.id}"))


def test_all_of_them_with_filters(oli, cell):
    one, two = issue_on(cell.id, "care", words="Gas low"), issue_on(None, "info", words="Door ajar")
    issues.close_issue(two.id, "Shut it", "oli", utcnow())

    def told(query):
        page = oli.get(f"/issues?s=all&{query}")
        return page.status_code, [n for n in (one.id, two.id) if f">No. {n}<" in page.text]

    assert told("") == (200, [one.id, two.id])
    assert told("status=open") == (200, [one.id])
    assert told(f"cell={cell.id}") == (200, [one.id])
    assert told("severity=info") == (200, [two.id])
    assert told("owner=oli") == (200, [two.id])
    assert told("start=2199-01-01") == (400, [one.id, two.id])
    assert told("end=2020-01-01") == (200, [])
    assert told("start=yesterday")[0] == 400
    assert told("before=1&cell=x&status=x&severity=x") == (200, [])


def test_the_rail_counts_them_and_shouts_for_a_stop_nobody_has(oli, cell):
    made = issue_on(cell.id)

    assert '<span class="count bad">1' in oli.get("/board").text
    issues.take_issue(made.id, "oli", utcnow())
    assert '<span class="count">1' in oli.get("/board").text


def test_who_may_what(app, client, cell):
    made = issue_on(cell.id)
    assert client.get("/issues").location.startswith("/login")
    assert client.post("/issues", data={}).status_code in (401, 403)
    sits(client, "dee")
    assert client.post("/issues", data={"cell_id": cell.id, "severity": "info"}).status_code == 303
    for act in ("owner", "owner/end", "handover", "closure"):
        assert client.post(f"/issues/{made.id}/{act}").status_code == 403
    page = client.get(f"/issues/{made.id}")
    assert "Close issue" not in words(page)
    assert 'class="stack "' in client.get("/issues").text


@pytest.mark.parametrize("act", ["owner", "owner/end", "handover", "notes", "closure", "closure/end"])
def test_there_is_no_such_issue(oli, act):
    person("sam")
    typed = {"words": "x", "done": "x", "to": "sam"}

    assert oli.post(f"/issues/77/{act}", data=typed).status_code == 404
    assert oli.get("/issues/77").status_code == 404


def test_what_stops_a_cell_and_nobody_has_needs_attention(oli, cell):
    made = issue_on(cell.id, words="Spindle overload")
    issue_on(cell.id, "care", words="Gas low")

    page = oli.get("/attention")
    assert "Stops that nobody has 1 All issues C09 Spindle overload" in words(page)
    assert "Gas low" not in words(page)
    issues.take_issue(made.id, "oli", utcnow())
    assert "Stops that nobody has" not in words(oli.get("/attention"))
    oli.post("/logout")
    assert oli.get("/attention").status_code == 200


def test_a_cell_s_page_and_its_sheet_lead_there(oli, cell):
    made = issue_on(cell.id, words="Spindle overload")

    page = oli.get(f"/cells/{cell.id}")
    assert f"/issues/{made.id}" in page.text
    for path in (f"/cells/{cell.id}", f"/cells/{cell.id}/act"):
        assert f"/issues/new?cell={cell.id}" in oli.get(path).text


@pytest.mark.parametrize("number", ["77", "9" * 30])
def test_a_cell_that_is_not_there_has_no_issues(oli, number):
    assert oli.get(f"/cells/{number}").status_code == 404
    assert oli.get(f"/issues/new?cell={number}").status_code == 200
    assert oli.get(f"/issues?s=all&cell={number}&before={number}").status_code == 200


def test_the_maintenance_of_the_next_days_stands_beside_them(oli):
    assert "Maintenance, next 7 days" in words(oli.get("/issues"))


def test_an_operation_s_order_is_linked_as_well(oli, cell):
    order, operation = order_on(cell)

    oli.post("/issues", data={"cell_id": cell.id, "severity": "stopped"})

    [made] = issues.open_issues()
    assert [link.what for link in made.links] == [operation.what, order.what]
    assert f"/orders/{order.ref}" in oli.get(f"/issues/{made.id}").text
    assert f"stops {operation.label}" in words(oli.get("/issues"))


def order_on(cell):
    """An order whose one operation holds the cell."""
    now = utcnow()
    with transaction():
        order = orders.WorkOrder(
            ref="WO-1006", product="Bracket", qty=5, created_by="pat", created_at=now, updated_at=now
        )
        order.operations = [orders.Operation(ref="OP-9", idx=1, name="bend", seconds=600)]
        db.session.add(order)
        db.session.flush()
        cells.claim(db.session.merge(cell), order.operations[0].what, now)
    return order, order.operations[0]


def test_a_project_and_an_order_tell_the_issues_about_them(oli, cell):
    project = make_running()
    [order] = orders.add_orders([orders.OrderSpec(product="Bracket")], person("pat"), utcnow())
    mine = issue_on(cell.id, words="It rattles")

    assert f"It rattles, No. {mine.id}" in words(oli.get(f"/projects/{project.id}"))
    page = oli.get(f"/orders/{order.ref}")
    assert "Nothing was reported about it" in words(page)
    [report] = [link.attrs["href"] for link in tree(page) if link.attrs.get("href", "").startswith("/issues/new")]
    sent = {**values(oli.get(report)), "cell_id": "none", "severity": "info", "words": "Wrong drawing"}
    oli.post("/issues", data=sent)
    assert "Wrong drawing" in words(oli.get(f"/orders/{order.ref}"))


@pytest.mark.parametrize("name", ["order:999", "user:1", "order:x", "x"])
def test_what_is_no_order_and_no_project_is_linked_to_nothing(oli, name):
    oli.post("/issues", data={"cell_id": "none", "severity": "info", "words": "Leak", "about": name})

    assert [one.links for one in issues.open_issues()] == [[]]
