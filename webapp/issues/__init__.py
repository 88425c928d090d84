"""Something is wrong: who saw it, what it stops, who has it, and until when."""

__all__: list[str] = []
