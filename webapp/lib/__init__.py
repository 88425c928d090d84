"""Small tools that know nothing of the factory: time, windows, refusals, tables."""
