"""The schedule of operations on machines."""

from webapp.screens.schedule.door import REGIONS, bp

__all__ = ["REGIONS", "bp"]
