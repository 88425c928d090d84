"""Work orders as a planner keeps them: the list, one order with its steps, the form, rows from a spreadsheet."""

from flask import Flask

from webapp.screens.orders import acting, listing, one, pasting, words, writing
from webapp.screens.orders.door import bp

REGIONS = (listing.REGION, one.REGION)


def attach(app: Flask) -> None:
    words.attach(app)


__all__ = ["REGIONS", "acting", "attach", "bp", "listing", "one", "pasting", "writing"]
