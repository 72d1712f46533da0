"""Meetings that belong together: a series over months, or the yearly cycle."""
