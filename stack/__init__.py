"""What bin/run starts: checks first, then every process of the product, kept running until Ctrl-C.

Nothing of webapp is imported here but its settings: this process must start at once and outlive all others.
"""
