"""Every way into the product: each has a verb, none breaks, none that changes things opens to a forgery."""

import re

import pytest

from tests.furnished import furnish
from tests.world import CAST, make_person, paired_screen, person
from webapp import cells, issues, orders, people, projects, upkeep
from webapp.lib.clock import utcnow
from webapp.lib.window import last
from webapp.people.roles import CELL, NOBODY, ROLES, SCREEN
from webapp.projects import Filters

GAP = re.compile(r"<[^>]+>")
VERBS = NOBODY.union(CELL, SCREEN, *ROLES.values())
UNSAFE = ("POST", "PUT", "PATCH", "DELETE")
CALLERS = (*CAST, "screen", "nobody")
#: What may stand where an address has a gap, besides the numbers of what there is.
STRANGE = ("0", "77", "x", "9" * 30)
#: Filters that cannot be read, times that are none, and words that mean something to what builds addresses.
ODD = (
    {
        "after": "x",
        "before": "9" * 30,
        "status": "gone",
        "engineer": "nobody",
        "cell": "C01",
        "q": "%_\\'\"",
        "from": "P-x",
    },
    {"start": "yesterday", "end": "0001-01-01", "start_time": "9999-12-31", "end_time": "x", "view": "x", "state": "x"},
    {"after": "99999", "before": "99999", "_external": "1", "_scheme": "javascript", "_anchor": "x", "endpoint": "x"},
)


@pytest.fixture
def no_excuses(app, monkeypatch):
    """What breaks answers 500 instead of stopping the test, so that all of it is told at once."""
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)


def routes(app, method):
    """(address with gaps, endpoint) of everything that takes this method."""
    rules = [rule for rule in app.url_map.iter_rules() if method in rule.methods and rule.endpoint != "static"]
    return [(rule.rule, rule.endpoint) for rule in sorted(rules, key=str)]


def addresses(app, there_is=None, strange=()):
    """Each address that can be looked at, its gap filled by what there is of its kind, then by what there is not."""
    for rule, _ in routes(app, "GET"):
        kinds = [numbers for noun, numbers in (there_is or {}).items() if f"/{noun}/<" in rule]
        fillings = [*(kinds[0] if kinds else "1"), *strange] if GAP.search(rule) else [""]
        yield from (GAP.sub(filling, rule) for filling in fillings)


def numbers():
    """Of what there is, by the noun in its address."""
    care = upkeep.board(utcnow())
    return {
        "projects": [str(project.id) for project in projects.search(Filters()).projects],
        "cells": [str(cell.id) for cell in cells.all_cells(retired=True)],
        "users": [str(user.id) for user in people.users()],
        "calendars": [str(calendar.id) for calendar in cells.all_calendars(retired=True)],
        "imports": [str(job.id) for job in cells.recent_imports()],
        "orders/imports": [str(job.id) for job in orders.recent_imports()],
        "orders": [order.ref for order in orders.overview(orders.Wanted(), utcnow()).rows],
        "work-orders": [order.ref for order in orders.overview(orders.Wanted(), utcnow()).rows[:3]],
        "operations": [job.ref for job in orders.running()] + ["RUN-2-1", "RUN-6-1"],
        "proposals": [str(proposal.id) for proposal in orders.recent_proposals()],
        "reasons": [str(reason.id) for reason in cells.reasons()[:2]],
        "utilization": ["utilization", "out-of-shift"],
        "issues": [str(issue.id) for issue in issues.issues_page(issues.IssueFilters())],
        "duties": [str(line.duty.id) for line in care.lines],
        "windows": [str(window.id) for window in (*care.under_way, *care.planned)],
        "requests": [str(asked.id) for asked in care.requests],
        "displays": [str(display.id) for display in people.displays()],
        "wall": [str(display.id) for display in people.displays()],
    }


def share(there_is, caller):
    """Root walks to all there is. Of the others each sees the first of its kind and a share of the rest, so that
    together they see all of it once more."""
    if caller == "root":
        return there_is
    part = slice(1 + CALLERS.index(caller), None, len(CALLERS))
    return {noun: [*those[:1], *those[part]] for noun, those in there_is.items()}


def broken(client, paths, **asked):
    """(status, address) of what did not answer as it should."""
    answers = [(client.get(path, **asked).status_code, path) for path in paths]
    return [(status, path) for status, path in answers if status >= 500 and path not in UNREADY]


#: Says 503 while no worker runs, and none does here.
UNREADY = {"/readyz", "/api/readyz", "/api/health/ready"}


def test_every_route_has_a_verb_that_somebody_may(app):
    named = {endpoint: getattr(view, "verb", None) for endpoint, view in app.view_functions.items()}

    assert {endpoint: verb for endpoint, verb in named.items() if verb not in VERBS and endpoint != "static"} == {}


def test_every_verb_opens_something(app):
    opened = {getattr(view, "verb", None) for view in app.view_functions.values()}
    asked_inside = {f"{act} any project" for act in ("edit", "finish", "fail")} | {"see whole log"}

    assert VERBS - opened - asked_inside == set()


@pytest.mark.parametrize("caller", CALLERS)
def test_no_page_breaks_in_an_empty_factory(app, client, no_excuses, caller):
    enter(client, caller)

    assert broken(client, addresses(app, strange=STRANGE if caller == "root" else STRANGE[:1])) == []


def test_a_furnished_factory_has_one_of_everything(app):
    furnish()

    there_is = numbers()
    walked = set(addresses(app, there_is))

    assert [noun for noun, those in there_is.items() if not those] == []
    done = next(job for job in cells.recent_imports() if job.status == "done" and job.refused)
    assert {f"/admin/imports/{done.id}", f"/admin/imports/{done.id}/refused.csv"} <= walked
    assert cells.corrections()
    assert cells.notes([cell.id for cell in cells.all_cells()], last(utcnow(), days=1))


@pytest.mark.parametrize("caller", CALLERS)
def test_no_page_breaks_in_a_furnished_one(app, client, no_excuses, caller):
    furnish()
    enter(client, caller)

    assert broken(client, addresses(app, share(numbers(), caller))) == []


def test_no_page_breaks_on_odd_words_in_its_address(app, client, no_excuses):
    furnish()
    enter(client, "root")
    every = list(addresses(app, {noun: those[:1] for noun, those in numbers().items()}))

    assert [found for words in ODD for found in broken(client, every, query_string=words)] == []


def enter(client, caller):
    if caller == "screen":
        client.set_cookie("screen", paired_screen())
    elif caller != "nobody":
        person(caller)
        client.sign_in(caller)


def test_a_screen_opens_its_own_wall_and_no_page_of_anybody_else(app, client, no_excuses):
    furnish()
    enter(client, "screen")

    opened = [path for path in addresses(app, numbers()) if client.get(path).status_code == 200]

    _, _, own = client.get("/wall").location.rpartition("/")
    walls = {path for path in opened if path.startswith("/wall/")}
    assert walls == {
        *(f"/wall/{show}{piece}" for show in ("board", "utilization", own) for piece in ("", "/part")),
    }
    verbs = {app.view_functions[app.url_map.bind("").match(path)[0]].verb for path in set(opened) - walls}
    assert verbs <= NOBODY


def test_no_act_breaks_on_what_is_not_there(app, client, no_excuses):
    enter(client, "root")
    unsafe = [(method, path) for method in UNSAFE for number in STRANGE for path in changing(app, method, number)]
    unsafe = [(method, path) for method, path in unsafe if not path.endswith(("/logout", "/sessions/others/end"))]

    answers = [(client.open(path, method=method).status_code, method, path) for method, path in unsafe]

    assert [answer for answer in answers if answer[0] >= 500] == []
    assert client.get("/account").status_code == 200  # signed in to the end


def test_nothing_is_changed_by_a_forged_request(app, client, with_csrf_after):
    make_person("root")
    client.sign_in("root")
    with_csrf_after()
    unsafe = [(method, path) for method in UNSAFE for path in changing(app, method)]

    opened = [(m, p) for m, p in unsafe if client.open(p, method=m).status_code not in (403, 404)]

    assert unsafe
    assert opened == []


def changing(app, method, number="1"):
    """With gaps filled by a number. Signing in and setting up show their form again, and are tested where they are."""
    excused = {"session.enter", "setup.create"}
    return [GAP.sub(number, rule) for rule, endpoint in routes(app, method) if endpoint not in excused]


@pytest.fixture
def with_csrf_after(app, monkeypatch):
    """Call it once signed in: from then on the proof of origin is asked for, as outside tests."""
    return lambda: monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
