"""A live part inside its page and the same part asked for alone are the same bytes; without news it answers nothing."""

from html import unescape

import pytest

from tests.furnished import furnish
from tests.orders.runs.shop import make_order, step
from tests.screens.desk import tree
from tests.tree import Element
from tests.upkeep.upkeeping import begun, make_duty
from tests.world import idle_cell, make_project, make_running, person, says
from webapp import cells, issues, orders, projects, upkeep
from webapp.extensions import db, transaction
from webapp.lib.clock import iso, utcnow

#: page -> where its part is asked for
PARTS = {
    "/board": "/board/part",
    "/floor": "/floor/tiles",
    "/floor?view=list": "/floor/tiles?view=list",
    "/queue": "/queue/part",
    "/attention": "/attention/part",
    "/engineers": "/engineers/part",
    "/orders": "/orders/part",
    "/schedule": "/schedule/part",
    "/schedule?view=table&hours=24": "/schedule/part?view=table&hours=24",
    "/wall/board": "/wall/board/part",
    "/wall/utilization": "/wall/utilization/part",
}


def assert_same(client, page, part):
    """A page tells times to the minute, some to the second: of a pair from two moments another is asked for."""
    for _ in range(5):
        before, whole, after = (client.get(path).text for path in (part, page, part))
        if before == after:
            break
    assert before == after, page
    assert before.strip() in whole, page


def region(page):
    """What refreshes itself, besides the bell of who is signed in and the list beside the schedule."""
    live = [e for e in tree(page) if "refresh" in e.attrs.get("hx-trigger", "")]
    [found] = [e for e in live if e.attrs["id"] not in ("notices-news", "schedule-open")]
    return found


def asked(page) -> str:
    return unescape(region(page).attrs["hx-get"])


def test_page_and_refresh_are_the_same_bytes(client):
    furnish()

    for page, part in PARTS.items():
        assert_same(client, page, part)


def test_of_what_has_no_place(client):
    furnish()

    assert_same(client, "/schedule", "/schedule/open")


@pytest.mark.parametrize("username", ["ada", "root", None])
def test_of_every_project_that_goes_on_whoever_looks(client, username):
    furnish()
    if username:
        client.sign_in(username)

    for project in projects.search(projects.Filters()).projects:
        assert_same(client, f"/projects/{project.id}", f"/projects/{project.id}/part")


def test_of_every_cell(client):
    furnish()

    for cell in cells.all_cells():
        assert_same(client, f"/cells/{cell.id}", f"/cells/{cell.id}/part")


def test_of_every_order(client):
    furnish()

    for order in orders.overview(orders.Wanted(), utcnow()).rows:
        assert_same(client, f"/orders/{order.ref}", f"/orders/{order.ref}/part")


@pytest.fixture
def cell(app):
    return idle_cell("C01")


@pytest.fixture
def running(cell):
    return make_running()


def all_pages(cell, project):
    return [*PARTS, f"/projects/{project.id}", f"/cells/{cell.id}"]


def test_without_news_it_answers_nothing_but_how_old_it_is(client, cell, running):
    for page in all_pages(cell, running):
        for _ in range(3):  # the minute may have turned
            answer = client.get(asked(client.get(page)))
            if answer.status_code == 204:
                break
        assert (answer.status_code, answer.data) == (204, b""), page
        assert answer.headers["As-Of"] == iso(cells.floor(utcnow(), 5).as_of)


def test_what_was_never_seen_is_news(client, cell, running):
    for page in all_pages(cell, running):
        part = asked(client.get(page)).replace("seen=", "seen=x")

        assert region(client.get(part)).attrs["id"] == region(client.get(page)).attrs["id"]


def progresses(cell, project):
    with transaction():
        db.session.get_one(projects.Project, project.id).progress = 0.5


def goes_down(cell, project):
    says(cell, "down", "Spindle overload")


def is_closed(cell, project):
    cells.set_mode(cell.id, "closed", "Audit", "sam", utcnow())


def is_joined(cell, project):
    make_project(cell_kind="laser")


NEWS = [
    (progresses, ["/board", "/wall/board", "/floor", "/projects/{project}", "/cells/{cell}"]),
    (goes_down, ["/board", "/attention", "/wall/board", "/wall/utilization", "/floor", "/floor?view=list"]),
    (goes_down, ["/projects/{project}", "/cells/{cell}"]),
    (is_closed, ["/floor", "/cells/{cell}"]),
    (is_joined, ["/board", "/wall/board", "/queue"]),
]


@pytest.mark.parametrize(("happens", "seen_on"), NEWS)
def test_news_is_painted(client, cell, running, happens, seen_on):
    paths = [path.format(project=running.id, cell=cell.id) for path in seen_on]
    parts = {path: asked(client.get(path)) for path in paths}

    happens(cell, running)

    assert {path: client.get(part).status_code for path, part in parts.items()} == dict.fromkeys(paths, 200)


def test_why_a_project_waits_is_news(client, cell, running):
    waiting = make_project(cell_kind="mill")
    parts = [asked(client.get(path)) for path in (f"/projects/{waiting.id}", "/queue", "/board")]

    is_closed(cell, running)
    projects.dispatch_waiting(utcnow(), 5)

    assert [client.get(part).status_code for part in parts] == [200, 200, 200]


def test_what_has_ended_asks_no_more(client, cell, running):
    projects.fail(running.id, person("ada"), utcnow(), reason="")

    assert "hx-get" not in client.get(f"/projects/{running.id}/part").text


def test_a_region_is_one_element_that_replaces_itself(client, cell, running):
    for page in all_pages(cell, running):
        part = client.get(asked(client.get(page)).replace("seen=", "seen=x"))
        roots = [child for child in tree(part).children if isinstance(child, Element)]

        assert [root.attrs["hx-swap"] for root in roots] == ["outerMorph"]


def test_of_the_issues(client, cell, running):
    client.sign_in(person("oli").name)
    spec = issues.IssueSpec("stopped", cell.id)
    issues.report_issue(spec, "ada", utcnow())

    assert_same(client, "/issues", "/issues/part")
    answers = [client.get(asked(client.get("/issues"))).status_code for _ in range(2)]  # the minute may have turned
    part = asked(client.get("/issues"))
    assert 204 in answers
    taken = issues.report_issue(spec, "ada", utcnow())
    assert client.get(part).status_code == 200
    part = asked(client.get("/issues"))
    issues.take_issue(taken.id, "oli", utcnow())
    assert client.get(part).status_code == 200


def test_of_maintenance(client, cell):
    client.sign_in(person("oli").name)
    make_duty(cell, "Spindle", every_days=3, now=utcnow())

    assert_same(client, "/maintenance", "/maintenance/part")
    part = asked(client.get("/maintenance"))
    asked_for = upkeep.request_maintenance(cell.id, "Leak", "soon", person("ada"), utcnow())
    assert client.get(part).status_code == 200
    part = asked(client.get("/maintenance"))
    upkeep.answer_request(asked_for.id, "done", "", person("oli"), utcnow())
    begun(cell, utcnow())
    assert client.get(part).status_code == 200


def test_of_operations_at_work(client, running):
    client.sign_in(person("oli").name)
    mill = idle_cell("M1", kind="mill", takes=["operation"])
    make_order(step("cut", mill), step("drill", mill), now=utcnow())
    boards = ("/board", "/floor", f"/cells/{mill.id}", "/wall/board")

    assert_same(client, "/operations", "/operations/part")
    parts = {path: asked(client.get(path)) for path in ("/operations", *boards)}
    orders.start_order("WO-1", person("oli"), utcnow(), 5)
    assert {path: client.get(part).status_code for path, part in parts.items()} == dict.fromkeys(parts, 200)
    part = asked(client.get("/operations"))
    orders.complete_operation("WO-1-1", person("oli"), utcnow(), 5)
    assert client.get(part).status_code == 200
    assert_same(client, "/operations", "/operations/part")
