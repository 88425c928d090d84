"""What we ship of others: every file is in the manifest, unchanged, under a licence we may ship."""

import hashlib
import json
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENDOR = ROOT / "static" / "vendor"
MANIFEST = json.loads((VENDOR / "manifest.json").read_text())


def test_every_vendored_file_is_the_one_we_looked_at():
    changed = [
        one["file"]
        for one in MANIFEST
        if hashlib.sha256((ROOT / one["file"]).read_bytes()).hexdigest() != one["sha256"]
    ]

    assert changed == []


def test_no_vendored_file_is_missing_from_the_manifest():
    ours = {"manifest.json"}
    packed = {".br", ".gz"}
    files = [path for path in VENDOR.rglob("*") if path.is_file() and path.parent.name != "licences"]
    shipped = {str(path.relative_to(ROOT)) for path in files if path.name not in ours and path.suffix not in packed}

    assert shipped <= {one["file"] for one in MANIFEST}


def test_every_licence_is_one_we_may_ship_and_is_shipped_with_it():
    assert {one["licence"] for one in MANIFEST} <= {"0BSD", "MIT", "OFL-1.1", "Apache-2.0", "MPL-2.0", "ISC"}
    assert {path.stem for path in (VENDOR / "licences").glob("*.txt")} == {
        *("htmx", "plotly.js", "inter", "swagger-ui", "interact.js")
    }
