"""Calendars as an administrator keeps them: shifts, holidays, and which cells follow which."""

from webapp.screens.calendars.days import add, remove
from webapp.screens.calendars.following import follow, follow_one
from webapp.screens.calendars.page import bp
from webapp.screens.calendars.weeks import change, create

__all__ = ["add", "bp", "change", "create", "follow", "follow_one", "remove"]
