"""Keeping machines fit: duties by time and by run hours, windows that block a cell, requests from the floor."""

__all__: list[str] = []
