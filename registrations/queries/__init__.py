"""Questions about registrations that have a name."""
