"""Maintenance: what is due, under way and asked for; duties, windows and requests, each with its acts."""

from webapp.screens.maintenance import duties, requests, windows
from webapp.screens.maintenance.place import REGIONS, bp, of_cell

__all__ = ["REGIONS", "bp", "duties", "of_cell", "requests", "windows"]
