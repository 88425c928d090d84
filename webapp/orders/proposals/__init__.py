"""Plans that the program proposes: asked for, made by the slow worker, looked at, accepted whole or in part."""
