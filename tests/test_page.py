"""The law itself: each breach is seen, and a page without one passes."""

import pytest
from flask import Flask

from tests.page import BrokenLaw, check_page

GOOD = """<!doctype html><html lang="en"><head><title>Queue · Dream Factory</title></head><body>
<main><h1>Queue</h1>{}</main></body></html>"""


@pytest.fixture(scope="module")
def small() -> Flask:
    """An app with two addresses: /queue to look at, /projects to post to."""
    app = Flask("small")
    app.add_url_rule("/queue", "queue", lambda: "")
    app.add_url_rule("/projects", "create", lambda: "", methods=["POST"])
    return app


def test_a_lawful_page_passes(small):
    check_page(
        GOOD.format(
            """<a href="/queue?all=1">All</a>
            <form method="post" action="/projects"><input type="hidden" name="csrf_token" value="1">
            <label for="n">Name</label><input id="n" name="n"><button>Create</button></form>
            <div id="rows" hx-get="/queue" hx-trigger="every 5s" hx-status:422="swap:none"></div>
            <script type="application/json" id="data">{"x": [1]}</script>"""
        ),
        small,
    )


def test_a_piece_of_a_page_needs_no_heading(small):
    check_page('<section id="rows"><p>Nothing waits</p></section>', small)


@pytest.mark.parametrize(
    ("breach", "words"),
    [
        ("<h1>Again</h1>", "one h1"),
        ('<p id="a"></p><p id="a"></p>', "stands 2 times"),
        ('<input name="x">', "no label"),
        ('<label for="gone">X</label>', "which is not here"),
        ("<form><button>Go</button></form>", "no action"),
        ('<form method="post" action="/projects"><button>Go</button></form>', "no csrf_token"),
        ('<form method="post" action="/queue"><input type="hidden" name="csrf_token"></form>', "leads nowhere"),
        ('<div hx-vars="x"></div>', "knows no hx-vars"),
        ('<div hx-on:click="x()"></div>', "knows no hx-on:click"),
        ('<div hx-get="/gone"></div>', "leads nowhere"),
        ('<div hx-vals="js:{x: 1}"></div>', "holds script"),
        ('<a href="/gone">Gone</a>', "leads nowhere"),
        ('<script src="https://elsewhere.example/x.js"></script>', "leads nowhere"),
        ("<script>x()</script>", "inline script"),
        ('<p onclick="x()"></p>', "inline script or style"),
        ('<p style="color: red"></p>', "inline script or style"),
        ("<p>Ends None</p>", "says"),
        ("<p>nan %</p>", "says"),
        ('<input type="hidden" name="end" value="None">', "says"),
        ('<script type="application/json">{"x": NaN}</script>', "not JSON"),
        ("<button><svg></svg></button>", "no name"),
        ("<p><b>left open</p>", "closes <b>"),
    ],
)
def test_a_breach_is_seen(small, breach, words):
    with pytest.raises(BrokenLaw, match=words):
        check_page(GOOD.format(breach), small)


def test_the_title_begins_with_the_heading(small):
    with pytest.raises(BrokenLaw, match="does not begin"):
        check_page(GOOD.format("").replace("<h1>Queue", "<h1>Waiting"), small)


def test_a_page_with_errors_may_say_so_first(small):
    check_page(GOOD.format("").replace("<title>", "<title>Error: "), small)
