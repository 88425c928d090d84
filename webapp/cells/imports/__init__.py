"""History from files: read line by line, spooled on disk, told to the ledger cell by cell."""
