"""Orders and their history from files: read into rows, merged by order, written order by order, exactly once."""
