"""What keeps the product from starting."""


class Problem(Exception):
    """Its text is the one sentence a person needs; bin/run ends with status 2."""
