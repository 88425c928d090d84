"""Why a cell stood: the factory's own reasons, the notes people give, and where the time went."""
