"""How close the tiles of a floor stand: by their number, so that up to 150 cells are seen without scrolling."""

from flask import Flask

#: Up to so many things in the grid, names of bays among them: the class that static/css/dense.css draws them by.
ROOM = ((16, "n-12"), (30, "n-24"), (56, "n-48"), (108, "n-96"), (180, "n-150"))


def attach(app: Flask) -> None:
    app.jinja_env.filters["crowd"] = crowd


def crowd(count: int) -> str:
    """Beyond what fits, tiles stay as small as they can be read, and the page scrolls."""
    return next((name for room, name in ROOM if count <= room), "n-more")
