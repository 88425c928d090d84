"""The guides tell of what there is: every API call has its heading, every link leads somewhere, every command exists.

Settings are compared in test_settings.py.
"""

import re
from pathlib import Path

import click
import pytest
from flask import Flask

ROOT = Path(__file__).resolve().parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "bench").glob("*.md")])
LINK = re.compile(r"\]\(([^)\s]+)\)")
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
HEADING = re.compile(r"^#{1,6} +(.+?)\s*$", re.MULTILINE)
COMMAND = re.compile(r"flask (?:--app webapp )?((?:[a-z]+ ?)+)")
FILE = re.compile(r"`((?:webapp|tests|docs|templates|static|bin|bench|migrations)/[\w./-]+\.(?:py|md|html|sh))`")


def text_of(page: Path) -> str:
    return FENCE.sub("", page.read_text())


def anchors(page: Path) -> set[str]:
    """As a reader's browser names the headings of a page."""
    plain = (re.sub(r"[^\w\s-]", "", heading.lower()).strip() for heading in HEADING.findall(text_of(page)))
    return {re.sub(r"\s", "-", name) for name in plain}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_between_documents_leads_somewhere(page: Path) -> None:
    for link in LINK.findall(text_of(page)):
        path, _, anchor = link.partition("#")
        if "://" in link:
            continue
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), f"{link} leads nowhere"
        assert not anchor or anchor in anchors(target), f"{link} names a heading that is not there"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_file_it_names_is_there(page: Path) -> None:
    assert [name for name in FILE.findall(page.read_text()) if not (ROOT / name).exists()] == []


def test_each_call_of_the_api_has_its_heading_and_no_other(app: Flask) -> None:
    calls = {
        f"{method} {re.sub('<[a-z]+:', '<', rule.rule)}"
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if rule.rule.startswith(("/api", "/health"))
    }

    told = re.findall(r"^### `(.+)`$", (ROOT / "docs" / "api.md").read_text(), re.MULTILINE)

    assert sorted(told) == sorted(calls)


def test_each_command_it_names_exists(app: Flask) -> None:
    named = {words.strip() for page in PAGES for words in COMMAND.findall(page.read_text())}

    assert {"user add", "cell add", "token add"} <= {" ".join(words.split()[:2]) for words in named}
    for words in named:
        assert _finds(app.cli, words.split()), f"there is no flask {words}"


def _finds(group: click.Command, words: list[str]) -> bool:
    """Whether the words lead to a command; those after it are its own."""
    if not isinstance(group, click.Group):
        return True
    command = group.commands.get(words[0]) if words else None
    return command is not None and _finds(command, words[1:])
