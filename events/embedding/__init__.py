"""Embedding: an event, or what is coming, on other sites' pages."""
