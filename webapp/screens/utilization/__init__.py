"""What a department head reads: use of every cell over a time, with how much of it was really seen.

Every number of the page opens: opening.py answers with its formula and the stretches behind it.
"""

from webapp.screens.utilization import opening, page
from webapp.screens.utilization.door import bp

__all__ = ["bp", "opening", "page"]
