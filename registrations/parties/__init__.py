"""Parties: one contact registers several colleagues of one organisation."""
