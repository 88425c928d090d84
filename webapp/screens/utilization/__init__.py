"""What a department head reads: use of every cell over a time, with how much of it was really seen.

Every number of the page opens: opening.py answers with its formula and the stretches behind it.
"""

from webapp.screens.utilization.ahead import ahead, ahead_part
from webapp.screens.utilization.door import bp
from webapp.screens.utilization.opening import rows
from webapp.screens.utilization.page import show

__all__ = ["ahead", "ahead_part", "bp", "rows", "show"]
