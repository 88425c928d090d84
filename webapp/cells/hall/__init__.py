"""Where the cells of a site stand in the hall, as its administrator drew it."""
