"""Parallel seminars: first and second choices, and who gets a seat where when they are placed."""
