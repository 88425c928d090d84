"""Plan for me: asking for a plan, watching how it gets better, and taking of it what is wanted."""

from webapp.screens.proposals.door import bp

__all__ = ["bp"]
