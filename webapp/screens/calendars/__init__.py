"""Calendars as an administrator keeps them: shifts, holidays, and which cells follow which."""

from webapp.screens.calendars import days, following, weeks
from webapp.screens.calendars.page import bp

__all__ = ["bp", "days", "following", "weeks"]
