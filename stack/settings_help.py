"""The settings as bin/run --help lists them: read from the page that explains them."""

import re
import textwrap
from pathlib import Path

PAGE = Path(__file__).resolve().parents[1] / "docs" / "settings.md"
SETTING = re.compile(r"^## `(\w+)`\n+(.+?)(?:\n\n|\Z)", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\[([^]]+)\]\([^)]+\)")


def settings_help() -> str:
    """Each setting with the first paragraph it has there."""
    return "settings (environment variables; more in docs/settings.md):\n" + "".join(
        map(_entry, *zip(*settings(), strict=True))
    )


def settings() -> list[tuple[str, str]]:
    """(name, what it does), in the order of the page."""
    return SETTING.findall(PAGE.read_text())


def _entry(name: str, text: str) -> str:
    plain = " ".join(LINK.sub(r"\1", text).replace("`", "").split())
    return f"  {name}\n{textwrap.fill(plain, 88, initial_indent=' ' * 6, subsequent_indent=' ' * 6)}\n"
