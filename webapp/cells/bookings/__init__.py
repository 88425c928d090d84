"""Who will hold a cell, from when to when: what projects, orders and maintenance see of each other."""
