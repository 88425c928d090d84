"""What a cell is scheduled for: weekly shifts in a local zone, breaks, holidays, and which cells follow which."""
