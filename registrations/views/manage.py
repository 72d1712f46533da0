"""For staff."""
