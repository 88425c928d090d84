"""Dream Factory: software that runs a factory floor. `create_app` is its table of contents."""
