"""The invited list of one event."""
