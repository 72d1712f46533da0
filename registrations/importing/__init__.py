"""Participants from a file or a mail: read, checked cell by cell, and taken in all at once."""
