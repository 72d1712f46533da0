"""Questions about events that have a name."""
