"""Cells added at the shell."""

from dataclasses import replace

import pytest
from flask import Flask

from webapp import cells
from webapp.config import networks


@pytest.fixture
def reaching(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Flask:
    allowed = replace(app.extensions["factory"], cell_networks=networks("127.0.0.0/8:7000-7099"))
    monkeypatch.setitem(app.extensions, "factory", allowed)
    return app


def test_a_cell_that_is_asked(reaching: Flask) -> None:
    words = ["cell", "add", "C01", "--kind", "mill", "--tag", "steel", "--address", "http://127.0.0.1:7000/cell/1"]

    said = reaching.test_cli_runner().invoke(args=words)

    [cell] = cells.all_cells()
    assert said.output == f"C01 is cell {cell.id}.\n"
    assert (cell.site.name, cell.tags, cell.feeds[0].address) == ("Works", ["steel"], "http://127.0.0.1:7000/cell/1")


def test_a_cell_that_reports_by_itself(reaching: Flask) -> None:
    words = ["cell", "add", "C02", "--kind", "lathe", "--heartbeat", "30", "--site", "South Works"]

    reaching.test_cli_runner().invoke(args=words)

    cell = cells.by_name("C02")
    assert cell
    assert (cell.feeds[0].kind, cell.feeds[0].heartbeat, cell.site.name) == ("push", 30, "South Works")


def test_an_address_outside_the_networks_is_refused_by_name(reaching: Flask) -> None:
    words = ["cell", "add", "C03", "--kind", "mill", "--address", "http://127.0.0.1:8000/cell/1"]

    said = reaching.test_cli_runner().invoke(args=words)

    assert said.exit_code == 1
    assert "address" in said.output
    assert cells.all_cells() == []


def test_one_way_to_be_read_is_needed(reaching: Flask) -> None:
    said = reaching.test_cli_runner().invoke(args=["cell", "add", "C04", "--kind", "mill"])

    assert said.exit_code == 2
    assert "one of --address, --heartbeat and --by-hand" in said.output


def test_one_that_people_work_by_hand_takes_only_operations(reaching: Flask) -> None:
    words = ["cell", "add", "C05", "--kind", "bench", "--by-hand", "--takes", "operation"]

    reaching.test_cli_runner().invoke(args=words)

    cell = cells.by_name("C05")
    assert cell
    assert (cell.feeds, cell.takes) == ([], ["operation"])
