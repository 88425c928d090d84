"""docs/api.md has a heading for each route under /api, and for no other."""

import re
from pathlib import Path

CONVERTER = re.compile(r"<(?:[^:>]+:)?([^>]+)>")
PAGE = Path(__file__).resolve().parents[2] / "docs" / "api.md"


def test_each_route_is_a_heading(app):
    routes = {
        method + " " + CONVERTER.sub(r"<\1>", rule.rule)
        for rule in app.url_map.iter_rules()
        for method in rule.methods - {"HEAD", "OPTIONS"}
        if rule.rule.startswith(("/api", "/health"))
    }

    told = set(re.findall(r"^### `([A-Z]+ /\S+)`$", PAGE.read_text(), re.MULTILINE))

    assert told == routes
