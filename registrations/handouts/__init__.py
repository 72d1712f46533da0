"""Handouts: the files of an event that those who have a place fetch from their own page."""
