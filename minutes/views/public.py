"""For the public."""
