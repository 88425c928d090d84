"""Making a plan from plain values: the shop, a quick first plan, the search for better ones. Nothing here fetches."""
