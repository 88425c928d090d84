"""Who is wanted at a cell: it stands, or somebody called. From when it was seen until it was put right."""
