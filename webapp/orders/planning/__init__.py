"""Making a plan from plain values: the shop, a quick first plan, and the search for better ones. Nothing here fetches."""
