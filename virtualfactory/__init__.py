"""A factory that is not there: N pretend machines that speak the cell protocol (docs/cell-protocol.md) over HTTP.

A program of its own, on the standard library alone; it knows nothing of the product and the product nothing of it.
"""
