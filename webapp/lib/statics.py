"""Scripts, styles and pictures: served for a year under an address that holds a digest of them all.

One digest for the whole folder, not one per file: a style sheet's own relative addresses stay true under it.
"""

import hashlib
import os
from pathlib import Path
from typing import Any

from flask import Flask
from whitenoise import WhiteNoise

FOLDER = Path(__file__).resolve().parents[2] / "static"
A_YEAR = 365 * 86_400
PACKED = (".br", ".gz")  # made from the others when the program is installed


class Shelf(WhiteNoise):  # type: ignore[misc]
    def get_static_file(self, path: str, url: str, stat_cache: dict[str, os.stat_result] | None = None) -> Any:
        """A packed copy older than what it was made from is not served."""
        if stat_cache:
            made = stat_cache[path].st_mtime
            copies = [path + suffix for suffix in PACKED if path + suffix in stat_cache]
            fresh = [path, *(copy for copy in copies if stat_cache[copy].st_mtime >= made)]
            stat_cache = {name: stat_cache[name] for name in fresh}
        return super().get_static_file(path, url, stat_cache)


def attach(app: Flask) -> None:
    """url_for('static', filename=...) leads to /static/<digest>/..."""
    prefix = f"static/{digest(FOLDER)}"
    app.add_url_rule(f"/{prefix}/<path:filename>", "static", build_only=True)
    app.wsgi_app = Shelf(  # type: ignore[method-assign]
        app.wsgi_app, root=FOLDER, prefix=prefix, max_age=A_YEAR, immutable_file_test=lambda path, url: True
    )


def digest(folder: Path) -> str:
    """Names and contents of all files under it, as twelve hexadecimal digits."""
    found = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix not in PACKED:
            content = path.read_bytes()
            found.update(f"{path.relative_to(folder)}\0{len(content)}\0".encode())
            found.update(content)
    return found.hexdigest()[:12]
