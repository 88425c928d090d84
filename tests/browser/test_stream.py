"""What is pushed reaches the eye and disturbs no hand; what is not pushed is asked for; and the page says which."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from tests.browser.wire import Wire, put_under
from tests.world import make_cell, says
from webapp import cells
from webapp.lib.clock import epoch, iso, utcnow

PERIOD = 5


@pytest.fixture
def wire(app: Flask, site: str) -> Iterator[Wire]:
    yield from put_under(app)


@pytest.fixture
def floor(site: str) -> None:
    """Two cells, asked a moment ago."""
    for name in ("C01", "C02"):
        make_cell(name, now=utcnow() - timedelta(hours=1))
    sample()


def sample(ago: int = 0) -> None:
    cells.take_samples((epoch(utcnow()) - ago) // PERIOD * PERIOD, PERIOD, ())


def painted(tab: Page, part: str, words: str = "", instead: str = "", as_of: datetime | None = None) -> str:
    """The piece as the server paints it now, with other words, a version of its own, and fresh as of now."""
    html = tab.request.get(part).text()
    assert words in html
    html = re.sub('data-live-version="[^"]*"', f'data-live-version="{instead or "another"}"', html, count=1)
    html = re.sub('data-as-of="[^"]*"', f'data-as-of="{iso(as_of or utcnow())}"', html, count=1)
    return html.replace(words, instead) if words else html


def follow(tab: Page, page: str, wire: Wire) -> None:
    """Open a page, and its stream."""
    tab.goto(page)
    wire.wait()
    expect(tab.locator("html")).to_have_attribute("data-news", "stream")


def test_one_line_serves_the_page_and_a_change_is_painted(floor, wire: Wire, tab: Page):
    follow(tab, "/floor", wire)
    make_cell("C03", now=utcnow() - timedelta(hours=1))

    wire.paint("floor", painted(tab, "/floor/tiles"))

    expect(tab.locator(".tile")).to_have_count(3)
    assert wire.asked == ["floor"]


def test_what_is_pushed_is_not_asked_for(floor, wire: Wire, tab: Page):
    tab.clock.install()
    follow(tab, "/floor", wire)
    asked: list[str] = []
    tab.on("request", lambda request: asked.append(request.url) if "/floor/tiles" in request.url else None)

    for second in (5, 10):
        wire.say("pulse", f"floor {iso(utcnow() + timedelta(seconds=second))}")
        expect(tab.locator(".head .age")).to_contain_text("0 s old")
        tab.clock.run_for(5_000)

    assert asked == []


def test_a_pulse_moves_the_age_and_nothing_else(floor, wire: Wire, tab: Page):
    tab.clock.install()
    follow(tab, "/floor", wire)
    tab.route(re.compile("/floor/tiles"), lambda route: route.abort())
    tab.evaluate("window.same = document.querySelector('.tile')")
    tab.clock.run_for(9_000)
    expect(tab.locator(".head .age")).to_contain_text(re.compile("(9|1[0-4]) s old"))

    wire.say("pulse", f"floor {iso(utcnow() + timedelta(seconds=9))}")

    expect(tab.locator(".head .age")).to_contain_text(re.compile("[0-3] s old"))
    assert tab.evaluate("window.same === document.querySelector('.tile')")


def test_an_older_picture_does_not_replace_a_newer(floor, wire: Wire, tab: Page):
    follow(tab, "/floor", wire)
    old = painted(tab, "/floor/tiles", "C01", "gone", as_of=utcnow() - timedelta(minutes=1))

    wire.paint("floor", old)
    wire.say("pulse", f"floor {iso(utcnow())}")

    expect(tab.locator(".head .age")).to_contain_text(re.compile("[0-1] s old"))
    expect(tab.locator(".tile").first).to_contain_text("C01")


def test_the_data_may_turn_out_older_than_was_thought(floor, wire: Wire, tab: Page):
    follow(tab, "/floor", wire)
    old = painted(tab, "/floor/tiles", as_of=utcnow() - timedelta(minutes=1))

    wire.paint("floor", old)
    wire.paint("floor", old)

    expect(tab.locator("#feed-lost")).to_contain_text("Live feed lost at")


def test_typing_while_the_board_swaps_loses_nothing(floor, wire: Wire, tab: Page):
    follow(tab, "/floor", wire)
    tab.evaluate(TWO_FIELDS)
    html = painted(tab, "/floor/tiles", "C01", "C09").replace("</section>", f"{FIELD}</section>", 1)
    wire.paint("floor", html)
    expect(tab.locator("#inside")).to_be_visible()

    for field in ("#outside", "#inside"):
        tab.click(field)
        tab.keyboard.type("half a ")
        tab.keyboard.press("ArrowLeft")
        wire.paint("floor", html.replace("C09", "C08").replace("another", f"for {field}"))
        tab.keyboard.type("!")
        assert tab.eval_on_selector(field, "el => [el.value, el.selectionStart]") == ["half a! ", 7]

    expect(tab.locator(".tile").first).to_contain_text("C08")
    assert tab.evaluate("document.activeElement.id") == "inside"


FIELD = '<p><label for="inside">Inside</label><input id="inside" name="inside"></p>'
TWO_FIELDS = """() => {
  const field = document.createElement("form");
  field.innerHTML = '<label for="outside">Outside</label><input id="outside" name="outside">';
  document.querySelector(".head").append(field);
}"""


def test_what_was_unfolded_stays_so(floor, wire: Wire, tab: Page):
    cell = next(iter(cells.standings(utcnow(), PERIOD)))
    follow(tab, f"/cells/{cell}", wire)
    tab.click("#intervals summary")

    wire.paint(f"cell:{cell}", painted(tab, f"/cells/{cell}/part", "Facts", "Figures"))

    expect(tab.locator("#cell-facts")).to_have_text("Figures")
    expect(tab.locator("#intervals table")).to_be_visible()


def test_no_row_is_drawn_away_from_under_the_pointer(floor, wire: Wire, tab: Page):
    follow(tab, "/floor", wire)
    turned = REVERSED + "; document.getElementById('floor-tiles').outerHTML"
    tab.evaluate("window.before = document.getElementById('floor-tiles').innerHTML")
    html = tab.evaluate(turned).replace('data-live-version="', 'data-live-version="turned')
    tab.evaluate("document.getElementById('floor-tiles').innerHTML = window.before")
    tab.hover(".tile >> nth=0")

    wire.paint("floor", html)
    tab.wait_for_timeout(700)
    expect(tab.locator(".tile .id").first).to_have_text("C01")
    tab.mouse.move(1, 1)

    expect(tab.locator(".tile .id").first).to_have_text("C02")


REVERSED = """
{ const tiles = [...document.querySelectorAll(".tile")]; tiles[0].before(tiles[1]); }
"""


def test_a_hand_that_rests_delays_a_row_and_does_not_lose_it(floor, wire: Wire, tab: Page):
    follow(tab, "/floor", wire)
    tab.hover(".tile >> nth=0")

    wire.paint("floor", painted(tab, "/floor/tiles", 'id="tile-', 'id="tile-9'))

    expect(tab.locator(".tile").first).to_have_attribute("id", re.compile("^tile-9"), timeout=8_000)


def test_a_line_that_breaks_is_taken_up_again(floor, wire: Wire, tab: Page):
    tab.clock.install()
    follow(tab, "/floor", wire)
    tab.clock.run_for(11_000)

    wire.cut()
    expect(tab.locator("html")).to_have_attribute("data-news", "polls")
    tab.clock.run_for(4_100)

    wire.wait()
    expect(tab.locator("html")).to_have_attribute("data-news", "stream")


def test_without_a_stream_the_page_asks_and_says_so(floor, wire: Wire, tab: Page):
    wire.refused = 503
    tab.goto("/floor")
    badge = tab.locator(".head .age")
    expect(badge).to_contain_text("by polling")
    make_cell("C03", now=utcnow() - timedelta(hours=1))
    sample()

    expect(tab.locator(".tile")).to_have_count(3, timeout=9_000)
    assert len(wire.asked) == 1
    expect(badge).to_contain_text("Live")


def test_a_browser_that_knows_no_streams_asks(floor, wire: Wire, tab: Page):
    tab.add_init_script("delete window.EventSource")
    tab.goto("/floor")

    expect(tab.locator(".head .age")).to_contain_text("by polling")
    with tab.expect_response(re.compile("/floor/tiles")):
        pass


def test_a_stream_that_feeds_nothing_is_not_believed(floor, wire: Wire, tab: Page):
    tab.clock.install()
    follow(tab, "/floor", wire)

    with tab.expect_response(re.compile("/floor/tiles")):
        tab.clock.run_for(11_000)

    expect(tab.locator(".head .age")).to_contain_text("by polling")


def test_a_line_that_went_silent_is_left(floor, wire: Wire, tab: Page):
    tab.clock.install()
    follow(tab, "/floor", wire)

    tab.clock.run_for(45_100)
    wire.wait(0)
    tab.clock.run_for(4_100)

    wire.wait()


def test_when_everything_is_gone_the_page_says_so_and_since_when(floor, wire: Wire, tab: Page):
    tab.clock.install()
    follow(tab, "/floor", wire)
    tab.route(re.compile("/floor/tiles"), lambda route: route.abort())
    wire.cut(refused=503)
    expect(tab.locator(".head .age")).to_contain_text("by polling")

    tab.clock.run_for(14_000)
    expect(tab.locator(".head .age")).to_contain_text("Late")
    tab.clock.run_for(6_000)

    expect(tab.locator("#feed-lost")).to_contain_text(re.compile(r"Live feed lost at \d\d:\d\d:\d\d"))
    assert "grayscale" in tab.eval_on_selector("#floor-tiles .panel", "el => getComputedStyle(el).filter")


def test_it_comes_back_by_itself(floor, wire: Wire, tab: Page):
    tab.clock.install()
    follow(tab, "/floor", wire)
    tab.route(re.compile("/floor/tiles"), lambda route: route.abort())
    tab.clock.run_for(30_000)
    expect(tab.locator("#feed-lost")).to_be_visible()

    wire.say("pulse", f"floor {iso(utcnow() + timedelta(seconds=30))}")

    expect(tab.locator("#feed-lost")).to_be_hidden()
    expect(tab.locator(".is-stale")).to_have_count(0)
    tab.clock.run_for(11_000)
    expect(tab.locator("#live-status")).to_have_text("Live feed is back")


def test_one_region_that_is_old_says_so_alone(floor, wire: Wire, tab: Page):
    follow(tab, "/board", wire)
    tab.evaluate(AN_OLD_QUEUE, iso(utcnow() - timedelta(minutes=2)))

    expect(tab.locator("#feed-lost")).to_contain_text(re.compile(r"The queue: not live since \d\d:\d\d:\d\d"))
    expect(tab.locator("#feed-lost")).to_contain_text("the rest of this page is live")
    expect(tab.locator("#old-queue")).to_have_class(re.compile("is-stale"))
    expect(tab.locator("#board .is-stale")).to_have_count(0)


AN_OLD_QUEUE = """(asOf) => {
  const queue = document.createElement("section");
  Object.assign(queue, { id: "old-queue", className: "panel", innerHTML: "<header><h2>Queue</h2></header>" });
  Object.assign(queue.dataset, { liveTopic: "queue", liveVersion: "1", asOf });
  document.getElementById("board").after(queue);
}"""


def test_what_is_not_shown_does_not_speak_for_the_page(floor, wire: Wire, tab: Page):
    follow(tab, "/board", wire)
    tab.evaluate(AN_OLD_QUEUE, iso(utcnow()))
    tab.evaluate("document.getElementById('old-queue').hidden = true")

    tab.evaluate("(asOf) => document.getElementById('board').dataset.asOf = asOf", iso(utcnow() - timedelta(minutes=2)))

    expect(tab.locator("#feed-lost")).to_contain_text("Live feed lost at")


def test_a_cell_that_falls_silent_says_so_on_its_own_tile(site, wire: Wire, tab: Page):
    cell = make_cell("C01", now=utcnow() - timedelta(hours=1))
    make_cell("C02", now=utcnow() - timedelta(hours=1))
    says(cell, state="running")
    sample()
    tab.clock.install()
    follow(tab, "/floor", wire)
    tab.route(re.compile("/floor/tiles"), lambda route: route.abort())
    silent = f'data-seen="{iso(utcnow())}" class="kind"'
    wire.paint("floor", painted(tab, "/floor/tiles").replace('class="kind"', silent, 1))

    tab.clock.run_for(10_000)
    wire.say("pulse", f"floor {iso(utcnow() + timedelta(seconds=10))}")

    told = "el => getComputedStyle(el, '::after').content"
    assert "not heard for 1" in tab.eval_on_selector(".tile >> nth=0 >> .kind", told)
    assert "not heard" not in tab.eval_on_selector(".tile >> nth=1 >> .kind", told)
    expect(tab.locator("#feed-lost")).to_be_hidden()


def test_durations_stand_still_once_nobody_knows(floor, wire: Wire, tab: Page):
    tab.clock.install()
    follow(tab, "/floor", wire)
    tab.route(re.compile("/floor/tiles"), lambda route: route.abort())
    tab.clock.run_for(20_000)
    expect(tab.locator("#feed-lost")).to_be_visible()
    lasted = tab.locator(".tile time[data-since]").first.inner_text()

    tab.clock.run_for(300_000)

    expect(tab.locator(".tile time[data-since]").first).to_have_text(lasted)


def test_a_hidden_tab_keeps_no_line(floor, wire: Wire, tab: Page):
    follow(tab, "/floor", wire)

    hide(tab, True)
    wire.wait(0)
    hide(tab, False)

    wire.wait()


def hide(tab: Page, hidden: bool) -> None:
    tab.evaluate(
        """hidden => {
      Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
      document.dispatchEvent(new Event("visibilitychange"));
    }""",
        hidden,
    )


def test_a_new_build_loads_the_page_anew(floor, wire: Wire, tab: Page):
    tab.clock.install()
    follow(tab, "/floor", wire)
    tab.evaluate("document.documentElement.dataset.build = 'old'; window.before = true")

    wire.say("beat", "new")
    with tab.expect_navigation():
        tab.clock.run_for(40_000)

    assert tab.evaluate("window.before") is None


def test_a_new_build_waits_for_what_is_being_typed(floor, wire: Wire, tab: Page):
    tab.clock.install()
    follow(tab, "/floor", wire)
    tab.evaluate(TWO_FIELDS)
    tab.evaluate("document.documentElement.dataset.build = 'old'; window.before = true")
    tab.fill("#outside", "half a sentence")

    wire.say("beat", "new")
    tab.clock.run_for(60_000)
    tab.wait_for_timeout(200)
    assert tab.evaluate("window.before")
    assert tab.input_value("#outside") == "half a sentence"

    tab.fill("#outside", "")
    tab.evaluate("document.activeElement.blur()")
    with tab.expect_navigation():
        tab.clock.run_for(6_000)


def test_at_most_one_announcement_in_ten_seconds(floor, wire: Wire, tab: Page):
    tab.clock.install()
    follow(tab, "/floor", wire)
    tab.evaluate(HEAR)
    for number in range(8):
        state = ("down", "unknown")[number % 2]
        html = re.sub('data-state="[a-z]+"', f'data-state="{state}"', painted(tab, "/floor/tiles"))
        later = utcnow() + timedelta(seconds=3 * number)
        wire.paint("floor", re.sub('another"', f'{number}"', re.sub('as-of="[^"]*"', f'as-of="{iso(later)}"', html)))
        expect(tab.locator("#floor-tiles")).to_have_attribute("data-live-version", str(number))
        tab.clock.run_for(3_000)

    heard = tab.evaluate("window.heard")
    assert len(heard) > 1
    assert all(later - earlier >= 10_000 for earlier, later in pairwise(heard))


HEAR = """() => {
  window.heard = [];
  const note = () => window.heard.push(Date.now());
  const line = document.getElementById("live-status");
  new MutationObserver(note).observe(line, { childList: true, characterData: true, subtree: true });
}"""


def test_hundreds_of_paints_leave_the_page_as_light_as_it_was(floor, wire: Wire, tab: Page):
    follow(tab, "/floor", wire)
    html = painted(tab, "/floor/tiles")
    many_paints(tab, wire, html, 20)
    before = weight(tab)

    many_paints(tab, wire, html, 300)

    after = weight(tab)
    assert after["Nodes"] <= 1.05 * before["Nodes"]
    assert after["JSEventListeners"] <= before["JSEventListeners"] + 2


def many_paints(tab: Page, wire: Wire, html: str, count: int) -> None:
    for number in range(count):
        fresh = re.sub('as-of="[^"]*"', f'as-of="{iso(utcnow())}"', html, count=1)
        wire.paint("floor", fresh.replace('"another"', f'"{count}-{number}"', 1).replace("C01", f"C{number}"))
    last = f"{count}-{count - 1}"
    expect(tab.locator("#floor-tiles")).to_have_attribute("data-live-version", last, timeout=30_000)


def weight(tab: Page) -> dict[str, float]:
    """DOM nodes and listeners, after the rubbish was taken out."""
    devtools = tab.context.new_cdp_session(tab)
    devtools.send("HeapProfiler.collectGarbage")
    counted = {one["name"]: one["value"] for one in _metrics(devtools)}
    devtools.detach()
    return counted


def _metrics(devtools) -> list[dict]:
    devtools.send("Performance.enable")
    return list(devtools.send("Performance.getMetrics")["metrics"])
