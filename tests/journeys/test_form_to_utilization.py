"""The main job, end to end: a form gets a cell, the board shows it, utilization counts it, the API says the same."""

import re
import time
from collections.abc import Callable
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import PATIENCE, now_text

SAMPLE = 1  # seconds


@pytest.mark.timeout(240)
def test_a_project_from_its_form_to_the_figure_it_counts_in(person: Callable[[str], Page]) -> None:
    ada, sam, dee = person("ada"), person("sam"), person("dee")
    began = now_text()

    label, cell = create(ada)
    sees_it_run(sam, label)
    counted_from = wait_for_running(sam, cell)
    finish(sam, label)

    ended = now_text()
    page, api = figures(dee, began, ended)
    assert page == api
    assert counted_from > 0
    assert page[cell]["running"] > 0


def create(ada: Page) -> tuple[str, str]:
    """She lands on her own projects, fills in the form, reads what would happen, and gets a cell."""
    assert ada.url.endswith("/projects?mine=1")
    ada.click("a:has-text('New project') >> nth=0")
    wait_for_a_free_cell(ada)
    ada.fill("#cad_model", "s3:plant-models/actuator/housing_r4.step")
    ada.fill("#config", "s3:plant-models/actuator/config.yml")
    ada.fill("#x1", "AlSi10Mg")
    ada.click("button:has-text('Create and dispatch')")
    ada.wait_for_url(re.compile(r"/projects/\d+$"))
    said = ada.locator(".flash", has_text="created").inner_text()
    found = re.search(r"(P-\d+) created and dispatched to (C\d\d)", said)
    assert found, said
    return found[1], found[2]


def wait_for_a_free_cell(ada: Page) -> None:
    """The first samples tell that the machines are idle."""
    until = time.monotonic() + PATIENCE
    while "at once" not in ada.locator("#outlook").inner_text():
        assert time.monotonic() < until, ada.locator("#outlook").inner_text()
        time.sleep(SAMPLE)
        ada.reload()


def sees_it_run(sam: Page, label: str) -> None:
    """Within two sampling periods of being handed over, by the board's own polls; he reloads nothing."""
    assert sam.url.endswith("/board")
    row = sam.locator(f"tr:has(a:text-is('{label}'))")
    expect(row).to_be_visible(timeout=2 * SAMPLE * 1000 + 8000)  # and the board's own poll, every 5 s


def wait_for_running(sam: Page, cell: str) -> int:
    """Setup is over once the cell itself says that it runs."""
    until = time.monotonic() + PATIENCE
    while True:
        rows = sam.request.get("/api/cells").json()["cells"]
        mine = next(row for row in rows if row["name"] == cell)
        if mine["running_seconds"] > 2:
            return int(mine["running_seconds"])
        assert time.monotonic() < until, mine
        time.sleep(SAMPLE)


def finish(sam: Page, label: str) -> None:
    """His own dialog, his own route, ten seconds to take it back; then the cell is free for the next."""
    sam.click(f"a:text-is('{label}') >> nth=0")
    sam.click("a:has-text('Mark finished')")
    sam.click(f"button:has-text('Mark {label} finished')")
    expect(sam.locator(".toast")).to_contain_text("Undo")
    expect(sam.locator("#project-part")).to_contain_text("Finished")


def figures(dee: Page, start: str, end: str) -> tuple[dict[str, object], dict[str, object]]:
    """What her page shows of each cell in that window, and what the API says of the same."""
    assert dee.url.endswith("/utilization")
    dee.goto(f"/utilization?start={quote(start)}&end={quote(end)}")
    shown: dict[str, object] = {}
    for row in dee.locator("table:has(th:text('Maintenance')) tbody tr:has(td[data-seconds])").all():
        numbers = row.locator("td[data-seconds]").all()
        seconds = [int(number.get_attribute("data-seconds") or "-1") for number in numbers]
        share = row.locator("td").first.inner_text()
        shown[row.locator("th a").inner_text()] = {
            "running": seconds[0],
            "unknown": seconds[5],
            "of": seconds[6],
            "share": share,
        }
    answer = dee.request.get(f"/api/cells?start_time={quote(start)}&end_time={quote(end)}").json()
    told = {
        row["name"]: {
            "running": row["running_seconds"],
            "unknown": row["unknown_seconds"],
            "of": row["scheduled_seconds"],
            "share": f"{row['utilization']} %",
        }
        for row in answer["cells"]
    }
    return shown, told
