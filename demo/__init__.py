"""Scenarios from JSON files through the ordinary services: `flask seed FILE` and `flask demo`."""
