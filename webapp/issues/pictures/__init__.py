"""Photos as bytes: whether they are any, how large, and without what else a phone writes into them."""

from webapp.issues.pictures.reading import MOST_BYTES, Picture, read_picture

__all__ = ["MOST_BYTES", "Picture", "read_picture"]
