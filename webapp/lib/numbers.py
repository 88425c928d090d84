"""Whole numbers as addresses, fields and files carry them."""

#: What a number in the database can hold.
LARGEST = 2**31 - 1
#: Digits that Python reads at once: of more it takes its time, or refuses them with an error of its own.
MOST_DIGITS = 18


def whole_in(text: str, most: int = LARGEST, least: int = 0) -> int | None:
    """The number that these digits are, and nothing but digits; None for anything else, and for one out of bounds."""
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS else None
    return number if number is not None and least <= number <= most else None
